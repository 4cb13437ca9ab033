import type { Language } from './index'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** "3 min", "2 h", "5 d": how long ago, as narrow as a dense list wants it. */
export function age(iso: string, language: Language, now = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000)
  if (seconds < HOUR) return unit(Math.floor(seconds / MINUTE), 'minute', language)
  if (seconds < DAY) return unit(Math.floor(seconds / HOUR), 'hour', language)
  if (seconds < 60 * DAY) return unit(Math.floor(seconds / DAY), 'day', language)
  return new Date(iso).toLocaleDateString(language, { month: 'short', year: 'numeric' })
}

function unit(value: number, name: string, language: Language): string {
  return new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value)
}

/** The hour today, with the day otherwise. */
export function moment(iso: string, language: Language, now = new Date()): string {
  const date = new Date(iso)
  const hour = date.toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  if (date.toDateString() === now.toDateString()) return hour
  const year = date.getFullYear() === now.getFullYear() ? undefined : 'numeric'
  return `${date.toLocaleDateString(language, { day: 'numeric', month: 'short', year })}, ${hour}`
}

export function exactly(iso: string, language: Language): string {
  return new Date(iso).toLocaleString(language, { dateStyle: 'full', timeStyle: 'short', hourCycle: 'h23' })
}

/** For a field of a date and a time. */
export function localTime(iso: string): string {
  const date = new Date(iso)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

export function fileSize(bytes: number, language: Language): string {
  const [value, name] =
    bytes < 1000 ? [bytes, 'byte'] : bytes < 1_000_000 ? [bytes / 1000, 'kilobyte'] : [bytes / 1_000_000, 'megabyte']
  const options = { style: 'unit', unit: name, unitDisplay: 'short', maximumSignificantDigits: 3 } as const
  return new Intl.NumberFormat(language, options).format(value)
}

/** Working time as agents type it: "15" (minutes), "1:30", "1h30", "1 ч". Null where it is no time. */
export function parseTime(typed: string): number | null {
  const text = typed.trim().toLowerCase()
  if (/^\d{1,4}\s*(m|min|м|мин)?\.?$/.test(text)) return parseInt(text, 10)
  const found = /^(\d{1,2})\s*(?::|h|ч)\.?\s*(?:(\d{1,2})\s*(?:m|min|м|мин)?\.?)?$/.exec(text)
  if (!found || (text.includes(':') && !found[2])) return null
  const minutes = Number(found[2] ?? 0)
  return minutes < 60 ? Number(found[1]) * 60 + minutes : null
}

export function shownTime(minutes: number): string {
  return `${Math.floor(minutes / 60)}:${String(Math.round(minutes % 60)).padStart(2, '0')}`
}
