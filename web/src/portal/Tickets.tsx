import type { OwnRow } from '../api/types'
import { age, exactly } from '../i18n/format'
import { State } from './State'
import { Way, paths } from './paths'
import { useWords } from './words'

export function Tickets({ tickets }: { tickets: OwnRow[] }) {
  const { t, language } = useWords()
  return (
    <>
      <title>{t('your_tickets')}</title>
      <div className="row">
        <h1 className="grow">{t('your_tickets')}</h1>
        <Way to={paths.opening} className="btn primary">{t('new_ticket')}</Way>
      </div>
      {tickets.length === 0 && <p className="empty panel">{t('no_tickets')}</p>}
      <ul className="panel list">
        {tickets.map((row) => (
          <li key={row.number}>
            <Way to={paths.ticket(row.number)} className="entry">
              <span className="title" dir="auto" title={row.title}>{row.title || t('no_subject')}</span>
              <State state={row.state} />
              <span className="muted mono">{row.number}</span>
              <time className="muted small" dateTime={row.changed} title={exactly(row.changed, language)}>{age(row.changed, language)}</time>
            </Way>
          </li>
        ))}
      </ul>
    </>
  )
}
