import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import type { Row } from '../../api/types'
import { age, exactly, moment } from '../../i18n/format'
import { Icon } from '../../ui/Icon'
import { useMe } from '../Door'
import { useAgentNames } from '../Queues'
import { StateBadge } from '../StateBadge'
import { DoubtBadge } from '../ticket/Doubt'
import { useWords, type Key } from '../words'
import css from './list.module.css'

interface Props {
  row: Row
  index: number
  top: number
  current: boolean
  onFocus: (number: string) => void
  onHover: (row: Row) => void
}

export const TicketRow = memo(function TicketRow({ row, index, top, current, onFocus, onHover }: Props) {
  const { t, language } = useWords()
  const sender = row.customer.name || row.customer.email
  return (
    <div
      className={css.row}
      role="row"
      aria-rowindex={index + 2}
      data-unread={row.unread || undefined}
      data-current={current || undefined}
      style={{ transform: `translateY(${top}px)` }}
      onPointerEnter={() => onHover(row)}
    >
      <div role="cell" data-column="priority">
        <Priority value={row.priority} />
      </div>
      <div role="cell" data-column="number" className="mono">
        {row.unread && <span className={css.dot} title={t('unread')} />}
        {row.unread && <span className="hidden">{t('unread')}</span>}
        {row.number}
      </div>
      <div role="cell" data-column="customer" className="cut" dir="auto" title={row.customer.email}>
        {sender}
      </div>
      <div role="cell" data-column="title" className="cut">
        <Subject row={row} onFocus={onFocus} />
      </div>
      <div role="cell" data-column="queue" className="cut muted">{row.queue}</div>
      <div role="cell" data-column="state"><StateBadge state={row.state} until={row.pending_until} /></div>
      <div role="cell" data-column="owner" className="cut"><Holder row={row} /></div>
      <div role="cell" data-column="created" className="muted">
        <time dateTime={row.created} title={exactly(row.created, language)}>{age(row.created, language)}</time>
      </div>
    </div>
  )
})

function Subject({ row, onFocus }: Pick<Props, 'row' | 'onFocus'>) {
  const { t } = useWords()
  return (
    <>
      <Link to="/tickets/$number" params={{ number: row.number }} className={css.open} dir="auto" data-row={row.number} onFocus={() => onFocus(row.number)}>
        {row.title || t('no_subject')}
      </Link>
      {row.article_count > 1 && <span className={css.many} title={t('articles', { count: row.article_count })}>{row.article_count}</span>}
      {row.doubt === 'forged' && <DoubtBadge doubt={row.doubt} />}
      {row.tags.map((tag) => (
        <span key={tag} className="badge">{tag}</span>
      ))}
    </>
  )
}

/** The owner, with the sign of a lock where somebody works on it right now. */
function Holder({ row }: { row: Row }) {
  const { t, language } = useWords()
  const me = useMe()
  const nameOf = useAgentNames()
  if (!row.lock) return <span className="muted" title={row.owner ? nameOf(row.owner) : undefined}>{row.owner && nameOf(row.owner)}</span>
  const mine = row.lock.agent === me.login
  const name = nameOf(row.lock.agent)
  const says = t(mine ? 'locked_by_me_since' : 'locked_by_since', { name, since: moment(row.lock.since, language) })
  return (
    <span className={css.lock} data-mine={mine || undefined} title={says}>
      <Icon name="lock" />
      <span className="cut">{name}</span>
      <span className="hidden">{says}</span>
    </span>
  )
}

const SIGNS: Record<number, string> = { 1: '⇊', 2: '↓', 3: '', 4: '↑', 5: '⇈' }

export function Priority({ value }: { value: number }) {
  const { t } = useWords()
  if (!SIGNS[value]) return <span className="hidden">{t(`priority_${value}` as Key)}</span>
  return (
    <span className={css.priority} data-level={value} title={t(`priority_${value}` as Key)}>
      <span aria-hidden="true">{SIGNS[value]}</span>
      <span className="hidden">{t(`priority_${value}` as Key)}</span>
    </span>
  )
}
