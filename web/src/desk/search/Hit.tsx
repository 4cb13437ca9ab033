import { Link } from '@tanstack/react-router'
import type { Found } from '../../api/types'
import { age, exactly } from '../../i18n/format'
import { Priority } from '../list/TicketRow'
import { useAgentNames } from '../Queues'
import { StateBadge } from '../StateBadge'
import { useWords } from '../words'
import css from './search.module.css'
import { Snippet } from './snippet'

/** A ticket as a list shows it, and below it the part of the letter that fits. */
export function Hit({ hit }: { hit: Found }) {
  const { t, language } = useWords()
  const called = useAgentNames()
  const { ticket, snippet } = hit
  return (
    <li className={css.hit} data-unread={ticket.unread || undefined}>
      <p className={css.line}>
        <Priority value={ticket.priority} />
        <Link to="/tickets/$number" params={{ number: ticket.number }} hash={hit.article ? `article-${hit.article}` : undefined} className={css.open} data-row={ticket.number}>
          {ticket.title || t('no_subject')}
        </Link>
        {ticket.tags.map((tag) => (
          <span key={tag} className="badge">{tag}</span>
        ))}
        <span className="grow" />
        <StateBadge state={ticket.state} until={ticket.pending_until} />
      </p>
      {snippet && <p className={css.snippet}><Snippet html={snippet} /></p>}
      <p className={css.facts}>
        <span className="mono">{ticket.number}</span>
        {` · ${ticket.customer.name || ticket.customer.email} · ${ticket.queue}${ticket.owner ? ` · ${called(ticket.owner)}` : ''} · `}
        <time dateTime={ticket.changed} title={exactly(ticket.changed, language)}>{age(ticket.changed, language)}</time>
      </p>
    </li>
  )
}
