import { useState, type FormEvent } from 'react'
import { localTime, moment } from '../../i18n/format'
import { Dialog } from '../../ui/Dialog'
import { Icon } from '../../ui/Icon'
import { useWords } from '../words'
import css from './composer.module.css'
import type { Schedule } from './sending'
import { ahead, presets } from './times'

interface Props {
  ready: boolean
  frozen?: boolean
  /** There is a customer who may write first. */
  unless?: boolean
  send: (schedule: Schedule) => void
}

/** Beside "Send": the letter is said now and leaves later, and perhaps not at all. */
export function Later({ ready, frozen = false, unless = true, send }: Props) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  const chosen = (schedule: Schedule): void => (setOpen(false), send(schedule))
  return (
    <>
      <button className="btn" aria-haspopup="dialog" disabled={!ready && !frozen} aria-disabled={frozen} onClick={() => frozen || setOpen(true)}>
        <Icon name="clock" />
        {t('send_later')}
      </button>
      <Dialog open={open} close={() => setOpen(false)} title={t('send_later')} closeLabel={t('close_dialog')}>
        <Times offered={unless} choose={chosen} />
      </Dialog>
    </>
  )
}

function Times({ offered, choose }: { offered: boolean; choose: (schedule: Schedule) => void }) {
  const { t, language } = useWords()
  const [now] = useState(() => new Date())
  const [unless, setUnless] = useState(false)
  const [typed, setTyped] = useState('')
  const [wrong, setWrong] = useState(false)
  const set = (at: Date): void => choose({ send_after: at.toISOString(), unless_answered: unless })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const at = ahead(typed, new Date())
    if (at) set(at)
    else setWrong(true)
  }
  return (
    <form className="stack" noValidate onSubmit={submit}>
      {offered && (
        <label className={css.check}>
          <input type="checkbox" autoFocus checked={unless} onChange={() => setUnless(!unless)} />
          {t('unless_answered')}
        </label>
      )}
      <div className={css.presets}>
        {presets(now).map(({ name, at }) => (
          <button key={name} type="button" className="btn" onClick={() => set(at)}>
            <span className="grow">{t(name)}</span> <span className="muted">{moment(at.toISOString(), language)}</span>
          </button>
        ))}
      </div>
      <label className="field">
        <span>{t('later_at')}</span>
        <input
          type="datetime-local"
          className="input"
          value={typed}
          min={localTime(now.toISOString())}
          aria-invalid={wrong}
          aria-describedby={wrong ? 'later-problem' : undefined}
          onChange={(event) => (setTyped(event.target.value), setWrong(false))}
        />
      </label>
      {wrong && <p id="later-problem" className="problem" role="alert">{t('later_when')}</p>}
      <p className={`row ${css.right}`}>
        <button className="btn primary" disabled={!typed}>{t('send_then')}</button>
      </p>
    </form>
  )
}
