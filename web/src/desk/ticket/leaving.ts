import type { Article, Delivery, Ticket } from '../../api/types'
import { moment } from '../../i18n/format'
import { useWords, type Key } from '../words'

const SOON = 60_000

/** The time at which a mail that waits will leave; null where that is now, or it does not wait. */
export function leavesAt({ state, not_before }: Delivery, now = Date.now()): string | null {
  return state === 'due' && not_before && Date.parse(not_before) > now + SOON ? not_before : null
}

/** Whether a mail that leaves unless the customer writes first stays, since he has: it is stopped when its time comes. */
export const overtaken = (ticket: Pick<Ticket, 'last_customer_seq'>, { seq, unless_answered, delivery }: Article): boolean =>
  unless_answered && delivery?.state === 'due' && ticket.last_customer_seq > seq

/** Who stopped a mail: the customer, by writing first; an agent by his login; null where the desk says it otherwise. */
export function stoppedBy(detail: string): { name: string } | 'customer' | null {
  const by = /^stopped by (.+)$/.exec(detail)?.[1]
  return !by ? null : by === 'the customer\'s own letter' ? 'customer' : { name: by }
}

/** How far a mail has come, in a word or two. */
export function useDeliveryWords(): (delivery: Delivery) => string {
  const { t, language } = useWords()
  return (delivery) => {
    const at = leavesAt(delivery)
    return at ? t('delivery_due_at', { time: moment(at, language) }) : t(`delivery_${delivery.state}` as Key)
  }
}
