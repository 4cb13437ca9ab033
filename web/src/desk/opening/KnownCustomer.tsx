import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { age } from '../../i18n/format'
import { StateBadge } from '../StateBadge'
import { useCustomer } from '../ticket/query'
import { useWords } from '../words'
import css from './opening.module.css'

const ENDED = /^(closed|merged|removed)/
const MOST = 5

interface Props {
  email: string
  mail: boolean
  /** What he is called, as far as the desk knows. */
  known: (name: string) => void
}

/** What is open for him already, before a second ticket is made of the same matter; and whether mail reaches him. */
export function KnownCustomer({ email, mail, known }: Props) {
  const { t, language } = useWords()
  const { data } = useCustomer(email)
  const name = data?.name
  useEffect(() => {
    if (name) known(name)
  }, [name])
  const open = (data?.tickets ?? []).filter((row) => !ENDED.test(row.state))
  const mark = mail ? data?.undeliverable : null
  return (
    <>
      {mark && <p className="notice warn" role="note">{t(mark.kind === 'complaint' ? 'undeliverable_complaint' : mark.permanent ? 'undeliverable_warning' : 'undeliverable_for_now', { email })} {mark.sentence}</p>}
      {open.length > 0 && (
        <div className={`notice ${css.open}`} role="note">
          <p>{t('open_already', { count: open.length })}</p>
          <ul aria-label={t('open_tickets')}>
            {open.slice(0, MOST).map((row) => (
              <li key={row.number}>
                <Link to="/tickets/$number" params={{ number: row.number }} className="cut">{row.title || t('no_subject')}</Link>
                <StateBadge state={row.state} until={row.pending_until} />
                <span className="muted small">{age(row.created, language)}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  )
}
