/** Lets keys and buttons elsewhere open the composer of the ticket on the screen. */
export type Kind = 'reply' | 'note' | 'phone'

const listeners = new Set<(kind: Kind) => void>()

export const composing = {
  open: (kind: Kind): void => listeners.forEach((listener) => listener(kind)),
  listen: (listener: (kind: Kind) => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
}
