import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ApiError } from '../../api/client'
import * as desk from '../../api/desk'
import type { Changes, Ticket } from '../../api/types'
import { say } from '../../ui/toasts'
import { place } from '../list/place'
import { useQueues } from '../Queues'
import { useWords, type Key } from '../words'
import { stateKey } from '../StateBadge'
import { inTurn, underWay } from './turns'

/** Others may write meanwhile: a customer's letter, a colleague, another tab. */
const TRIES = 4

export const isEnded = (state: string): boolean => /^(closed|merged|removed)/.test(state)

/** After any change: the ticket itself now, lists and counts when they are looked at. */
export function useRefresh(number: string): () => Promise<void> {
  const cache = useQueryClient()
  return async () => {
    void cache.invalidateQueries({ queryKey: ['tickets'] })
    void cache.invalidateQueries({ queryKey: ['queues'] })
    await cache.invalidateQueries({ queryKey: ['ticket', number] })
  }
}

export type Change = (changes: Changes) => Promise<boolean>

/** Changes fields, shown at once and taken back when the desk refuses; closing can be undone from the message. */
export function useChange(ticket: Ticket): Change {
  const { t, explain } = useWords()
  const cache = useQueryClient()
  const refresh = useRefresh(ticket.number)
  const handOn = useHandingOn(ticket.number)
  const change: Change = async (changes) => {
    const key = ['ticket', ticket.number]
    void cache.cancelQueries({ queryKey: key }) // what is being read does not know of this change yet
    const before = cache.getQueryData<Ticket>(key) ?? ticket
    const put = (fields: Partial<Ticket>): void => void cache.setQueryData<Ticket>(key, (now) => ({ ...(now ?? before), ...fields }))
    put(changes as Partial<Ticket>)
    try {
      await inTurn(ticket.number, async () => {
        const version = cache.getQueryData<Ticket>(key)?.version ?? before.version
        put({ version: await patched(before, version, changes) })
      })
    } catch (failure) {
      put(Object.fromEntries(Object.keys(changes).map((field) => [field, before[field as keyof Ticket]])))
      say(explain(failure))
      if (!underWay(ticket.number)) await refresh()
      return false
    }
    if (changes.queue && (await handOn(changes.queue))) return true
    if (!underWay(ticket.number)) await refresh()
    if (changes.queue) say(t('moved_to', { queue: changes.queue }))
    if (changes.state && isEnded(changes.state)) {
      say(t('state_is_now', { state: t(stateKey(changes.state) as Key) }), {
        label: t('undo'),
        run: () => void change({ state: before.state as Changes['state'], ...(before.pending_until ? { pending_until: before.pending_until } : {}) }),
      })
    }
    return true
  }
  return change
}

/** A ticket that went to a queue which she does not see is not there any more: says so, and goes to the list. */
function useHandingOn(number: string): (queue: string) => Promise<boolean> {
  const { t } = useWords()
  const cache = useQueryClient()
  const go = useNavigate()
  const seen = useQueues().data?.queues
  return async (queue) => {
    if (!seen || seen.some(({ name }) => name === queue)) return false
    say(t('moved_away', { queue }))
    await go({ to: '/', search: place.search })
    cache.removeQueries({ queryKey: ['ticket', number] })
    ;['tickets', 'queues'].forEach((name) => void cache.invalidateQueries({ queryKey: [name] }))
    return true
  }
}

/** The version it made. Another than was expected is no reason to ask her again, unless the very field was changed by somebody else. */
async function patched(before: Ticket, expected: number, changes: Changes): Promise<number> {
  let version = expected
  for (let left = TRIES; ; left -= 1) {
    try {
      return (await desk.change(before.number, version, changes)).version
    } catch (failure) {
      if (!(failure instanceof ApiError) || failure.reason !== 'changed' || left === 0) throw failure
      const now = await desk.ticket(before.number)
      const fields = Object.keys(changes) as (keyof Changes)[]
      if (fields.some((field) => JSON.stringify(now[field]) !== JSON.stringify(before[field]))) throw failure
      version = now.version
    }
  }
}
