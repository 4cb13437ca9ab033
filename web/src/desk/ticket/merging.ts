import type { Ticket } from '../../api/types'

/** Lets keys and buttons elsewhere open the merge dialog of the ticket on the screen. */
const listeners = new Set<() => void>()

export const merging = {
  open: (): void => listeners.forEach((listener) => listener()),
  listen: (listener: () => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
}

/** Do the two have different customers? Then one would read the letters of the other. */
export const strangers = (one: Pick<Ticket, 'customer'>, other: Pick<Ticket, 'customer'>): boolean =>
  one.customer.email.toLowerCase() !== other.customer.email.toLowerCase()

/** The one of the two that its customer may not have written, if either: merged, it would stand as his words. */
export const dubious = <T extends Pick<Ticket, 'doubt'>>(one: T, other: T): T | undefined => [other, one].find((each) => each.doubt)

/** The number in whatever was pasted: "[Ticket#2026112310000011] Re: ...", an address of the desk, a bare number. */
export const numberIn = (typed: string): string => /(?:^|\D)(\d{5,40})(?:\D|$)/.exec(typed)?.[1] ?? ''
