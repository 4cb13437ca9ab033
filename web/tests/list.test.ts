import { expect, test } from 'vitest'
import type { Row } from '../src/api/types'
import { asked, matching, nextSort, readFilter } from '../src/desk/list/filter'
import { badAddress, people } from '../src/desk/composer/sending'
import { difference } from '../src/desk/ticket/difference'
import { placeOf } from '../src/portal/paths'

const row = (part: Partial<Row>) => ({ number: '1', title: '', owner: null, tags: [], customer: { name: '', email: '' }, ...part }) as Row
const rows = [
  row({ number: '20261123', title: 'Invoice', customer: { name: 'Carla Conti', email: 'carla@example.org' } }),
  row({ number: '20261124', title: 'Не могу войти', owner: 'ann' }),
]

test('the filter looks into number, subject, sender and owner, every word anywhere', () => {
  expect(matching(rows, 'carla inv').map((each) => each.number)).toEqual(['20261123'])
  expect(matching(rows, 'ВОЙТИ').map((each) => each.number)).toEqual(['20261124'])
  expect(matching(rows, 'ann')).toHaveLength(1)
  expect(matching(rows, 'archer', (login) => (login === 'ann' ? 'Ann Archer' : login))).toHaveLength(1)
  const [row] = rows
  expect(matching([{ ...row!, title: 'Повреждённый груз' }], 'ПОВРЕЖДЕННЫЙ')).toHaveLength(1)
  expect(matching(rows, ' ')).toHaveLength(2)
  expect(matching(rows, 'carla войти')).toHaveLength(0)
})

test('the address bar takes only what a list understands', () =>
  expect(readFilter({ queue: 'Support', priority: 5, evil: 'x', q: '' })).toEqual({ queue: 'Support', priority: '5' }))

test('the desk is asked for all but the words, which are looked for here', () => {
  expect(asked({ state: 'closed', sort: 'number', q: 'x' })).toEqual({ state: 'closed', sort: 'number' })
  expect(asked({ state: 'open', sort: 'number' })).toEqual({ state: 'open', sort: 'number' })
})

test('a column is sorted one way, the other way, and not at all', () => {
  expect(nextSort('number', undefined)).toBe('number')
  expect(nextSort('number', 'number')).toBe('-number')
  expect(nextSort('number', '-number')).toBeUndefined()
  expect(nextSort('priority', undefined)).toBe('-priority')
})

test('recipients are typed as people type them', () => {
  expect(people('Carla <carla@example.org>, ben@example.org')).toEqual([
    { name: 'Carla', email: 'carla@example.org' },
    { name: '', email: 'ben@example.org' },
  ])
  expect(badAddress('carla@example.org, nonsense')).toBe('nonsense')
  expect(badAddress('')).toBeUndefined()
})

test('the portal knows its three addresses', () => {
  expect(placeOf('/portal')).toEqual({ at: 'tickets' })
  expect(placeOf('/portal/new')).toEqual({ at: 'opening' })
  expect(placeOf('/portal/tickets/2026112312345678')).toEqual({ at: 'ticket', number: '2026112312345678' })
})

test('the history tells of lists what came and what went', () => {
  expect(difference({ old: ['1', '2'], new: ['2', '3'] })).toBe('+ 3, − 1')
  expect(difference({ old: 'open', new: 'closed' })).toBeNull()
})
