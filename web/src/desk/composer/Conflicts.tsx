import type { Article, DraftBody, Ticket } from '../../api/types'
import { moment } from '../../i18n/format'
import { useMe } from '../Door'
import { useAgentNames } from '../Queues'
import { TakeOver } from '../ticket/TakeOver'
import type { Standing } from '../ticket/locking'
import { useWords, type Key } from '../words'
import css from './composer.module.css'
import { isMail, type Kind } from './opening'
import type { Replying } from './replying'
import { answered, answeredElsewhere, newer } from './sending'

const WHY: Record<Standing, Key> = { held: 'lock_lost', elsewhere: 'lock_elsewhere', others: 'cannot_reply_locked', lost: 'lock_lost_to', free: 'lock_free' }

interface Props {
  ticket: Ticket
  kind: Kind
  replying: Replying
  draft: DraftBody
  edit: (part: Partial<DraftBody>) => void
}

/** Why a reply cannot go now, what is new, and what she can do about it. Her text is kept in any case. */
export function Conflicts({ ticket, kind, replying, draft, edit }: Props) {
  const { t } = useWords()
  const problem = replying.problem(kind)
  const trouble = replying.trouble(kind)
  return (
    <div className={css.notices} aria-live="assertive">
      {problem && <p className="notice bad">{problem}</p>}
      {trouble === 'changed' && <p className="notice bad">{t('changed_while_sending')}</p>}
      {isMail(kind) ? <Unlocked ticket={ticket} kind={kind} replying={replying} /> : trouble === 'locked' && draft.next_state && <StateHeld ticket={ticket} kind={kind} replying={replying} edit={edit} />}
      {isMail(kind) && <News ticket={ticket} replying={replying} urgent={trouble === 'newer_article'} written={Boolean(draft.text.trim() || draft.files?.length)} />}
    </div>
  )
}

function Unlocked({ ticket, kind, replying }: Pick<Props, 'ticket' | 'kind' | 'replying'>) {
  const { t, language } = useWords()
  const nameOf = useAgentNames()
  const held = ticket.lock
  const unlocked = replying.unlocked(kind)
  if (!unlocked) return null
  return (
    <p className="notice bad">
      <span>{t(WHY[unlocked], held ? { name: nameOf(held.agent), since: moment(held.since, language) } : {})}</span>
      {held && (unlocked === 'others' || unlocked === 'lost') ? (
        <TakeOver held={held} take={() => void replying.take(kind, true)} />
      ) : (
        <button className="btn tiny" onClick={() => void replying.take(kind, false)}>{t(unlocked === 'held' ? 'take_again' : 'take_it')}</button>
      )}
    </p>
  )
}

/** A note needs no lock, but the state beside it does. */
function StateHeld({ ticket, kind, replying, edit }: Pick<Props, 'ticket' | 'kind' | 'replying' | 'edit'>) {
  const { t, language } = useWords()
  const nameOf = useAgentNames()
  const me = useMe()
  const held = ticket.lock && ticket.lock.agent !== me.login ? ticket.lock : null
  return (
    <p className="notice bad">
      <span>{held ? t('state_held', { name: nameOf(held.agent), since: moment(held.since, language) }) : t('changed_while_sending')}</span>
      {held && <button className="btn tiny" onClick={() => (edit({ next_state: undefined, pending_until: undefined }), replying.forget())}>{t('leave_state')}</button>}
      {held && <TakeOver held={held} take={() => void replying.take(kind, true)} />}
    </p>
  )
}

/** What came after the last article that she has seen. */
function News({ ticket, replying, urgent, written }: Pick<Props, 'ticket' | 'replying'> & { urgent: boolean; written: boolean }) {
  const { t, language } = useWords()
  const me = useMe()
  const nameOf = useAgentNames()
  const letters = newer(ticket, replying.seen)
  const answers = answered(ticket, replying.seen, me.login)
  const own = answeredElsewhere(ticket, replying.seen, me.login)
  const news = letters.length + answers.length + own.length
  if (!urgent && !(news && written)) return null
  return (
    <div className="notice warn">
      {letters.length > 0 && <span>{t('customer_wrote_again', { count: letters.length })}</span>}
      {letters.map((letter) => <Excerpt key={letter.id} of={letter} by="" />)}
      {answers.length > 0 && <span>{t('colleague_answered', { count: answers.length })}</span>}
      {answers.map((answer) => <Excerpt key={answer.id} of={answer} by={nameOf(answer.by ?? '')} />)}
      {own.length > 0 && <span>{t('you_answered', { time: moment(own.at(-1)!.at, language) })}</span>}
      {own.map((answer) => <Excerpt key={answer.id} of={answer} by="" />)}
      {news === 0 && <span>{t('something_new')}</span>}
      <button className="btn tiny" onClick={replying.haveRead}>{t('have_read')}</button>
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
