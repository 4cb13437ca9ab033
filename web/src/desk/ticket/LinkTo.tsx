import { useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { link } from '../../api/desk'
import type { LinkKind, Ticket } from '../../api/types'
import { Dialog } from '../../ui/Dialog'
import { Icon } from '../../ui/Icon'
import { say } from '../../ui/toasts'
import { useWords } from '../words'
import { useRefresh } from './changing'
import { useOther } from './finding'
import { Preview } from './Merge'
import css from './ticket.module.css'

const KINDS: LinkKind[] = ['normal', 'parent', 'child']

/** Says by hand that another ticket has to do with this one, and what it is to it. */
export function LinkTo({ ticket }: { ticket: Ticket }) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  return (
    <>
      <button className="btn tiny" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Icon name="link" />
        {t('link_to')}
      </button>
      <Dialog open={open} close={() => setOpen(false)} title={t('link_title')} closeLabel={t('close_dialog')}>
        <LinkForm ticket={ticket} close={() => setOpen(false)} />
      </Dialog>
    </>
  )
}

function LinkForm({ ticket, close }: { ticket: Ticket; close: () => void }) {
  const { t } = useWords()
  const [typed, setTyped] = useState('')
  const [kind, setKind] = useState<LinkKind>('normal')
  const { found, fit, wrong } = useOther(ticket, typed)
  const { run, busy, problem } = useLinking(ticket, close)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (fit && !busy) void run(fit.number, kind)
  }
  return (
    <form className="stack" onSubmit={submit}>
      <label className="field">
        <span>{t('merge_number')}</span>
        <input className="input mono" value={typed} onChange={(event) => setTyped(event.target.value)} autoFocus autoComplete="off" inputMode="numeric" />
      </label>
      <div aria-live="polite">
        {found && <Preview ticket={found} />}
        {(wrong ?? problem) && <p className="problem">{wrong ?? problem}</p>}
      </div>
      <fieldset className={css.kinds}>
        <legend className="muted small">{t('link_said')}</legend>
        {KINDS.map((each) => (
          <label key={each}>
            <input type="radio" name="kind" checked={each === kind} onChange={() => setKind(each)} />
            {t(`link_${each}`, { number: fit?.number ?? '…' })}
          </label>
        ))}
      </fieldset>
      <p className={`row ${css.right}`}>
        <button type="button" className="btn" onClick={close}>{t('cancel')}</button>
        <button className="btn primary" disabled={!fit || busy}>{t('link')}</button>
      </p>
    </form>
  )
}

function useLinking(ticket: Ticket, close: () => void) {
  const { t, explain } = useWords()
  const cache = useQueryClient()
  const refresh = useRefresh(ticket.number)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const run = async (other: string, kind: LinkKind): Promise<void> => {
    setBusy(true)
    setProblem(null)
    try {
      cache.setQueryData(['ticket', ticket.number], await link(ticket.number, other, kind))
      void cache.invalidateQueries({ queryKey: ['ticket', other] })
      close()
      say(t('linked_to', { number: other }))
    } catch (failure) {
      setProblem(explain(failure))
    } finally {
      setBusy(false)
      await refresh()
    }
  }
  return { run, busy, problem }
}
