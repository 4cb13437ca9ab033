import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { giveBack, lock, unlock } from '../../api/desk'
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
  /** The epoch of the lock that `start` is taking, as soon as it is there: on a slow network words may be ready before. */
  taking: () => Promise<number | null>
  /** Nothing was written after all: a lock that `start` took is given back, once `settled`. */
  leave: (settled: () => Promise<unknown>) => void
}

/** The locks that were taken by opening the composer, in this window, and under which nothing has been sent. */
const opened = new Map<string, Promise<number | null>>()

/** Those that are on their way back: taking one again waits, or the desk might hear of it in the wrong order. */
const returning = new Map<string, Promise<void>>()

/** Who has sent, or has taken the lock by a word of her own, keeps it. */
export const keepLock = (number: string): void => void opened.delete(number)

/** The lock as the banner and the composer of one ticket both know it. What the desk refuses is thrown. */
export function useLocking(ticket: Ticket): Locking {
  const me = useMe()
  const cache = useQueryClient()
  const refresh = useRefresh(ticket.number)
  const [epoch, setEpoch] = useState<number | null>(null)
  const taken = async (takeover: boolean): Promise<number> => {
    const held = await lock(ticket.number, takeover)
    setEpoch(held.epoch)
    cache.setQueryData<Ticket>(['ticket', ticket.number], (now) => now && { ...now, lock: held, owner: held.agent })
    return held.epoch
  }
  const take = async (takeover = false): Promise<void> => {
    keepLock(ticket.number)
    await taken(takeover).finally(refresh)
  }
  const start = async (): Promise<void> => {
    const back = returning.get(ticket.number)
    const mine = !back && ticket.lock?.agent === me.login
    setEpoch(mine ? ticket.lock!.epoch : null)
    if (mine) return
    const taking = Promise.resolve(back).then(() => taken(false))
    opened.set(ticket.number, taking.catch(() => null))
    await taking.finally(refresh)
  }
  const leave = (settled: () => Promise<unknown>): void => {
    const taking = opened.get(ticket.number)
    if (!taking) return
    keepLock(ticket.number)
    setEpoch(null)
    const back = givenBack(ticket.number, taking, settled).catch(() => undefined)
    returning.set(ticket.number, back)
    void back.then(() => returning.delete(ticket.number)).then(refresh)
  }
  const release = (): Promise<void> => unlock(ticket.number).finally(refresh)
  return { epoch, standing: standing(ticket.lock, me.login, epoch), start, take, release, leave, taking: async () => opened.get(ticket.number) ?? null }
}

/** After the draft: the desk keeps a lock under which words stand. Where it does not get through, the lock ends by its time. */
async function givenBack(number: string, taking: Promise<number | null>, settled: () => Promise<unknown>): Promise<void> {
  const epoch = await taking
  await settled()
  if (epoch !== null) await giveBack(number, epoch)
}

/** How the lock stands for whom wants to send: hers as she took it here, taken elsewhere, another's, taken from her, or free. */
export type Standing = 'held' | 'elsewhere' | 'others' | 'lost' | 'free'

export function standing(held: Ticket['lock'], me: string, epoch: number | null): Standing {
  if (!held) return 'free'
  if (held.agent !== me) return epoch === null ? 'others' : 'lost'
  return held.epoch === epoch ? 'held' : 'elsewhere'
}
