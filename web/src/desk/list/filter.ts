import type { ListQuery } from '../../api/desk'
import type { Row } from '../../api/types'

/** What the address bar holds of a list. `q` filters the rows that are here; the rest is asked of the desk. */
export interface Filter {
  queue?: string
  state?: string
  owner?: string
  lock?: string
  priority?: string
  tag?: string
  sort?: string
  q?: string
}

const NAMES = ['queue', 'state', 'owner', 'lock', 'priority', 'tag', 'sort', 'q'] as const

export function readFilter(search: Record<string, unknown>): Filter {
  const filter: Filter = {}
  for (const name of NAMES) {
    const value = search[name]
    if ((typeof value === 'string' && value) || typeof value === 'number') filter[name] = String(value)
  }
  return filter
}

export const CLOSED = 'closed successful,closed unsuccessful'
/** The part that the desk answers. */
export function asked({ q: _, ...filter }: Filter): ListQuery {
  return filter
}

/** As people type it: without capitals, е for ё. */
const plain = (text: string): string => text.toLowerCase().replaceAll('ё', 'е')

/** Number, subject, sender and owner (as he is called), every word somewhere. */
export function matching(rows: Row[], q: string | undefined, nameOf = (login: string): string => login): Row[] {
  const words = plain(q ?? '').split(/\s+/).filter(Boolean)
  if (!words.length) return rows
  return rows.filter((row) => {
    const text = plain(`${row.number} ${row.title} ${row.customer.name} ${row.customer.email} ${row.owner ? `${row.owner} ${nameOf(row.owner)}` : ''} ${row.tags.join(' ')}`)
    return words.every((word) => text.includes(word))
  })
}

/** A click on a column: its natural direction first, then the other one, then the desk's own order. */
export function nextSort(column: string, sort: string | undefined): string | undefined {
  const first = column === 'priority' ? '-priority' : column
  const second = column === 'priority' ? 'priority' : `-${column}`
  return sort === first ? second : sort === second ? undefined : first
}
