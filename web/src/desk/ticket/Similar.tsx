import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { similar } from '../../api/desk'
import type { Ticket } from '../../api/types'
import { stateKey } from '../StateBadge'
import { useWords } from '../words'
import css from './ticket.module.css'

/** Tickets that speak of the same things: maybe it has been answered before. Those that are linked are named above already. */
export function Similar({ ticket: { number, links } }: { ticket: Pick<Ticket, 'number' | 'links'> }) {
  const { t } = useWords()
  const { data } = useQuery({ queryKey: ['similar', number], queryFn: () => similar(number), staleTime: 300_000, retry: false })
  const linked = new Set(links.map((link) => link.number))
  const rows = data?.tickets.filter((row) => !linked.has(row.number)) ?? []
  if (!rows.length) return null
  return (
    <section>
      <h2>{t('similar')}</h2>
      <ul className={css.similar}>
        {rows.map((row) => (
          <li key={row.number}>
            <Link to="/tickets/$number" params={{ number: row.number }}><bdi>{row.title || t('no_subject')}</bdi></Link>
            <span className="muted small">{' '}<bdi>{row.customer.name || row.customer.email}</bdi>{` · ${t(stateKey(row.state))}`}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
