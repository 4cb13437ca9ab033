import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
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
  const { number } = ticket
  const cache = useQueryClient()
  const [saving, setSaving] = useState<Saving>('clean')
  // What was typed on this screen; for all other kinds the ticket's own draft stands.
  const [typed, setTyped] = useState<Record<string, DraftBody>>({})
  const latest = useRef(typed)
  const waiting = useRef(new Map<string, ReturnType<typeof setTimeout>>())
  const of = (kind: string): DraftBody => latest.current[kind] ?? kept(ticket, kind)
  const put = (kind: string, body: DraftBody): void => {
    latest.current = { ...latest.current, [kind]: body }
    setTyped(latest.current)
  }
  const save = useCallback(
    (kind: string) => {
      clearTimeout(waiting.current.get(kind))
      waiting.current.delete(kind)
      const body = latest.current[kind] ?? EMPTY
      // Whoever comes back before the ticket is fetched again must find these words, not older ones.
      cache.setQueryData<Ticket>(['ticket', number], (known) => known && withDraft(known, kind, body))
      saveDraft(number, kind, body).then(
        () => setSaving('saved'),
        () => setSaving('failed'),
      )
    },
    [cache, number],
  )
  useEffect(() => {
    const timers = waiting.current
    const saveAll = (): void => [...timers.keys()].forEach(save)
    addEventListener('pagehide', saveAll)
    return () => {
      removeEventListener('pagehide', saveAll)
      saveAll()
    }
  }, [save])
  return {
    of,
    saving,
    has: (kind) => Boolean(of(kind).text.trim()),
    edit: (kind, part) => {
      put(kind, { ...of(kind), ...part })
      setSaving('saving')
      clearTimeout(waiting.current.get(kind))
      waiting.current.set(kind, setTimeout(() => save(kind), PAUSE))
    },
    drop: (kind) => {
      clearTimeout(waiting.current.get(kind))
      waiting.current.delete(kind)
      put(kind, EMPTY)
      setSaving('clean')
      cache.setQueryData<Ticket>(['ticket', number], (known) => known && withDraft(known, kind, null))
      void dropDraft(number, kind).catch(() => undefined)
    },
  }
}

function kept(ticket: Ticket, kind: string): DraftBody {
  return { ...EMPTY, ...(ticket.drafts.find((draft) => draft.kind === kind)?.body as Partial<DraftBody> | undefined) }
}

function withDraft(ticket: Ticket, kind: string, body: DraftBody | null): Ticket {
  const others = ticket.drafts.filter((draft) => draft.kind !== kind)
  const mine = body && { kind, at: new Date().toISOString(), body: { ...body } as Record<string, unknown> }
  return { ...ticket, drafts: mine ? [...others, mine] : others }
}
