import { useState } from 'react'
import type { DraftBody, Ticket } from '../../api/types'
import { STATES } from '../list/Toolbar'
import { stateKey } from '../StateBadge'
import { useWords } from '../words'
import css from './composer.module.css'
import { useCustomer } from '../ticket/query'
import { isMail, type Kind } from './opening'
import { recipients } from './recipients'

interface Props {
  kind: Kind
  ticket: Ticket
  draft: DraftBody
  edit: (part: Partial<DraftBody>) => void
  part: 'head' | 'foot'
}

/** Who it goes to (above the text); time, next state and its date (below it). */
export function Details({ part, ...props }: Props) {
  if (part === 'head') return isMail(props.kind) ? <Recipients {...props} /> : null
  return <Outcome {...props} />
}

function Recipients({ kind, ticket, draft, edit }: Omit<Props, 'part'>) {
  const { t } = useWords()
  const { to, cc } = recipients(kind, ticket, draft)
  const [open, setOpen] = useState(kind === 'forward' || Boolean(to || cc))
  const { name, email } = ticket.answer_to ?? ticket.customer
  const undeliverable = useCustomer(email).data?.undeliverable
  const customer = name ? `${name} <${email}>` : email
  if (!open) {
    return (
      <p className={css.to}>
        <span className="muted">{t('to')}</span> <span className="cut">{customer}</span>
        <button className="link" onClick={() => setOpen(true)}>{t('change_recipients')}</button>
        {undeliverable && <span className={`notice warn ${css.undeliverable}`} role="note">{t(undeliverable.kind === 'complaint' ? 'undeliverable_complaint' : undeliverable.permanent ? 'undeliverable_warning' : 'undeliverable_for_now', { email })} {undeliverable.sentence}</span>}
      </p>
    )
  }
  return (
    <div className={css.recipients}>
      <label className="field">
        <span>{t('to')}</span>
        <input className="input" value={draft.to ?? (to || (kind === 'forward' ? '' : customer))} autoFocus={kind === 'forward' && !to} onChange={(event) => edit({ to: event.target.value })} />
      </label>
      <label className="field">
        <span>{t('cc')}</span>
        <input className="input" value={draft.cc ?? cc} onChange={(event) => edit({ cc: event.target.value })} />
      </label>
    </div>
  )
}

const NEXT = STATES.filter((state) => state !== 'new')

function Outcome({ kind, draft, edit }: Omit<Props, 'part'>) {
  const { t } = useWords()
  return (
    <>
      <input
        className={`input ${css.time}`}
        value={draft.time ?? ''}
        aria-label={t('time_spent')}
        title={t('time_hint')}
        placeholder={t('time_placeholder')}
        onChange={(event) => edit({ time: event.target.value })}
      />
      <select className={`input ${css.state}`} aria-label={t('then_state')} title={t('then_state')} value={draft.next_state ?? ''} onChange={(event) => edit({ next_state: event.target.value || undefined })}>
        <option value="">{t(kind === 'reply' ? 'state_as_queue' : 'state_stays')}</option>
        {NEXT.map((state) => (
          <option key={state} value={state}>{t(stateKey(state))}</option>
        ))}
      </select>
      {draft.next_state?.startsWith('pending') && (
        <input
          type="datetime-local"
          className={`input ${css.until}`}
          aria-label={t('pending_until')}
          title={t('pending_default')}
          value={draft.pending_until ?? ''}
          onChange={(event) => edit({ pending_until: event.target.value || undefined })}
        />
      )}
    </>
  )
}
