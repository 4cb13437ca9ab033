import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react'
import { ApiError } from '../../api/client'
import { dropDraft, saveDraft } from '../../api/desk'
import type { DraftBody, Ticket } from '../../api/types'

const PAUSE = 800
/** A draft that could not be saved is tried again, also when she types no more: in a train the network comes back by itself. */
const AGAIN = 5000
/** Which screen writes a ticket's drafts: what another has left unsaved must not overtake newer words. */
const writers = new Map<string, object>()
const EMPTY: DraftBody = { text: '' }

export type Saving = 'clean' | 'saving' | 'saved' | 'failed'

export interface Drafts {
  of: (kind: string) => DraftBody
  has: (kind: string) => boolean
  /** Is there a word or a file of any kind? */
  any: () => boolean
  edit: (kind: string, part: Partial<DraftBody>) => void
  /** From now on what stands here is this window's, whatever another does to the draft. */
  adopt: (kind: string) => void
  /** It has been said: no longer wanted, here and on the desk. */
  drop: (kind: string) => void
  /** It was said from another window, which has dropped it: what the desk keeps may be newer words. */
  forget: (kind: string) => void
  /** By which the desk knows the draft: it is said once, whoever sends it how often. */
  key: (kind: string) => string
  /** What was said is another draft than these words. */
  renew: (kind: string) => void
  /** What is not saved yet is saved now. */
  settle: () => Promise<unknown>
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
  const { saving, later, never, settle } = useSaving(number, latest)
  const forget = (kind: string): void => {
    never(kind)
    put(kind, EMPTY)
    remember(cache, number, kind, null)
  }
  const drop = (kind: string): void => {
    forget(kind)
    void dropDraft(number, kind).catch(() => undefined)
  }
  const edit = (kind: string, part: Partial<DraftBody>): void => {
    const before = of(kind)
    put(kind, { ...before, key: before.key ?? crypto.randomUUID(), ...part })
    later(kind)
  }
  const adopt = (kind: string): void => void (latest.current[kind] || put(kind, of(kind)))
  const key = (kind: string): string => {
    // Older drafts have none.
    if (!of(kind).key) edit(kind, {})
    return of(kind).key!
  }
  const has = (kind: string): boolean => written(of(kind))
  const any = (): boolean => [...Object.keys(latest.current), ...ticket.drafts.map((each) => each.kind)].some(has)
  return { of, has, any, saving, drop, forget, edit, adopt, key, settle, renew: (kind) => edit(kind, { key: crypto.randomUUID() }) }
}

const written = ({ text, files }: DraftBody): boolean => Boolean(text.trim() || files?.length)

function useSaving(number: string, latest: RefObject<Record<string, DraftBody>>) {
  const cache = useQueryClient()
  const [saving, setSaving] = useState<Saving>('clean')
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>())
  const saved = useRef<Promise<unknown>>(Promise.resolve())
  const forget = (kind: string): void => {
    clearTimeout(timers.current.get(kind))
    timers.current.delete(kind)
  }
  const save = useCallback(
    function save(kind: string): void {
      forget(kind)
      const body = latest.current[kind] ?? EMPTY
      // Whoever comes back before the ticket is fetched again must find these words, not older ones.
      remember(cache, number, kind, body)
      const failed = (failure: unknown): void => {
        setSaving('failed')
        const wanted = writers.get(number) === latest && latest.current[kind] === body && !timers.current.has(kind)
        if (wanted && isPassing(failure)) timers.current.set(kind, setTimeout(() => save(kind), AGAIN))
      }
      saved.current = saveDraft(number, kind, body).then(() => setSaving('saved'), failed)
    },
    [cache, number, latest],
  )
  const saveAll = useCallback((): void => [...timers.current.keys()].forEach(save), [save])
  useEffect(() => {
    writers.set(number, latest)
    addEventListener('pagehide', saveAll)
    return () => (removeEventListener('pagehide', saveAll), saveAll())
  }, [saveAll, number, latest])
  const later = (kind: string): void => {
    forget(kind)
    setSaving('saving')
    timers.current.set(kind, setTimeout(() => save(kind), PAUSE))
  }
  return { saving, later, never: (kind: string) => (forget(kind), setSaving('clean')), settle: () => (saveAll(), saved.current) }
}

const isPassing = (failure: unknown): boolean => failure instanceof ApiError && (failure.status === 0 || failure.status >= 500)

function kept(ticket: Ticket, kind: string): DraftBody {
  return { ...EMPTY, ...(ticket.drafts.find((draft) => draft.kind === kind)?.body as Partial<DraftBody> | undefined) }
}

function remember(cache: QueryClient, number: string, kind: string, body: DraftBody | null): void {
  cache.setQueryData<Ticket>(['ticket', number], (known) => known && withDraft(known, kind, body))
}

function withDraft(ticket: Ticket, kind: string, body: DraftBody | null): Ticket {
  const others = ticket.drafts.filter((draft) => draft.kind !== kind)
  const mine = body && { kind, at: new Date().toISOString(), body: { ...body } as Record<string, unknown> }
  return { ...ticket, drafts: mine ? [...others, mine] : others }
}
