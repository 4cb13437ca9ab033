import { useEffect, useRef, useState } from 'react'
import { useMe } from '../Door'
import { useAgentNames } from '../Queues'
import { stateKey } from '../StateBadge'
import { useWords } from '../words'
import type { Filter } from './filter'
import css from './list.module.css'

interface Props {
  filter: Filter
  change: (part: Filter) => void
  count: number
  more: boolean
}

export const STATES = ['new', 'open', 'pending reminder', 'pending auto close+', 'pending auto close-', 'closed successful', 'closed unsuccessful'] as const

export function Toolbar({ filter, change, count, more }: Props) {
  const { t } = useWords()
  const me = useMe()
  const nameOf = useAgentNames()
  return (
    <div className={css.tools} role="search">
      <FilterBox value={filter.q ?? ''} set={(q) => change({ q: q || undefined })} />
      <select className="input" aria-label={t('state')} value={filter.state ?? ''} onChange={(event) => change({ state: event.target.value || undefined })}>
        <option value="">{t('not_closed')}</option>
        {STATES.map((state) => (
          <option key={state} value={state}>{t(stateKey(state))}</option>
        ))}
        <option value="closed">{t('closed_all')}</option>
      </select>
      <select className="input" aria-label={t('owner')} value={filter.owner ?? ''} onChange={(event) => change({ owner: event.target.value || undefined })}>
        <option value="">{t('any_owner')}</option>
        <option value={me.login}>{t('mine')}</option>
        <option value="none">{t('nobodys')}</option>
        {filter.owner && ![me.login, 'none'].includes(filter.owner) && <option value={filter.owner}>{nameOf(filter.owner)}</option>}
      </select>
      <span className={css.count} aria-live="polite">
        {t('tickets_shown', { count })}
        {more && '+'}
      </span>
    </div>
  )
}

/** Filters at once, writes into the address bar when the typing pauses. */
function FilterBox({ value, set }: { value: string; set: (q: string) => void }) {
  const { t } = useWords()
  const [typed, setTyped] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => setTyped(value), [value])
  const type = (text: string): void => {
    setTyped(text)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => set(text), 120)
  }
  return (
    <input
      id="filter"
      type="search"
      className="input"
      value={typed}
      placeholder={t('filter_hint')}
      aria-label={t('filter')}
      onChange={(event) => type(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' || event.key === 'Enter') event.currentTarget.blur()
      }}
    />
  )
}
