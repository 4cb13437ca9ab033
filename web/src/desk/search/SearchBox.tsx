import { useQuery } from '@tanstack/react-query'
import { useEffect, useId, useRef, useState } from 'react'
import { suggest } from '../../api/desk'
import { useWords } from '../words'
import css from './search.module.css'
import { goingOn, lastTerm, question } from './typing'

/** The search as it is typed: looked for when the typing pauses, with what it may go on with below (a combobox, ARIA 1.2). */
export function SearchBox({ value, set }: { value: string; set: (q: string) => void }) {
  const { t } = useWords()
  const [typed, type] = useTyped(value, set)
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState(-1)
  const id = useId()
  const choices = useChoices(typed, open)
  const shown = open && choices.length > 0
  const take = (choice: string): void => {
    type(choice.endsWith(':') ? choice : `${choice} `)
    setAt(-1)
  }
  const keys = (event: React.KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setOpen(true)
      if (choices.length) setAt((at + (event.key === 'ArrowDown' ? 1 : -1) + choices.length + (at < 0 && event.key === 'ArrowUp' ? 1 : 0)) % choices.length)
    } else if (event.key === 'Tab' && shown && at >= 0) {
      event.preventDefault()
      take(choices[at]!)
    } else if (event.key === 'Enter') {
      if (shown && at >= 0) take(choices[at]!)
      else leave(event.currentTarget)
    } else if (event.key === 'Escape') {
      event.preventDefault() // browsers empty a search field on Escape
      if (shown) setOpen(false)
      else leave(event.currentTarget)
    }
  }
  const leave = (box: HTMLInputElement): void => {
    set(typed)
    setOpen(false)
    box.blur()
  }
  return (
    <div className={css.box}>
      <input
        id="filter"
        type="search"
        className="input"
        role="combobox"
        aria-expanded={shown}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={shown && at >= 0 ? `${id}-${at}` : undefined}
        aria-label={t('search')}
        placeholder={t('search_hint')}
        value={typed}
        maxLength={500}
        autoComplete="off"
        autoFocus={!value} // whoever comes back steps on through what was found
        onChange={(event) => {
          type(event.target.value)
          setOpen(true)
          setAt(-1)
        }}
        onKeyDown={keys}
        onBlur={() => setOpen(false)}
      />
      <ul className={css.choices} role="listbox" id={id} aria-label={t('search_goes_on')} hidden={!shown}>
        {choices.map((choice, n) => (
          <li key={choice} id={`${id}-${n}`} role="option" aria-selected={n === at} onMouseDown={(event) => { event.preventDefault(); take(choice) }}>
            {choice}
          </li>
        ))}
      </ul>
    </div>
  )
}

function useTyped(value: string, set: (q: string) => void): [string, (text: string) => void] {
  const [typed, setTyped] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  // What comes from elsewhere (a view, the way back) counts; the echo of one's own typing does not.
  const told = useRef(value)
  useEffect(() => {
    if (value !== told.current) setTyped((told.current = value))
  }, [value])
  const type = (text: string): void => {
    setTyped(text)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => set((told.current = text.trim())), 250)
  }
  return [typed, type]
}

function useChoices(typed: string, open: boolean): string[] {
  const term = lastTerm(typed)
  const asked = question(term)
  const { data } = useQuery({
    queryKey: ['suggest', asked?.field, asked?.prefix],
    queryFn: () => suggest(asked!.field, asked!.prefix),
    enabled: open && asked !== null,
    staleTime: 60_000,
    retry: false,
  })
  return open ? goingOn(typed, term, asked ? (data?.suggestions ?? []) : []) : []
}
