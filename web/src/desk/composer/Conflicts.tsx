import type { Article, Ticket } from '../../api/types'
import { moment } from '../../i18n/format'
import { useMe } from '../Door'
import { useAgentNames } from '../Queues'
import { TakeOver } from '../ticket/TakeOver'
import type { Standing } from '../ticket/locking'
import { useWords, type Key } from '../words'
import css from './composer.module.css'
import { isMail, type Kind } from './opening'
import type { Replying } from './replying'
import { answered, newer } from './sending'

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
  const me = useMe()
  const nameOf = useAgentNames()
  const held = ticket.lock
  const letters = isMail(kind) ? newer(ticket, replying.seen) : []
  const answers = isMail(kind) ? answered(ticket, replying.seen, me.login) : []
  const news = letters.length + answers.length
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
      {((news > 0 && written) || (isMail(kind) && trouble === 'newer_article')) && (
        <div className="notice warn">
          {letters.length > 0 && <span>{t('customer_wrote_again', { count: letters.length })}</span>}
          {letters.map((letter) => <Excerpt key={letter.id} of={letter} by="" />)}
          {answers.length > 0 && <span>{t('colleague_answered', { count: answers.length })}</span>}
          {answers.map((answer) => <Excerpt key={answer.id} of={answer} by={nameOf(answer.by ?? '')} />)}
          {news === 0 && <span>{t('something_new')}</span>}
          <button className="btn tiny" onClick={replying.haveRead}>{t('have_read')}</button>
        </div>
      )}
    </div>
  )
}

function Excerpt({ of, by }: { of: Article; by: string }) {
  const { language } = useWords()
  return (
    <blockquote className={css.excerpt}>
      <span className="muted">{[by, moment(of.at, language)].filter(Boolean).join(', ')}</span> {of.text.slice(0, of.fold ?? undefined).slice(0, 300)}
    </blockquote>
  )
}
