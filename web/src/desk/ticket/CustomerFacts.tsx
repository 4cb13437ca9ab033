import { Link } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { letJoin, sendAway } from '../../api/desk'
import type { Ticket, Undeliverable } from '../../api/types'
import { age, moment } from '../../i18n/format'
import { Icon } from '../../ui/Icon'
import { say } from '../../ui/toasts'
import { badAddress } from '../composer/sending'
import { StateBadge } from '../StateBadge'
import { useWords } from '../words'
import { useRefresh } from './changing'
import { DoubtBadge } from './Doubt'
import { useCustomer } from './query'
import css from './ticket.module.css'

/** Who asks, whether mail reaches him, who else may join, and his other tickets. */
export function CustomerFacts({ ticket }: { ticket: Ticket }) {
  const { t, language } = useWords()
  const { email, name } = ticket.customer
  const { data } = useCustomer(email)
  const others = (data?.tickets ?? []).filter((row) => row.number !== ticket.number && row.state !== 'merged')
  return (
    <>
      {name && <p><bdi>{name}</bdi></p>}
      <p className="muted small cut" title={email}>{email}</p>
      {data?.undeliverable && <Unreachable mark={data.undeliverable} />}
      <Participants ticket={ticket} />
      {others.length > 0 && (
        <>
          <h3 className="muted small">{t('other_tickets', { count: others.length })}</h3>
          <ul className={css.others}>
            {others.slice(0, 8).map((row) => (
              <li key={row.number}>
                <Link to="/tickets/$number" params={{ number: row.number }} className="cut" dir="auto">{row.title || t('no_subject')}</Link>
                {row.doubt === 'forged' ? <DoubtBadge doubt={row.doubt} /> : <StateBadge state={row.state} until={row.pending_until} />}
                <span className="muted small">{age(row.created, language)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

function Unreachable({ mark }: { mark: Undeliverable }) {
  const { t, language } = useWords()
  return (
    <p className={`notice ${mark.permanent ? 'bad' : 'warn'} ${css.unreachable}`}>
      <span className="small">
        <strong>{t(mark.kind === 'complaint' ? 'undeliverable_complaint' : mark.permanent ? 'undeliverable' : 'undeliverable_now')}</strong> {mark.sentence} <span className="muted">{moment(mark.at, language)}</span>
      </span>
    </p>
  )
}

function Participants({ ticket }: { ticket: Ticket }) {
  const { t, explain } = useWords()
  const [adding, setAdding] = useState(false)
  const refresh = useRefresh(ticket.number)
  const act = (deed: Promise<unknown>): Promise<void> => deed.catch((failure) => say(explain(failure))).then(refresh)
  const people = ticket.participants.filter((email) => email !== ticket.customer.email)
  const merged = ticket.state === 'merged'
  const add = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const email = String(new FormData(event.currentTarget).get('email')).trim()
    if (!email || badAddress(email)) return say(t('bad_address'))
    setAdding(false)
    void act(letJoin(ticket.number, email))
  }
  if (merged && !people.length) return null
  return (
    <>
      <h3 className="muted small">{t('participants')}</h3>
      <ul className={css.people} aria-label={t('participants')}>
        {people.map((email) => (
          <li key={email}>
            <span className="small cut" title={email}>{email}</span>
            {ticket.aside.includes(email) && <span className="badge" title={t('aside_why')}>{t('aside')}</span>}
            {!merged && (
              <button className="btn plain icon tiny" aria-label={t('send_away', { email })} title={t('send_away', { email })} onClick={() => void act(sendAway(ticket.number, email))}>
                <Icon name="close" />
              </button>
            )}
          </li>
        ))}
      </ul>
      {adding ? (
        <form className={css.adding} onSubmit={add} onKeyDown={(event) => event.key === 'Escape' && setAdding(false)}>
          <input className="input" name="email" inputMode="email" aria-label={t('participant_email')} placeholder={t('participant_email')} autoComplete="off" autoFocus />
          <button className="btn tiny">{t('add')}</button>
        </form>
      ) : (
        !merged && (
          <button className="btn tiny" title={t('participant_why')} onClick={() => setAdding(true)}>
            <Icon name="plus" />
            {t('participant_add')}
          </button>
        )
      )}
    </>
  )
}
