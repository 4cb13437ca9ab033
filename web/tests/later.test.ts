// @vitest-environment jsdom
import { expect, test } from 'vitest'
import type { Delivery, QueueInfo, Ticket } from '../src/api/types'
import { mine } from '../src/desk/MakeTicket'
import { body } from '../src/desk/composer/sending'
import { ahead, presets } from '../src/desk/composer/times'
import { localTime } from '../src/i18n/format'
import { leavesAt, stoppedBy } from '../src/desk/ticket/leaving'

const at = (day: number, hour: number, minute = 0): Date => new Date(2026, 10, day, hour, minute) // the 23rd is a Monday
const offered = (now: Date): Record<string, string> => Object.fromEntries(presets(now).map((each) => [each.name, localTime(each.at.toISOString())]))

test('in an hour, to the next five minutes; tomorrow and the coming Monday at nine', () => {
  expect(offered(at(25, 14, 2))).toEqual({ in_an_hour: '2026-11-25T15:05', tomorrow_at_nine: '2026-11-26T09:00', monday_at_nine: '2026-11-30T09:00' })
})

test('on a Monday the next one is meant; on a Sunday it is tomorrow, and said once', () => {
  expect(offered(at(23, 8)).monday_at_nine).toBe('2026-11-30T09:00')
  expect(Object.keys(offered(at(29, 8)))).toEqual(['in_an_hour', 'tomorrow_at_nine'])
})

test('a click that has to be repeated asks for the same time', () => {
  expect(offered(at(25, 14, 1)).in_an_hour).toBe(offered(at(25, 14, 4)).in_an_hour)
})

test('a time of one’s own lies ahead, and not beyond a year', () => {
  expect(ahead('2026-11-25T14:01', at(25, 14))).toEqual(at(25, 14, 1))
  for (const typed of ['2026-11-25T14:00', '2026-11-24T20:00', '2028-01-01T09:00', '275000-01-01T09:00', '', 'soon']) expect(ahead(typed, at(25, 14)), typed).toBeNull()
})

test('a reply leaves later by its schedule; a note has none', () => {
  const talk = { articles: [], customer: { name: '', email: 'carla@example.org' } } as unknown as Ticket
  const holding = { epoch: 4, seen: 2 }
  const schedule = { send_after: '2026-11-26T08:00:00.000Z', unless_answered: true }
  expect(body('reply', talk, { text: 'Yes.' }, [], holding, schedule)).toEqual({ kind: 'reply', text: 'Yes.', epoch: 4, seen: 2, mind_own: true, ...schedule })
  expect(body('reply', talk, { text: 'Yes.' }, [], holding, { ...schedule, unless_answered: false })).not.toHaveProperty('unless_answered')
  expect(body('note', talk, { text: 'Hm.' }, [], holding, schedule)).toEqual({ kind: 'note', text: 'Hm.' })
})

test('only a mail that waits for its time leaves at a time', () => {
  const now = at(25, 14).getTime()
  const waits = (state: Delivery['state'], not_before: Date | null): Delivery => ({ state, at: '', detail: '', not_before: not_before && not_before.toISOString() })
  expect(leavesAt(waits('due', at(25, 15)), now)).toBe(at(25, 15).toISOString())
  expect(leavesAt(waits('due', at(25, 13)), now)).toBeNull()
  expect(leavesAt(waits('due', new Date(now + 10_000)), now)).toBeNull() // the seconds in which it can be undone
  expect(leavesAt(waits('due', null), now)).toBeNull()
  expect(leavesAt(waits('cancelled', at(25, 15)), now)).toBeNull()
})

test('who stopped a mail is read from what the desk says', () => {
  expect(stoppedBy('stopped by ann')).toEqual({ name: 'ann' })
  expect(stoppedBy("stopped by the customer's own letter")).toBe('customer')
  expect(stoppedBy('erased')).toBeNull()
})

test('a ticket is made only in a queue where I may write', () => {
  const queue = (name: string, write: boolean): QueueInfo => ({ name, write }) as QueueInfo
  expect(mine([queue('Billing', false), queue('Support', true), queue('Junk', true)])).toEqual(['Support', 'Junk'])
})
