import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { lock, unlock } from '../../api/desk'
import type { Ticket } from '../../api/types'
import { useMe } from '../Door'
import { useRefresh } from './changing'

export interface Locking {
  /** Of the lock as she last took it in this tab; only her own act changes it, so nobody sends under a lock unknowingly. */
  epoch: number | null
  standing: Standing
  /** Before she writes: the lock that is hers already, or a new one. */
  start: () => Promise<void>
  take: (takeover?: boolean) => Promise<void>
  release: () => Promise<void>
  /** Something was said under it: it is hers now, whatever happens to the composer. */
  keep: () => void
  /** Nothing was written under a lock that only the opened composer took: colleagues need not take it over. */
  giveBack: () => void
}

/** The lock as the banner and the composer of one ticket both know it. What the desk refuses is thrown. */
export function useLocking(ticket: Ticket): Locking {
  const me = useMe()
  const cache = useQueryClient()
  const refresh = useRefresh(ticket.number)
  const [epoch, setEpoch] = useState<number | null>(null)
  const forWriting = useRef<Promise<void> | null>(null)
  const keep = (): void => void (forWriting.current = null)
  const take = async (takeover = false): Promise<void> => {
    try {
      const held = await lock(ticket.number, takeover)
      setEpoch(held.epoch)
      cache.setQueryData<Ticket>(['ticket', ticket.number], (now) => now && { ...now, lock: held, owner: held.agent })
    } finally {
      await refresh()
    }
  }
  const start = async (): Promise<void> => {
    const mine = ticket.lock?.agent === me.login
    setEpoch(mine ? ticket.lock!.epoch : null)
    if (mine) return
    const taking = take()
    forWriting.current = taking
    await taking
  }
  const release = (): Promise<void> => (keep(), unlock(ticket.number).finally(refresh))
  const giveBack = (): void => {
    const taken = forWriting.current
    keep()
    void taken?.then(release).catch(() => undefined)
  }
  return { epoch, standing: standing(ticket.lock, me.login, epoch), start, take: (takeover) => (keep(), take(takeover)), release, keep, giveBack }
}

/** How the lock stands for whom wants to send: hers as she took it here, taken elsewhere, another's, taken from her, or free. */
export type Standing = 'held' | 'elsewhere' | 'others' | 'lost' | 'free'

export function standing(held: Ticket['lock'], me: string, epoch: number | null): Standing {
  if (!held) return 'free'
  if (held.agent !== me) return epoch === null ? 'others' : 'lost'
  return held.epoch === epoch ? 'held' : 'elsewhere'
}
