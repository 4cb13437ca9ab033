import type { Ticket } from '../../api/types'
import { moment } from '../../i18n/format'
import { useAgentNames } from '../Queues'
import { useWords } from '../words'
import css from './composer.module.css'
import { isMail, type Kind } from './opening'
import type { Replying } from './replying'
import { newer } from './sending'

interface Props {
  ticket: Ticket
  kind: Kind
  replying: Replying
  written: boolean
}

/** Why a reply cannot go now, what is new, and what she can do about it. Her text is kept in any case. */
export function Conflicts({ ticket, kind, replying, written }: Props) {
  const { t, language } = useWords()
  const { trouble, problem } = replying
  const nameOf = useAgentNames()
  const holder = ticket.lock && nameOf(ticket.lock.agent)
  const since = ticket.lock ? moment(ticket.lock.since, language) : ''
  const letters = isMail(kind) ? newer(ticket, replying.seen) : []
  return (
    <div className={css.notices} aria-live="assertive">
      {problem && <p className="notice bad">{problem}</p>}
      {isMail(kind) && (trouble === 'locked' || trouble === 'lock_lost') && (
        <p className="notice bad">
          <span>{t(trouble === 'locked' ? 'cannot_reply_locked' : holder ? 'lock_lost_to' : 'lock_lost', { name: holder ?? '', since })}</span>
          <button className="btn tiny" onClick={() => void replying.takeAgain()}>
            {t(holder ? 'take_over' : 'take_again')}
          </button>
        </p>
      )}
      {letters.length > 0 && (written || trouble === 'newer_article') && (
        <div className="notice warn">
          <span>{t('customer_wrote_again', { count: letters.length })}</span>
          {letters.map((letter) => (
            <blockquote key={letter.id} className={css.excerpt}>
              <span className="muted">{moment(letter.at, language)}</span> {letter.text.slice(0, letter.fold ?? undefined).slice(0, 300)}
            </blockquote>
          ))}
          <button className="btn tiny" onClick={replying.haveRead}>{t('have_read')}</button>
        </div>
      )}
    </div>
  )
}
