import { sendAgain } from '../../api/desk'
import type { Article, Delivery, Ticket } from '../../api/types'
import { exactly } from '../../i18n/format'
import { say } from '../../ui/toasts'
import { useSecondsLeft } from '../held'
import { useAgentNames } from '../Queues'
import { useTold } from '../told'
import { useWords } from '../words'
import { useRefresh } from './changing'
import { leavesAt, overtaken, stoppedBy, useDeliveryWords } from './leaving'
import { useUndo } from './undoing'
import css from './ticket.module.css'

export const LOOKS: Record<string, string> = { delivered: 'ok', due: 'warn', sending: 'warn', unknown: 'warn', delayed: 'warn', failed: 'bad', bounced: 'bad', complained: 'bad' }

/** What did not arrive, or of which nobody knows. */
const AGAIN = ['failed', 'unknown', 'bounced']

/** How far a mail has come; as long as it has not left, it can be stopped. */
export function DeliveryMark({ ticket, article, delivery }: { ticket: Ticket; article: Article; delivery: Delivery }) {
  const { t, language, explain } = useWords()
  const words = useDeliveryWords()
  const told = useTold()
  const refresh = useRefresh(ticket.number)
  const stays = overtaken(ticket, article)
  const undo = useUndo()
  const left = useSecondsLeft(ticket.number, article.id)
  const said = left && delivery.state === 'due' ? t('leaves_in', { count: left }) : words(delivery)
  const again = async (): Promise<void> => {
    await sendAgain(ticket.number, article.id)
      .then(() => say(t('sent_again')))
      .catch((failure) => say(explain(failure)))
    await refresh()
  }
  const detail = [exactly(delivery.at, language), told(delivery.detail ?? '')].filter(Boolean).join('\n')
  return (
    <>
      <span className={`badge ${stays ? '' : LOOKS[delivery.state] ?? ''}`} title={detail}>
        {stays ? t('delivery_cancelled') : said}
      </span>
      {delivery.state === 'due' && !stays && <button className="btn tiny" onClick={() => void undo(ticket.number, article.id)}>{t('undo')}</button>}
      {article.sender === 'agent' && AGAIN.includes(delivery.state) && <button className="btn tiny" onClick={() => void again()}>{t('send_again')}</button>}
    </>
  )
}

/** What will become of a mail that waits for its time, or why one did not leave. */
export function Fate({ ticket, article }: { ticket: Ticket; article: Article }) {
  const said = useFate(ticket, article)
  return said ? <p className={`muted small ${css.fate}`}>{said}</p> : null
}

function useFate(ticket: Ticket, article: Article): string | null {
  const { delivery, unless_answered } = article
  const { t, language } = useWords()
  const nameOf = useAgentNames()
  const told = useTold()
  const at = delivery && leavesAt(delivery)
  if (overtaken(ticket, article)) return t('leaves_not')
  if (at) return t(unless_answered ? 'leaves_unless' : 'leaves_then', { time: exactly(at, language) })
  if (delivery?.state !== 'cancelled') return null
  const by = stoppedBy(delivery.detail ?? '')
  return by === 'customer' ? t('stopped_by_letter') : by ? t('stopped_by', { name: nameOf(by.name) }) : told(delivery.detail ?? '')
}
