import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react'
import { dropDraft, saveDraft } from '../../api/desk'
import type { DraftBody, Ticket } from '../../api/types'

const PAUSE = 800
const EMPTY: DraftBody = { text: '' }

export type Saving = 'clean' | 'saving' | 'saved' | 'failed'

export interface Drafts {
  of: (kind: string) => DraftBody
  has: (kind: string) => boolean
  edit: (kind: string, part: Partial<DraftBody>) => void
  drop: (kind: string) => void
  saving: Saving
}

/** One draft for each kind, saved on the server when the typing pauses, and when the ticket is left. */
export function useDrafts(ticket: Ticket): Drafts {
  const cache = useQueryClient()
  const { number } = ticket
  // What was typed on this screen; for all other kinds the ticket's own draft stands.
  const [typed, setTyped] = useState<Record<string, DraftBody>>({})
  const latest = useRef(typed)
  const of = (kind: string): DraftBody => latest.current[kind] ?? kept(ticket, kind)
  const put = (kind: string, body: DraftBody): void => {
    latest.current = { ...latest.current, [kind]: body }
    setTyped(latest.current)
  }
  const { saving, later, never } = useSaving(number, latest)
  const drop = (kind: string): void => {
    never(kind)
    put(kind, EMPTY)
    cache.setQueryData<Ticket>(['ticket', number], (known) => known && withDraft(known, kind, null))
    void dropDraft(number, kind).catch(() => undefined)
  }
  const edit = (kind: string, part: Partial<DraftBody>): void => {
    put(kind, { ...of(kind), ...part })
    later(kind)
  }
  return { of, saving, drop, edit, has: (kind) => Boolean(of(kind).text.trim() || of(kind).files?.length) }
}

function useSaving(number: string, latest: RefObject<Record<string, DraftBody>>) {
  const cache = useQueryClient()
  const [saving, setSaving] = useState<Saving>('clean')
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>())
  const forget = (kind: string): void => {
    clearTimeout(timers.current.get(kind))
    timers.current.delete(kind)
  }
  const save = useCallback(
    (kind: string) => {
      forget(kind)
      const body = latest.current[kind] ?? EMPTY
      // Whoever comes back before the ticket is fetched again must find these words, not older ones.
      cache.setQueryData<Ticket>(['ticket', number], (known) => known && withDraft(known, kind, body))
      saveDraft(number, kind, body).then(
        () => setSaving('saved'),
        () => setSaving('failed'),
      )
    },
    [cache, number, latest],
  )
  useEffect(() => {
    const waiting = timers.current
    const saveAll = (): void => [...waiting.keys()].forEach(save)
    addEventListener('pagehide', saveAll)
    return () => (removeEventListener('pagehide', saveAll), saveAll())
  }, [save])
  const later = (kind: string): void => {
    forget(kind)
    setSaving('saving')
    timers.current.set(kind, setTimeout(() => save(kind), PAUSE))
  }
  return { saving, later, never: (kind: string) => (forget(kind), setSaving('clean')) }
}

function kept(ticket: Ticket, kind: string): DraftBody {
  return { ...EMPTY, ...(ticket.drafts.find((draft) => draft.kind === kind)?.body as Partial<DraftBody> | undefined) }
}

function withDraft(ticket: Ticket, kind: string, body: DraftBody | null): Ticket {
  const others = ticket.drafts.filter((draft) => draft.kind !== kind)
  const mine = body && { kind, at: new Date().toISOString(), body: { ...body } as Record<string, unknown> }
  return { ...ticket, drafts: mine ? [...others, mine] : others }
}
