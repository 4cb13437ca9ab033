import type { HistoryEvent, Ticket } from '../../api/types'
import { exactly, moment } from '../../i18n/format'
import { useAgentNames } from '../Queues'
import { stateKey } from '../StateBadge'
import { useWords, type Key } from '../words'
import { difference } from './difference'
import css from './ticket.module.css'

export function History({ ticket }: { ticket: Ticket }) {
  const { t, language } = useWords()
  const who = useWho(ticket)
  return (
    <details className={css.history}>
      <summary>{t('history')}</summary>
      <ol>
        {ticket.history.map((event, index) => (
          <li key={index}>
            <time className="muted" dateTime={event.at} title={exactly(event.at, language)}>{moment(event.at, language)}</time> <strong dir="auto">{who(event)}</strong> <Told event={event} />
          </li>
        ))}
      </ol>
    </details>
  )
}

/** Who did it, by name: an agent, the customer, whoever wrote the letter that came in, or the desk by itself. */
function useWho(ticket: Ticket): (event: HistoryEvent) => string {
  const { t } = useWords()
  const nameOf = useAgentNames()
  return (event) => {
    if (event.by === 'customer') return ticket.customer.name || ticket.customer.email || t('customer')
    if (event.by !== 'system') return nameOf(event.by)
    return LETTERS.includes(event.type) ? writerOf(event, ticket) || t('customer') : t('the_desk')
  }
}

const LETTERS = ['EmailCustomer', 'FollowUp']

/** The desk takes letters in; they are their writers' deeds all the same. */
function writerOf({ detail }: HistoryEvent, { articles }: Ticket): string | undefined {
  const letter = articles.find(({ seq, sender }) => seq === detail?.article && sender === 'customer')
  return letter?.from.name || letter?.from.email
}

const PEOPLE = ['OwnerUpdate', 'ResponsibleUpdate']

const TOLD = new Set(['NewTicket', 'EmailCustomer', 'EmailAgent', 'FollowUp', 'SendAnswer', 'SendAutoReply', 'SendAutoFollowUp', 'SendAutoReject', 'AddNote', 'PhoneCallAgent', 'PhoneCallCustomer', 'WebRequestCustomer', 'Forward', 'Move', 'StateUpdate', 'SetPendingTime', 'PriorityUpdate', 'OwnerUpdate', 'ResponsibleUpdate', 'TitleUpdate', 'Lock', 'Unlock', 'TimeAccounting', 'SendCustomerNotification', 'SendAgentNotification', 'TicketLinkAdd', 'Subscribe', 'EmailResend', 'Merged', 'CustomerUpdate', 'SystemRequest'])

function Told({ event }: { event: HistoryEvent }) {
  const { t, language } = useWords()
  const nameOf = useAgentNames()
  const shown = (value: unknown): string => {
    if (value === null || value === undefined) return '–'
    if (PEOPLE.includes(event.type)) return nameOf(String(value))
    if (event.type === 'StateUpdate') return t(stateKey(String(value)))
    if (event.type === 'PriorityUpdate') return t(`priority_${String(value)}` as Key)
    if (event.type === 'SetPendingTime') return moment(String(value), language)
    return Array.isArray(value) ? value.join(', ') : String(value)
  }
  const takenOver = event.type === 'Lock' && event.detail?.taken_over
  const word = takenOver ? t('event_taken_over', { name: nameOf(String(event.old)) }) : event.name === 'tags' ? t('tags') : TOLD.has(event.type) ? t(`event_${event.type}` as Key) : event.type
  const changed = event.name || event.type === 'TimeAccounting'
  return (
    <>
      {word}
      {changed && event.type !== 'Lock' && (
        <span className="muted">
          {': '}
          {difference(event) ?? `${event.name ? `${shown(event.old)} → ` : ''}${shown(event.new)}`}
        </span>
      )}
    </>
  )
}
