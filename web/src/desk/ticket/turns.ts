/** Her changes of one ticket go one after the other: each needs the version that the one before has made. */
const lines = new Map<string, Promise<unknown>>()

/** Carries `act` out when everything asked before it for this ticket has ended, well or badly. */
export function inTurn<T>(number: string, act: () => Promise<T>): Promise<T> {
  const mine = (lines.get(number) ?? Promise.resolve()).then(act, act)
  const leave = (): void => {
    if (lines.get(number) === mine) lines.delete(number)
  }
  lines.set(number, mine)
  mine.then(leave, leave)
  return mine
}

export const underWay = (number: string): boolean => lines.has(number)
