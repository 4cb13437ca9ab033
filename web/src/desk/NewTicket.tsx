import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState, type FormEvent } from 'react'
import { openTicket } from '../api/desk'
import type { NewTicket as Body } from '../api/types'
import { parseTime } from '../i18n/format'
import { AttachButton, UploadList, useUploads } from '../ui/attachments'
import { CustomerField } from './CustomerField'
import { useMe } from './Door'
import { useQueues } from './Queues'
import { place } from './list/place'
import { STATES } from './list/Toolbar'
import { stateKey } from './StateBadge'
import css from './new-ticket.module.css'
import { badAddress } from './composer/sending'
import { useHolding } from './ticket/undoing'
import { useWords, type Key } from './words'

type Channel = Body['channel']

/** A call that came in, or a mail that the desk writes first. */
export function NewTicket() {
  const { t } = useWords()
  const [channel, setChannel] = useState<Channel>('phone')
  const [customer, setCustomer] = useState({ name: '', email: '' })
  const uploads = useUploads('/uploads')
  const { submit, problem, busy } = useOpening(channel, customer, uploads.ids)
  return (
    <div className={css.page}>
      <title>{`${t('new_ticket')} · Otklik`}</title>
      <form className={`panel ${css.form}`} onSubmit={submit} onKeyDown={sendOnCtrlEnter}>
        <div className="row">
          <h1 className="grow">{t('new_ticket')}</h1>
          <Channels channel={channel} set={setChannel} />
        </div>
        <p className="muted small">{t(channel === 'phone' ? 'phone_hint' : 'email_hint')}</p>
        <CustomerField value={customer} set={setCustomer} />
        <label className="field">
          <span>{t('subject')}</span>
          <input className="input" name="title" required maxLength={200} />
        </label>
        <label className="field">
          <span>{t(channel === 'phone' ? 'what_was_said' : 'your_letter')}</span>
          <textarea className="input" name="text" required rows={8} />
        </label>
        <UploadList uploads={uploads} />
        <Fields />
        {problem && <p className="problem" role="alert">{problem}</p>}
        <div className="row">
          <AttachButton uploads={uploads} />
          <span className="grow" />
          <button className="btn primary" disabled={busy || uploads.busy} title="Ctrl + Enter">
            {t(channel === 'phone' ? 'open_ticket' : 'open_and_send')}
          </button>
        </div>
      </form>
    </div>
  )
}

function Channels({ channel, set }: { channel: Channel; set: (channel: Channel) => void }) {
  const { t } = useWords()
  return (
    <div className={css.channels} role="group" aria-label={t('channel')}>
      {(['phone', 'email'] as const).map((each) => (
        <button key={each} type="button" className="btn" aria-pressed={each === channel} onClick={() => set(each)}>
          {t(`channel_${each}`)}
        </button>
      ))}
    </div>
  )
}

function Fields() {
  const { t } = useWords()
  const me = useMe()
  const queues = (useQueues().data?.queues ?? []).filter((queue) => queue.write !== false)
  const states = STATES.filter((state) => state !== 'new')
  return (
    <div className={css.fields}>
      <Select name="queue" label="queue" chosen={place.search.queue} options={queues.map((queue) => [queue.name, queue.name])} />
      <Select name="state" label="state" options={states.map((state) => [state, t(stateKey(state))])} />
      <Select name="priority" label="priority" options={[['', t('as_queue')], ...[5, 4, 3, 2, 1].map((level): [string, string] => [String(level), t(`priority_${level}` as Key)])]} />
      <Select name="owner" label="owner" options={[[me.login, me.name], ['', t('nobody')]]} />
      <label className="field">
        <span>{t('time_spent')}</span>
        <input className="input" name="time" placeholder={t('time_placeholder')} title={t('time_hint')} />
      </label>
    </div>
  )
}

function Select({ name, label, chosen, options }: { name: string; label: Key; chosen?: string; options: [string, string][] }) {
  const { t } = useWords()
  return (
    <label className="field">
      <span>{t(label)}</span>
      <select className="input" name={name} key={options.length} defaultValue={options.some(([id]) => id === chosen) ? chosen : undefined}>
        {options.map(([id, shown]) => (
          <option key={id} value={id}>{shown}</option>
        ))}
      </select>
    </label>
  )
}

function sendOnCtrlEnter(event: React.KeyboardEvent<HTMLFormElement>): void {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit()
}

function useOpening(channel: Channel, customer: Body['customer'], attachments: string[]) {
  const { t, explain } = useWords()
  const go = useNavigate()
  const holding = useHolding()
  const cache = useQueryClient()
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const once = useRef({ key: '', asked: '' })
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    if (busy) return
    const body = typedBody(new FormData(event.currentTarget), channel, customer, attachments)
    if (body.time_units === undefined) return setProblem(t('bad_time'))
    if (badAddress(customer.email)) return setProblem(t('bad_address'))
    const asked = JSON.stringify(body)
    if (once.current.asked !== asked) once.current = { key: crypto.randomUUID(), asked }
    setBusy(true)
    setProblem(null)
    try {
      const { number, articles } = await openTicket(body, once.current.key)
      void cache.invalidateQueries({ queryKey: ['tickets'] })
      void cache.invalidateQueries({ queryKey: ['queues'] })
      if (articles[0]) holding(number, articles[0], null)
      await go({ to: '/tickets/$number', params: { number } })
    } catch (failure) {
      setProblem(explain(failure))
    } finally {
      setBusy(false)
    }
  }
  return { submit, problem, busy }
}

/** What stands in the form; `time_units` is undefined where what was typed is no time. */
function typedBody(typed: FormData, channel: Channel, customer: Body['customer'], attachments: string[]): Body {
  const of = (name: string): string => String(typed.get(name) ?? '').trim()
  return {
    channel,
    hold: channel === 'email',
    customer,
    attachments,
    queue: of('queue'),
    title: of('title'),
    text: of('text'),
    state: of('state') as Body['state'],
    time_units: of('time') ? (parseTime(of('time')) ?? undefined) : 0,
    ...(of('priority') && { priority: Number(of('priority')) }),
    ...(of('owner') && { owner: of('owner') }),
  }
}
