import type { Ticket } from '../../api/types'
import { moment } from '../../i18n/format'
import { Icon } from '../../ui/Icon'
import { say } from '../../ui/toasts'
import { useMe } from '../Door'
import { useAgentNames } from '../Queues'
import { useWords } from '../words'
import { TakeOver } from './TakeOver'
import { isEnded } from './changing'
import type { Locking } from './locking'
import css from './ticket.module.css'

/** Who works on the ticket, since when and until when; and the way to take it over. */
export function LockBanner({ ticket, locking }: { ticket: Ticket; locking: Locking }) {
  const { t, language, explain } = useWords()
  const me = useMe()
  const nameOf = useAgentNames()
  const act = (deed: Promise<void>): void => void deed.catch((failure) => say(explain(failure)))
  const held = ticket.lock
  if (!held) {
    if (isEnded(ticket.state)) return null
    return (
      <div className={css.lock} role="status">
        <span className="muted">{t('nobody_works_on_it')}</span>
        <button className="btn tiny" onClick={() => act(locking.take())}>{t('take_it')}</button>
      </div>
    )
  }
  const mine = held.agent === me.login
  const times = { name: nameOf(held.agent), since: moment(held.since, language), until: held.until ? moment(held.until, language) : '' }
  return (
    <div className={css.lock} data-held={mine ? 'me' : 'other'} role="status">
      <Icon name="lock" />
      <span>
        {t(mine ? 'you_hold_it' : 'held_by', times)}
        {held.until && ` ${t('held_until', times)}`}
      </span>
      {mine ? (
        <button className="btn tiny" onClick={() => act(locking.release())}>{t('unlock')}</button>
      ) : (
        <TakeOver held={held} take={() => act(locking.take(true))} />
      )}
    </div>
  )
}
