import type { Ticket } from '../../api/types'
import { moment } from '../../i18n/format'
import { useAgentNames } from '../Queues'
import { TakeOver } from '../ticket/TakeOver'
import type { Standing } from '../ticket/locking'
import { useWords, type Key } from '../words'
import css from './composer.module.css'
import { isMail, type Kind } from './opening'
import type { Replying } from './replying'
import { newer } from './sending'

const WHY: Record<Standing, Key> = { held: 'lock_lost', elsewhere: 'lock_elsewhere', others: 'cannot_reply_locked', lost: 'lock_lost_to', free: 'lock_free' }

interface Props {
  ticket: Ticket
  kind: Kind
  replying: Replying
  written: boolean
}

/** Why a reply cannot go now, what is new, and what she can do about it. Her text is kept in any case. */
export function Conflicts({ ticket, kind, replying, written }: Props) {
  const { t, language } = useWords()
  const { trouble, unlocked, problem } = replying
  const nameOf = useAgentNames()
  const held = ticket.lock
  const letters = isMail(kind) ? newer(ticket, replying.seen) : []
  return (
    <div className={css.notices} aria-live="assertive">
      {problem && <p className="notice bad">{problem}</p>}
      {isMail(kind) && unlocked && (
        <p className="notice bad">
          <span>{t(WHY[unlocked], held ? { name: nameOf(held.agent), since: moment(held.since, language) } : {})}</span>
          {held && (unlocked === 'others' || unlocked === 'lost') ? (
            <TakeOver held={held} take={() => void replying.take(true)} />
          ) : (
            <button className="btn tiny" onClick={() => void replying.take(false)}>{t(unlocked === 'held' ? 'take_again' : 'take_it')}</button>
          )}
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
