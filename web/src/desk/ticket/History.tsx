import type { HistoryEvent, Ticket } from '../../api/types'
import { exactly, moment } from '../../i18n/format'
import { stateKey } from '../StateBadge'
import { useWords, type Key } from '../words'
import css from './ticket.module.css'

export function History({ ticket }: { ticket: Ticket }) {
  const { t, language } = useWords()
  return (
    <details className={css.history}>
      <summary>{t('history')}</summary>
      <ol>
        {ticket.history.map((event, index) => (
          <li key={index}>
            <time className="muted" dateTime={event.at} title={exactly(event.at, language)}>{moment(event.at, language)}</time> <strong>{event.by}</strong> <Told event={event} />
          </li>
        ))}
      </ol>
    </details>
  )
}

const TOLD = new Set(['NewTicket', 'EmailCustomer', 'EmailAgent', 'FollowUp', 'SendAnswer', 'SendAutoReply', 'SendAutoFollowUp', 'SendAutoReject', 'AddNote', 'PhoneCallAgent', 'PhoneCallCustomer', 'WebRequestCustomer', 'Forward', 'Move', 'StateUpdate', 'SetPendingTime', 'PriorityUpdate', 'OwnerUpdate', 'ResponsibleUpdate', 'TitleUpdate', 'Lock', 'Unlock', 'TimeAccounting', 'SendCustomerNotification', 'SendAgentNotification', 'TicketLinkAdd', 'Subscribe', 'EmailResend', 'Merged'])

function Told({ event }: { event: HistoryEvent }) {
  const { t, language } = useWords()
  const shown = (value: unknown): string => {
    if (value === null || value === undefined) return '–'
    if (event.type === 'StateUpdate') return t(stateKey(String(value)))
    if (event.type === 'PriorityUpdate') return t(`priority_${String(value)}` as Key)
    if (event.type === 'SetPendingTime') return moment(String(value), language)
    return Array.isArray(value) ? value.join(', ') : String(value)
  }
  const takenOver = event.type === 'Lock' && event.detail?.taken_over
  const word = takenOver ? t('event_taken_over', { name: String(event.old) }) : TOLD.has(event.type) ? t(`event_${event.type}` as Key) : event.type
  const changed = event.name || event.type === 'TimeAccounting'
  return (
    <>
      {word}
      {changed && event.type !== 'Lock' && (
        <span className="muted">
          {': '}
          {event.name ? `${shown(event.old)} → ` : ''}
          {shown(event.new)}
        </span>
      )}
    </>
  )
}
