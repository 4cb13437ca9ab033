import type { Language } from '../../i18n'
import { shownTime } from '../../i18n/format'

export type Value = string | number | null
export interface Column {
  name: string
  kind: string
}

/** A value as people read it, by the kind of its column. */
export function shown(value: Value, kind: string, language: Language, currency: string): string {
  if (value === null || value === '') return '–'
  if (typeof value === 'string') return kind === 'day' ? day(value, language) : value
  switch (kind) {
    case 'seconds':
      return duration(value, language)
    case 'minutes':
      return shownTime(value)
    case 'share':
      return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(value)
    case 'money':
      return new Intl.NumberFormat(language, { style: 'currency', currency: currency || 'EUR' }).format(value)
    case 'hour':
      return hour(value, language)
    default:
      return new Intl.NumberFormat(language).format(value)
  }
}

export const day = (iso: string, language: Language): string =>
  new Date(`${iso}T00:00:00Z`).toLocaleDateString(language, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })

/** The two largest parts of a time: 3 d 4 h, 2 h 5 min. */
export function duration(seconds: number, language: Language): string {
  const minutes = Math.round(seconds / 60)
  const parts: [number, string][] = [[Math.floor(minutes / 1440), 'day'], [Math.floor(minutes / 60) % 24, 'hour'], [minutes % 60, 'minute']]
  const from = Math.max(0, parts.findIndex(([value]) => value > 0))
  const some = parts.slice(from < 0 ? 2 : from, from + 2).filter(([value], n) => value > 0 || n === 0)
  return (minutes ? some : [[0, 'minute'] as [number, string]])
    .map(([value, unit]) => new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(value))
    .join(' ')
}

/** The weekday of an hour of the week; 0 is Monday. */
export const weekday = (n: number, language: Language): string =>
  new Date(Date.UTC(2026, 0, 5 + n)).toLocaleDateString(language, { weekday: 'short', timeZone: 'UTC' })

const hour = (value: number, language: Language): string => `${weekday(Math.floor(value / 24), language)} ${String(value % 24).padStart(2, '0')}:00`

/** `count` days up to `today`, both included. */
export function lastDays(count: number, today = new Date()): { from: string; to: string } {
  const iso = (date: Date): string => new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
  const first = new Date(today)
  first.setDate(first.getDate() - count + 1)
  return { from: iso(first), to: iso(today) }
}
