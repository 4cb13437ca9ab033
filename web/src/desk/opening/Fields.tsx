import { useMe } from '../Door'
import { STATES } from '../list/Toolbar'
import { stateKey } from '../StateBadge'
import { useWords, type Key } from '../words'
import css from './opening.module.css'
import type { Written } from './written'

interface Props {
  written: Written
  edit: (part: Partial<Written>) => void
  queues: string[]
  queue: string | undefined
  invalid: (field: string) => { id: string; 'aria-invalid': boolean }
}

/** Where it goes and how it stands, with the working time. */
export function Fields({ written, edit, queues, queue, invalid }: Props) {
  const { t } = useWords()
  const me = useMe()
  const states = STATES.filter((state) => state !== 'new')
  return (
    <div className={css.fields}>
      <Select label="queue" value={queue ?? ''} set={(name) => edit({ queue: name })} options={queues.map((name) => [name, name])} {...invalid('queue')} />
      <Select label="state" value={written.next_state ?? 'open'} set={(next_state) => edit({ next_state })} options={states.map((state) => [state, t(stateKey(state))])} />
      {written.next_state?.startsWith('pending') && (
        <label className="field">
          <span>{t('pending_until')}</span>
          <input type="datetime-local" className="input" title={t('pending_default')} value={written.pending_until ?? ''} onChange={(event) => edit({ pending_until: event.target.value || undefined })} {...invalid('until')} />
        </label>
      )}
      <Select label="priority" value={written.priority ?? ''} set={(priority) => edit({ priority })} options={[['', t('as_queue')], ...[5, 4, 3, 2, 1].map((level): [string, string] => [String(level), t(`priority_${level}` as Key)])]} />
      <Select label="owner" value={written.owner ?? me.login} set={(owner) => edit({ owner })} options={[[me.login, me.name], ['', t('nobody')]]} />
      <label className="field">
        <span>{t('time_spent')}</span>
        <input className="input" value={written.time ?? ''} onChange={(event) => edit({ time: event.target.value })} placeholder={t('time_placeholder')} title={t('time_hint')} {...invalid('time')} />
      </label>
    </div>
  )
}

interface SelectProps {
  label: Key
  value: string
  set: (value: string) => void
  options: [string, string][]
}

function Select({ label, value, set, options, ...more }: SelectProps) {
  const { t } = useWords()
  return (
    <label className="field">
      <span>{t(label)}</span>
      <select className="input" value={value} onChange={(event) => set(event.target.value)} {...more}>
        {options.map(([id, shown]) => (
          <option key={id} value={id}>{shown}</option>
        ))}
      </select>
    </label>
  )
}
