import type { RefObject } from 'react'
import type { Ticket } from '../../api/types'
import { Icon } from '../../ui/Icon'
import { useWords } from '../words'
import { lettersIn, useBelow } from './below'
import css from './ticket.module.css'

/** Says that letters lie below what is on the screen, and leads to the first of them. */
export function Below({ ticket, talk }: { ticket: Ticket; talk: RefObject<HTMLElement | null> }) {
  const { t } = useWords()
  const below = useBelow(ticket, talk)
  const words = !below ? '' : below.fresh ? t('new_below', { count: below.fresh }) : t('letters_below', { count: below.count })
  const show = (byKey: boolean): void => {
    const first = lettersIn(talk.current!)[below!.to] as HTMLElement | undefined
    first?.scrollIntoView({ block: 'start' })
    if (byKey) first?.focus({ preventScroll: true })
  }
  return (
    <div className={css.below} style={{ bottom: below?.covered ?? 0 }}>
      <span className="hidden" role="status">{below?.fresh ? words : ''}</span>
      {below && (
        // Who clicks while she writes goes on writing.
        <button className="btn" data-fresh={below.fresh > 0 || undefined} onMouseDown={(event) => event.preventDefault()} onClick={(event) => show(event.detail === 0)}>
          {words}
          <Icon name="down" />
        </button>
      )}
    </div>
  )
}
