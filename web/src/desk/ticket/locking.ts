import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
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
}

/** The lock as the banner and the composer of one ticket both know it. What the desk refuses is thrown. */
export function useLocking(ticket: Ticket): Locking {
  const me = useMe()
  const cache = useQueryClient()
  const refresh = useRefresh(ticket.number)
  const [epoch, setEpoch] = useState<number | null>(null)
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
    if (!mine) await take()
  }
  const release = (): Promise<void> => unlock(ticket.number).finally(refresh)
  return { epoch, standing: standing(ticket.lock, me.login, epoch), start, take, release }
}

/** How the lock stands for whom wants to send: hers as she took it here, taken elsewhere, another's, taken from her, or free. */
export type Standing = 'held' | 'elsewhere' | 'others' | 'lost' | 'free'

export function standing(held: Ticket['lock'], me: string, epoch: number | null): Standing {
  if (!held) return 'free'
  if (held.agent !== me) return epoch === null ? 'others' : 'lost'
  return held.epoch === epoch ? 'held' : 'elsewhere'
}
