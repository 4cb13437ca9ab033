/** Lets keys and buttons elsewhere open the composer of the ticket on the screen. */
export const KINDS = ['reply', 'forward', 'note', 'phone'] as const
export type Kind = (typeof KINDS)[number]

/** Does it leave as mail? */
export const isMail = (kind: Kind): boolean => kind === 'reply' || kind === 'forward'

const listeners = new Set<(kind: Kind) => void>()

export const composing = {
  open: (kind: Kind): void => listeners.forEach((listener) => listener(kind)),
  listen: (listener: (kind: Kind) => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
}
