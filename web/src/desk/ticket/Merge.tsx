import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState, type FormEvent } from 'react'
import { merge } from '../../api/desk'
import type { Ticket } from '../../api/types'
import { Dialog } from '../../ui/Dialog'
import { say } from '../../ui/toasts'
import { StateBadge } from '../StateBadge'
import { useWords } from '../words'
import { useRefresh } from './changing'
import { domainOf } from './Doubt'
import { useOther } from './finding'
import { dubious, merging, strangers, whose } from './merging'
import css from './ticket.module.css'

/** Asks for a number, shows what lies there, and puts this ticket into it. */
export function Merge({ ticket }: { ticket: Ticket }) {
  const [open, setOpen] = useState(false)
  useEffect(() => merging.listen(() => setOpen(true)), [])
  return open && ticket.state !== 'merged' ? <MergeDialog ticket={ticket} close={() => setOpen(false)} /> : null
}

function MergeDialog({ ticket, close }: { ticket: Ticket; close: () => void }) {
  const { t } = useWords()
  const [typed, setTyped] = useState('')
  const { found, fit, wrong } = useOther(ticket, typed)
  const { run, busy, problem } = useMerging(ticket, close)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (fit && !busy) void run(fit.number)
  }
  return (
    <Dialog open close={close} title={t('merge_title')} closeLabel={t('close_dialog')}>
      <form className="stack" onSubmit={submit}>
        <p className="small muted">{t('merge_hint')}</p>
        <label className="field">
          <span>{t('merge_number')}</span>
          <input className="input mono" value={typed} onChange={(event) => setTyped(event.target.value)} autoFocus autoComplete="off" inputMode="numeric" />
        </label>
        <div aria-live="polite">
          {found && <Preview ticket={found} />}
          {(wrong ?? problem) && <p className="problem">{wrong ?? problem}</p>}
          {fit && <Concerns one={ticket} other={fit} />}
        </div>
        <p className={`row ${css.right}`}>
          <button type="button" className="btn" onClick={close}>{t('cancel')}</button>
          <button className="btn primary" disabled={!fit || busy}>{t('merge')}</button>
        </p>
      </form>
    </Dialog>
  )
}

/** Which ticket is it that has this number? */
export function Preview({ ticket }: { ticket: Ticket }) {
  return (
    <div className={css.preview}>
      <strong>{ticket.title}</strong>
      <span className="muted small">{ticket.customer.name ? `${ticket.customer.name} <${ticket.customer.email}>` : ticket.customer.email}</span>
      <span>
        <StateBadge state={ticket.state} until={ticket.pending_until} /> <span className="muted small">{ticket.queue}</span>
      </span>
    </div>
  )
}

function useMerging(ticket: Ticket, close: () => void) {
  const { t, explain } = useWords()
  const go = useNavigate()
  const cache = useQueryClient()
  const refresh = useRefresh(ticket.number)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const run = async (into: string): Promise<void> => {
    setBusy(true)
    setProblem(null)
    try {
      const survivor = await merge(ticket.number, into)
      cache.setQueryData(['ticket', survivor.number], survivor)
      close()
      say(t('merged_into_number', { number: survivor.number }))
      await go({ to: '/tickets/$number', params: { number: survivor.number } })
    } catch (failure) {
      setProblem(explain(failure))
    } finally {
      setBusy(false)
      await refresh()
    }
  }
  return { run, busy, problem }
}

/** Why one had better look twice. */
function Concerns({ one, other }: { one: Ticket; other: Ticket }) {
  const { t } = useWords()
  const doubted = dubious(one, other)
  return (
    <>
      {strangers(one, other) && <p className="notice warn">{t('merge_strangers', { one: whose(one, other), other: whose(other, one) })}</p>}
      {doubted?.doubt && <p className="notice warn">{t(`merge_doubt_${doubted.doubt}`, { number: doubted.number, email: doubted.customer.email, domain: domainOf(doubted.customer.email) })}</p>}
    </>
  )
}

interface BeforeProps {
  one: Ticket
  other: Ticket
  close: () => void
  merge: () => void
}

/** There is no way back from a merge: where two customers would read each other's letters, or one may be forged, that is asked before. */
export function BeforeMerging({ one, other, close, merge }: BeforeProps) {
  const { t } = useWords()
  return (
    <Dialog open close={close} title={t(strangers(one, other) ? 'merge_strangers_title' : 'merge_doubt_title')} closeLabel={t('close_dialog')}>
      <Preview ticket={other} />
      <Concerns one={one} other={other} />
      <p className={`row ${css.right}`}>
        <button className="btn" autoFocus onClick={close}>{t('cancel')}</button>
        <button className="btn danger" onClick={merge}>{t('merge')}</button>
      </p>
    </Dialog>
  )
}
