import { TagsInput } from '@mantine/core'
import type { KeyboardEvent, RefObject } from 'react'
import type { Changes, Ticket } from '../../api/types'
import { age, localTime, shownTime } from '../../i18n/format'
import { Icon } from '../../ui/Icon'
import { useMe } from '../Door'
import { useAgentNames, useQueues } from '../Queues'
import { stateKey } from '../StateBadge'
import { STATES } from '../list/Toolbar'
import { useWords, type Key } from '../words'
import { CustomerFacts } from './CustomerFacts'
import { History } from './History'
import { Links } from './Links'
import { Similar } from './Similar'
import type { About } from './about'
import type { Change } from './changing'
import css from './ticket.module.css'

/** The fields of the ticket, each saved as it is changed; the customer; the other tickets; what happened. */
export function TicketSide({ ticket, change, about }: { ticket: Ticket; change: Change; about: About }) {
  const { t, language } = useWords()
  const onKeyDown = (event: KeyboardEvent): void => {
    const dialog = (event.target as Element).closest('dialog') // its Esc is its own
    if (event.key === 'Escape' && about.open && !dialog && !event.defaultPrevented) about.hide()
  }
  return (
    <aside className={css.side} aria-label={t('about_ticket')} data-open={about.open || undefined} onKeyDown={onKeyDown}>
      <div className={css.aboutHead}>
        <h2 className="grow" tabIndex={-1} ref={about.first as RefObject<HTMLHeadingElement>}>{t('about_ticket')}</h2>
        <button className="btn plain icon" aria-label={t('close_dialog')} onClick={about.hide}>
          <Icon name="close" />
        </button>
      </div>
      <div className={css.sideBody}>
        <Fields ticket={ticket} change={change} />
        <Links ticket={ticket} />
        <section>
          <h2>{t('customer')}</h2>
          <CustomerFacts ticket={ticket} />
        </section>
        <section>
          <dl className={css.facts}>
            <dt>{t('opened')}</dt>
            <dd>{age(ticket.created, language)}</dd>
            {Boolean(ticket.time_units) && <dt>{t('time_spent')}</dt>}
            {Boolean(ticket.time_units) && <dd>{shownTime(ticket.time_units!)}</dd>}
          </dl>
        </section>
        <Similar ticket={ticket} />
        <History ticket={ticket} />
      </div>
    </aside>
  )
}

function Fields({ ticket, change }: { ticket: Ticket; change: Change }) {
  const { t } = useWords()
  const queues = useQueues().data?.targets ?? []
  const names = queues.includes(ticket.queue) ? queues : [ticket.queue, ...queues]
  const states = STATES.includes(ticket.state as (typeof STATES)[number]) ? STATES : [ticket.state, ...STATES]
  return (
    <section className={css.fields}>
      <Choice label="queue" value={ticket.queue} options={names.map((name) => [name, name])} set={(queue) => change({ queue })} />
      <Choice label="priority" value={String(ticket.priority)} options={[5, 4, 3, 2, 1].map((level) => [String(level), t(`priority_${level}` as Key)])} set={(level) => change({ priority: Number(level) })} />
      <Choice label="state" value={ticket.state} options={states.map((state) => [state, t(stateKey(state))])} set={(state) => change(stateChange(state))} />
      {ticket.pending_until && <PendingUntil key={ticket.pending_until} ticket={ticket} change={change} />}
      <Choice label="owner" value={ticket.owner ?? ''} options={useOwners(ticket)} set={(owner) => change({ owner: owner || null })} />
      <label className="field">
        <span id="tags-label">{t('tags')}</span>
        <TagsInput aria-labelledby="tags-label" size="xs" classNames={{ input: css.tags }} value={ticket.tags} onChange={(tags) => void change({ tags })} clearable={false} maxTags={20} />
      </label>
    </section>
  )
}

const DAY = 86_400_000

/** A pending state needs its time; tomorrow for a reminder, a week for closing, both to be changed right below. */
function stateChange(chosen: string): Parameters<Change>[0] {
  const state = chosen as Changes['state'] // the select offers no other
  if (!chosen.startsWith('pending')) return { state }
  const days = chosen === 'pending reminder' ? 1 : 7
  return { state, pending_until: new Date(Date.now() + days * DAY).toISOString() }
}

function PendingUntil({ ticket, change }: { ticket: Ticket; change: Change }) {
  const { t } = useWords()
  const save = (value: string): void => {
    if (value && Date.parse(value) !== Date.parse(ticket.pending_until!)) void change({ pending_until: new Date(value).toISOString() })
  }
  return (
    <label className="field">
      <span>{t('pending_until')}</span>
      <input type="datetime-local" className="input" defaultValue={localTime(ticket.pending_until!)} onBlur={(event) => save(event.target.value)} />
    </label>
  )
}

function useOwners(ticket: Ticket): [string, string][] {
  const { t } = useWords()
  const me = useMe()
  const nameOf = useAgentNames()
  const queue = useQueues().data?.queues.find((each) => each.name === ticket.queue)
  const known = new Map((queue?.agents ?? []).map((agent) => [agent.login, agent.name]))
  if (!known.has(me.login)) known.set(me.login, me.name)
  if (ticket.owner && !known.has(ticket.owner)) known.set(ticket.owner, nameOf(ticket.owner))
  return [['', t('nobody')], ...known]
}

interface ChoiceProps {
  label: Key
  value: string
  options: [string, string][]
  set: (value: string) => void
}

function Choice({ label, value, options, set }: ChoiceProps) {
  const { t } = useWords()
  return (
    <label className="field">
      <span>{t(label)}</span>
      <select className="input" value={value} onChange={(event) => set(event.target.value)}>
        {options.map(([id, name]) => (
          <option key={id} value={id}>{name}</option>
        ))}
      </select>
    </label>
  )
}
