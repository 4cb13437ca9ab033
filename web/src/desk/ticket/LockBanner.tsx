import { useState } from 'react'
import { lock, unlock } from '../../api/desk'
import type { Ticket } from '../../api/types'
import { moment } from '../../i18n/format'
import { Dialog } from '../../ui/Dialog'
import { Icon } from '../../ui/Icon'
import { say } from '../../ui/toasts'
import { useMe } from '../Door'
import { useAgentNames } from '../Queues'
import { useWords } from '../words'
import { isEnded, useRefresh } from './changing'
import css from './ticket.module.css'

/** Who works on the ticket, since when and until when; and the way to take it over. */
export function LockBanner({ ticket }: { ticket: Ticket }) {
  const { t, language, explain } = useWords()
  const me = useMe()
  const nameOf = useAgentNames()
  const [asking, setAsking] = useState(false)
  const refresh = useRefresh(ticket.number)
  const act = async (deed: () => Promise<unknown>): Promise<void> => {
    setAsking(false)
    await deed().catch((failure) => say(explain(failure)))
    await refresh()
  }
  const held = ticket.lock
  if (!held) {
    if (isEnded(ticket.state)) return null
    return (
      <div className={css.lock} role="status">
        <span className="muted">{t('nobody_works_on_it')}</span>
        <button className="btn tiny" onClick={() => void act(() => lock(ticket.number))}>{t('take_it')}</button>
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
        <button className="btn tiny" onClick={() => void act(() => unlock(ticket.number))}>{t('unlock')}</button>
      ) : (
        <button className="btn tiny" onClick={() => setAsking(true)}>{t('take_over')}</button>
      )}
      {asking && <TakeOver times={times} close={() => setAsking(false)} take={() => void act(() => lock(ticket.number, true))} />}
    </div>
  )
}

function TakeOver({ times, close, take }: { times: Record<string, string>; close: () => void; take: () => void }) {
  const { t } = useWords()
  return (
    <Dialog open close={close} title={t('take_over_title', times)} closeLabel={t('close_dialog')}>
      <p>{t('take_over_text', times)}</p>
      <p className="row" style={{ justifyContent: 'flex-end' }}>
        <button className="btn" onClick={close}>{t('cancel')}</button>
        <button className="btn primary" autoFocus onClick={take}>{t('take_over')}</button>
      </p>
    </Dialog>
  )
}
