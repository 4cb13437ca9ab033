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

type Whose = Pick<Ticket, 'customer'> & Partial<Pick<Ticket, 'answer_to'>>

/** Do the two have different customers? Then one would read the letters of the other. All who fill in a site's form come from one address. */
export const strangers = (one: Whose, other: Whose): boolean =>
  !same(one.customer, other.customer) || Boolean(one.answer_to && other.answer_to && !same(one.answer_to, other.answer_to))

const same = (one: Whose['customer'], other: Whose['customer']): boolean => one.email.toLowerCase() === other.email.toLowerCase()

/** Where he reads, if he is one of many behind the same address. */
export const whose = (one: Whose, other: Whose): string => (same(one.customer, other.customer) ? (one.answer_to ?? one.customer) : one.customer).email

/** The one of the two that its customer may not have written, if either: merged, it would stand as his words. */
export const dubious = <T extends Pick<Ticket, 'doubt'>>(one: T, other: T): T | undefined => [other, one].find((each) => each.doubt)

/** The number in whatever was pasted: "[Ticket#2026112310000011] Re: ...", an address of the desk, a bare number. */
export const numberIn = (typed: string): string => /(?:^|\D)(\d{5,40})(?:\D|$)/.exec(typed)?.[1] ?? ''
