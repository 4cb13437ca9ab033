/** What of a long ticket lies below what is on the screen: how many letters, and how far to go on when the room for them shrinks. */
import { useEffect, useRef, useState, type RefObject } from 'react'
import type { Ticket } from '../../api/types'
import { voice } from './voice'

/** A letter is below as long as not even its head is on the screen. */
const HEAD = 32

/** The index of the first one that is below `edge`; as many as there are where none is. */
export function firstBelow(tops: number[], edge: number): number {
  let from = tops.length
  while (from > 0 && tops[from - 1]! > edge - HEAD) from -= 1
  return from
}

/** Where the last letter and the room for letters stand on the screen, from top to bottom. */
interface Room {
  top: number
  edge: number
}

/**
 * How far to scroll down when the room ends higher than before: what was read at the end stays in sight, and a letter
 * that fits keeps its beginning. Who reads further above is left alone.
 */
export function goesOn(last: Room, room: Room, before: number): number {
  const lost = before - room.edge
  if (lost <= 0 || last.top > before - HEAD) return 0
  const fits = last.edge - last.top <= room.edge - room.top
  if (!fits && last.edge <= before) return lost
  return Math.max(0, Math.min(lost, last.top - room.top))
}

export interface Below {
  /** The first of them; of the new ones where there are any. */
  to: number
  count: number
  /** How many of these have come since she looked at the end. */
  fresh: number
  /** How much of the screen's end something else covers: on a phone, the composer. */
  covered: number
}

/** `talk` holds the list of the articles, and stands beside the composer. */
export function useBelow(ticket: Ticket, talk: RefObject<HTMLElement | null>): Below | null {
  const [below, setBelow] = useState<Below | null>(null)
  const known = useRef(ticket.articles.length)
  const latest = useRef(ticket.articles)
  const measure = useRef((): void => undefined)
  useEffect(() => {
    latest.current = ticket.articles
    measure.current()
  }, [ticket.articles])
  useEffect(() => {
    const area = talk.current!
    let { edge: before } = roomOf(area)
    const look = (): void => {
      const { edge, covered } = roomOf(area)
      before = edge
      const from = firstBelow(lettersIn(area).map((each) => each.getBoundingClientRect().top), edge)
      known.current = Math.max(known.current, from)
      const count = (since: number): number => latest.current.slice(since).filter((each) => voice(each) !== 'auto').length
      const [all, fresh] = [count(from), count(Math.max(from, known.current))]
      const found = { to: fresh ? Math.max(from, known.current) : from, count: all, fresh, covered }
      setBelow((old) => (!found.count ? null : JSON.stringify(old) === JSON.stringify(found) ? old : found))
    }
    const fit = (): void => {
      const last = lastIn(area)?.getBoundingClientRect()
      if (last) scrollerOf(area).scrollTop += goesOn({ top: last.top, edge: last.bottom }, roomOf(area), before)
      look()
    }
    measure.current = look
    return watching(area, fit, look)
  }, [talk])
  return below
}

/** Of a ticket's letters alone: the composer beside them is another element when it opens. */
function watching(area: HTMLElement, resized: () => void, scrolled: () => void): () => void {
  const sizes = new ResizeObserver(resized)
  const observe = (): void => [area, area.firstElementChild, area.nextElementSibling].forEach((each) => each && sizes.observe(each))
  const parts = new MutationObserver(observe)
  const talk = area.parentElement!
  observe()
  parts.observe(talk, { childList: true })
  talk.parentElement!.addEventListener('scroll', scrolled, { capture: true, passive: true })
  return () => {
    sizes.disconnect()
    parts.disconnect()
    talk.parentElement!.removeEventListener('scroll', scrolled, { capture: true })
  }
}

/** On a phone the whole ticket scrolls, below the composer. */
const scrollerOf = (area: HTMLElement): HTMLElement => (getComputedStyle(area).overflowY === 'visible' ? area.parentElement!.parentElement! : area)

export const lettersIn = (area: HTMLElement): Element[] => [...area.querySelectorAll(':scope > ol > li')]

/** The last word: what the desk has said by itself does not count. */
export const lastIn = (area: HTMLElement): Element | undefined => lettersIn(area).findLast((each) => !each.querySelector('[data-voice=auto]'))

function roomOf(area: HTMLElement): Room & { covered: number } {
  const { top, bottom } = scrollerOf(area).getBoundingClientRect()
  const edge = Math.min(bottom, area.nextElementSibling?.getBoundingClientRect().top ?? bottom)
  return { top, edge, covered: bottom - edge }
}
