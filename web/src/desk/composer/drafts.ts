import { useCallback, useEffect, useRef, useState } from 'react'
import { dropDraft, saveDraft } from '../../api/desk'
import type { DraftBody, Ticket } from '../../api/types'

const PAUSE = 800
const EMPTY: DraftBody = { text: '' }

export type Saving = 'clean' | 'saving' | 'saved' | 'failed'

interface Drafts {
  of: (kind: string) => DraftBody
  has: (kind: string) => boolean
  edit: (kind: string, part: Partial<DraftBody>) => void
  drop: (kind: string) => void
  saving: Saving
}

/** One draft for each kind, saved on the server when the typing pauses, and when the ticket is left. */
export function useDrafts(ticket: Ticket): Drafts {
  const [drafts, setDrafts] = useState(() => kept(ticket))
  const [saving, setSaving] = useState<Saving>('clean')
  const latest = useRef(drafts)
  const waiting = useRef(new Map<string, ReturnType<typeof setTimeout>>())
  const { number } = ticket
  const save = useCallback(
    (kind: string) => {
      clearTimeout(waiting.current.get(kind))
      waiting.current.delete(kind)
      saveDraft(number, kind, latest.current[kind] ?? EMPTY).then(
        () => setSaving('saved'),
        () => setSaving('failed'),
      )
    },
    [number],
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
  const put = (kind: string, body: DraftBody): void => {
    latest.current = { ...latest.current, [kind]: body }
    setDrafts(latest.current)
  }
  return {
    saving,
    of: (kind) => drafts[kind] ?? EMPTY,
    has: (kind) => Boolean(drafts[kind]?.text.trim()),
    edit: (kind, part) => {
      put(kind, { ...(latest.current[kind] ?? EMPTY), ...part })
      setSaving('saving')
      clearTimeout(waiting.current.get(kind))
      waiting.current.set(kind, setTimeout(() => save(kind), PAUSE))
    },
    drop: (kind) => {
      clearTimeout(waiting.current.get(kind))
      waiting.current.delete(kind)
      put(kind, EMPTY)
      setSaving('clean')
      void dropDraft(number, kind).catch(() => undefined)
    },
  }
}

const kept = (ticket: Ticket): Record<string, DraftBody> =>
  Object.fromEntries(ticket.drafts.map((draft) => [draft.kind, { ...EMPTY, ...(draft.body as Partial<DraftBody>) }]))
