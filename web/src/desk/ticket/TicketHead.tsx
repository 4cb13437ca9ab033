import { Link } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import type { Ticket } from '../../api/types'
import { Icon } from '../../ui/Icon'
import { say } from '../../ui/toasts'
import { StateBadge } from '../StateBadge'
import { place } from '../list/place'
import { useWords } from '../words'
import type { About } from './about'
import { isEnded, type Change } from './changing'
import css from './ticket.module.css'

export function TicketHead({ ticket, change, about }: { ticket: Ticket; change: Change; about: About }) {
  const { t } = useWords()
  const [editing, setEditing] = useState(false)
  const copy = (): void => void navigator.clipboard?.writeText(ticket.number).then(() => say(t('number_copied')))
  return (
    <header className={css.head}>
      <BackToList />
      {editing ? (
        <TitleForm title={ticket.title} done={() => setEditing(false)} save={(title) => change({ title })} />
      ) : (
        <h1 id="ticket-title" className="cut">
          <button className={css.title} dir="auto" title={t('change_title')} onClick={() => setEditing(true)}>
            {ticket.title || t('no_subject')}
          </button>
        </h1>
      )}
      <button ref={about.opener} className={`btn plain icon ${css.more}`} aria-label={t('about_ticket')} title={t('about_ticket')} onClick={about.show}>
        <Icon name="info" />
      </button>
      <button className={`btn plain tiny mono ${css.number}`} title={t('copy_number')} onClick={copy}>
        {ticket.number}
      </button>
      <StateBadge state={ticket.state} until={ticket.pending_until} />
      <span className="grow" />
      {isEnded(ticket.state) ? (
        <button className="btn" onClick={() => void change({ state: 'open' })} disabled={!ticket.state.startsWith('closed')}>
          {t('reopen')}
        </button>
      ) : (
        <button className="btn" title={`${t('key_close')} (e)`} onClick={() => void change({ state: 'closed successful' })}>
          {t('close_ticket')}
        </button>
      )}
    </header>
  )
}

interface TitleFormProps {
  title: string
  done: () => void
  save: (title: string) => Promise<boolean>
}

function TitleForm({ title, done, save }: TitleFormProps) {
  const { t } = useWords()
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const typed = String(new FormData(event.currentTarget).get('title')).trim()
    if (typed && typed !== title) void save(typed)
    done()
  }
  return (
    <form className={css.titleForm} onSubmit={submit} onKeyDown={(event) => event.key === 'Escape' && done()}>
      <h1 id="ticket-title" className="hidden">{title}</h1>
      <input className="input" name="title" dir="auto" defaultValue={title} maxLength={200} aria-label={t('subject')} autoFocus />
      <button className="btn primary">{t('save')}</button>
      <button className="btn plain" type="button" onClick={done}>{t('cancel')}</button>
    </form>
  )
}

function BackToList() {
  const { t } = useWords()
  return (
    <Link to="/" search={place.search} className="btn plain icon" aria-label={t('to_the_list')} title={`${t('to_the_list')} (u)`}>
      <Icon name="back" />
    </Link>
  )
}
