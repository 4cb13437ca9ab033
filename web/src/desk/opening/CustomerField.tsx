import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { customers } from '../../api/desk'
import type { Person } from '../../api/types'
import css from './opening.module.css'
import { usePaused } from './paused'
import { useWords } from '../words'

const PAUSE = 120 // the desk reads all customers for an answer

interface Props {
  value: Person
  set: (person: Person) => void
  /** One of those who are known. */
  chosen: (person: Person) => void
  /** The address stands there. */
  leave: () => void
  id: string
  'aria-invalid': boolean
}

/** The address with those customers below it who are known and fit; choosing one fills in the name. */
export function CustomerField({ value, set, chosen, leave, ...more }: Props) {
  const { t } = useWords()
  const list = useId()
  const { found, at, open, close, press } = useChoosing(value.email, chosen)
  return (
    <div className={css.customer}>
      <label className="field">
        <span>{t('customer_email')}</span>
        <input
          className="input"
          inputMode="email"
          autoComplete="off"
          autoFocus
          role="combobox"
          aria-expanded={found.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={found[at] ? `${list}-${at}` : undefined}
          value={value.email}
          onChange={(event) => (set({ ...value, email: event.target.value }), open())}
          onKeyDown={press}
          onBlur={() => (close(), leave())}
          {...more}
        />
      </label>
      <Found id={list} people={found} at={at} choose={chosen} />
      <label className="field">
        <span>{t('customer_name')}</span>
        <input className="input" autoComplete="off" value={value.name} onChange={(event) => set({ ...value, name: event.target.value })} />
      </label>
    </div>
  )
}

function Found({ id, people, at, choose }: { id: string; people: Person[]; at: number; choose: (person: Person) => void }) {
  const { t } = useWords()
  return (
    <ul id={id} role="listbox" aria-label={t('known_customers')} className={css.found} hidden={!people.length}>
      {people.map((person, index) => (
        <li key={person.email} id={`${id}-${index}`} role="option" aria-selected={index === at} onMouseDown={() => choose(person)}>
          {person.name} <span className="muted">{person.email}</span>
        </li>
      ))}
    </ul>
  )
}

/** The list below the field: what fits, which one the arrows stand at. A click outside closes it, one inside chose before. */
function useChoosing(email: string, choose: (person: Person) => void) {
  const [shown, setShown] = useState(false)
  const [at, setAt] = useState(-1)
  const typed = usePaused(email.trim(), PAUSE)
  const { data } = useQuery({ queryKey: ['customers', typed], queryFn: () => customers(typed), enabled: typed.length > 1, placeholderData: (before) => before, retry: false })
  const found = shown && typed.length > 1 ? (data?.customers ?? []).slice(0, 8) : []
  const close = (): void => (setShown(false), setAt(-1))
  const press = (event: React.KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setAt(Math.min(found.length - 1, at + 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(-1, at - 1))
    else if (event.key === 'Escape') close()
    else if (event.key === 'Enter' && found[at] && !event.ctrlKey) (choose(found[at]), close())
    else return
    event.preventDefault()
  }
  return { found, at, close, press, open: () => (setShown(true), setAt(-1)) }
}
