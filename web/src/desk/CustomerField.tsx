import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useId, useState } from 'react'
import { customers } from '../api/desk'
import type { Person } from '../api/types'
import css from './new-ticket.module.css'
import { useWords } from './words'

/** The address with those customers below it who are known and fit; choosing one fills in the name. */
export function CustomerField({ value, set }: { value: Person; set: (person: Person) => void }) {
  const { t } = useWords()
  const list = useId()
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState(-1)
  const typed = useDeferredValue(value.email.trim())
  const { data } = useQuery({ queryKey: ['customers', typed], queryFn: () => customers(typed), enabled: typed.length > 1, placeholderData: (before) => before, retry: false })
  const found = open && typed.length > 1 ? (data?.customers ?? []).slice(0, 8) : []
  const choose = (person: Person): void => {
    set({ name: person.name, email: person.email })
    setOpen(false)
    setAt(-1)
  }
  const key = (event: React.KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setAt(Math.min(found.length - 1, at + 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(-1, at - 1))
    else if (event.key === 'Escape') setOpen(false)
    else if (event.key === 'Enter' && found[at] && !event.ctrlKey) choose(found[at])
    else return
    event.preventDefault()
  }
  return (
    <div className={css.customer}>
      <label className="field">
        <span>{t('customer_email')}</span>
        <input
          className="input"
          type="text"
          inputMode="email"
          autoComplete="off"
          autoFocus
          required
          role="combobox"
          aria-expanded={found.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={found[at] ? `${list}-${at}` : undefined}
          value={value.email}
          onChange={(event) => (set({ ...value, email: event.target.value }), setOpen(true), setAt(-1))}
          onKeyDown={key}
          onBlur={() => setTimeout(() => setOpen(false), 150)}
        />
      </label>
      <ul id={list} role="listbox" aria-label={t('known_customers')} className={css.found} hidden={!found.length}>
        {found.map((person, index) => (
          <li key={person.email} id={`${list}-${index}`} role="option" aria-selected={index === at} onMouseDown={() => choose(person)}>
            {person.name} <span className="muted">{person.email}</span>
          </li>
        ))}
      </ul>
      <label className="field">
        <span>{t('customer_name')}</span>
        <input className="input" autoComplete="off" value={value.name} onChange={(event) => set({ ...value, name: event.target.value })} />
      </label>
    </div>
  )
}
