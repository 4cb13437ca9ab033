/** When a letter that should leave later may leave. All in the time of her own clock. */
export type Preset = 'in_an_hour' | 'tomorrow_at_nine' | 'monday_at_nine'

const MINUTE = 60_000
const FIVE = 5 * MINUTE
const YEAR = 366 * 24 * 60 * MINUTE

/** The usual choices; on a Sunday Monday is tomorrow and is not said twice. */
export function presets(now: Date): { name: Preset; at: Date }[] {
  const tomorrow = nineIn(1, now)
  const monday = nineIn(((8 - now.getDay()) % 7) || 7, now)
  // To the next five minutes: a click that has to be repeated asks for the same, and is taken as the same.
  const hour = new Date(Math.ceil((now.getTime() + 60 * MINUTE) / FIVE) * FIVE)
  const all: { name: Preset; at: Date }[] = [
    { name: 'in_an_hour', at: hour },
    { name: 'tomorrow_at_nine', at: tomorrow },
    { name: 'monday_at_nine', at: monday },
  ]
  return monday.getTime() === tomorrow.getTime() ? all.slice(0, 2) : all
}

function nineIn(days: number, now: Date): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 9)
}

/** What was typed as a date and a time, where that lies ahead and not further than a year; null else. */
export function ahead(typed: string, now: Date): Date | null {
  const at = new Date(typed)
  const left = at.getTime() - now.getTime()
  return left > 0 && left <= YEAR ? at : null
}
