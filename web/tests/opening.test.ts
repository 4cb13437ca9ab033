// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { ApiError } from '../src/api/client'
import type { NewTicket, Ticket } from '../src/api/types'
import { badAddress } from '../src/desk/composer/sending'
import { opened } from '../src/desk/opening/opening'
import { bodyOf, customerOf, EMPTY, wrong, type Asked, type Written } from '../src/desk/opening/written'

const call: Written = { ...EMPTY, to: 'carla@example.org', name: 'Carla', title: 'Router', text: 'It blinks.' }
const mail: Written = { ...call, channel: 'email' }
const body = bodyOf(call, 'Support', 'ann', [])

/** A desk whose answers are lost where `lost` says so; `made` are the bodies of its tickets by their keys. */
function desk(lost: boolean[]) {
  const made = new Map<string, NewTicket>()
  const ask = async (asked: NewTicket, key?: string): Promise<Ticket> => {
    const before = made.get(key!)
    if (before && JSON.stringify(before) !== JSON.stringify(asked)) throw new ApiError(422, { code: 'idempotency_mismatch', message: 'Other words.' })
    made.set(key!, asked)
    if (lost.shift()) throw new ApiError(0, { code: 'unreachable', message: 'Gone.' })
    return { title: asked.title } as Ticket
  }
  return { made, ask }
}

test('what is asked again after a lost answer is asked under the same key', async () => {
  const { made, ask } = desk([true])
  let asked: Asked | undefined
  await expect(opened(body, asked, (next) => (asked = next), ask)).rejects.toThrow('Gone.')
  expect(await opened(body, asked, (next) => (asked = next), ask)).toEqual({ ticket: { title: 'Router' }, before: false })
  expect(made.size).toBe(1)
})

test('other words after a lost answer lead to the ticket that is there, and the next ones to another', async () => {
  const { made, ask } = desk([true])
  let asked: Asked | undefined
  const remember = (next?: Asked) => void (asked = next)
  await opened(body, asked, remember, ask).catch(() => undefined)
  const other = { ...body, title: 'Two routers' }
  expect(await opened(other, asked, remember, ask)).toEqual({ ticket: { title: 'Router' }, before: true })
  expect(await opened(other, asked, remember, ask)).toEqual({ ticket: { title: 'Two routers' }, before: false })
  expect(made.size).toBe(2)
})

test('other words go under the same key where the first ones never came through', async () => {
  const { made, ask } = desk([])
  const asked: Asked = { key: 'k', body }
  expect(await opened({ ...body, title: 'Two routers' }, asked, () => undefined, ask)).toEqual({ ticket: { title: 'Two routers' }, before: false })
  expect([...made.keys()]).toEqual(['k'])
})

test('what was refused is forgotten: nothing was made of it', async () => {
  let asked: Asked | undefined = { key: 'k', body }
  const refuse = () => Promise.reject(new ApiError(400, { code: 'malformed', message: 'No.' }))
  await expect(opened(body, asked, (next) => (asked = next), refuse)).rejects.toThrow('No.')
  expect(asked).toBeUndefined()
})

test('a call has neither copies nor formatting, and never leaves later', () => {
  const letter = { ...mail, cc: 'ivan@example.org', html: '<p><b>It</b> blinks.</p>', priority: '4', time: '1:30' }
  const schedule = { send_after: '2026-12-01T09:00:00Z', unless_answered: false }
  expect(bodyOf({ ...letter, channel: 'phone' }, 'Support', '', [], schedule)).toEqual({ channel: 'phone', queue: 'Support', customer: { email: 'carla@example.org', name: 'Carla' }, title: 'Router', text: 'It blinks.', attachments: [], state: 'open', time_units: 90, priority: 4 })
  expect(bodyOf(letter, 'Support', '', [], schedule)).toMatchObject({ cc: [{ name: '', email: 'ivan@example.org' }], html: '<div><b>It</b> blinks.</div>', send_after: '2026-12-01T09:00:00Z' })
  expect(bodyOf(letter, 'Support', '', []).hold).toBe(true)
})

test('a letter waits for no time that has passed, and for no file that did not come', () => {
  const now = Date.parse('2026-11-23T09:00:00Z')
  const file = { key: 'a', name: 'a', size: 1, share: 1, id: 'up-a', failure: null, picture: false }
  expect(wrong(mail, 'Support', [file], now)).toBeNull()
  expect(wrong({ ...mail, next_state: 'pending reminder', pending_until: '2026-11-22T09:00' }, 'Support', [], now)?.why).toBe('pending_past')
  expect(wrong({ ...mail, next_state: 'pending reminder' }, 'Support', [], now)).toBeNull()
  expect(wrong(mail, 'Support', [{ ...file, id: null }], now)?.why).toBe('still_uploading')
  expect(wrong(mail, 'Support', [{ ...file, id: null, failure: new Error() }], now)?.why).toBe('file_failed')
  expect(wrong(mail, undefined, [], now)).toEqual({ field: 'queue', why: 'no_queue' })
  expect(wrong({ ...mail, cc: 'ivan@' }, 'Support', [], now)).toEqual({ field: 'cc', why: 'bad_address' })
  expect(wrong({ ...call, cc: 'ivan@' }, 'Support', [], now)).toBeNull()
})

test('only one whole address is a customer’s', () => {
  expect(customerOf({ to: ' Carla@Example.org ' })).toBe('carla@example.org')
  for (const to of ['', 'carla', 'carla@example.org, ivan@example.org']) expect(customerOf({ to })).toBe('')
})

test('what the desk would not take for an address is no address here either', () => {
  for (const good of ['carla@example.org', 'Carla <c.la+1@example.org>', 'ёлка@пример.рф', 'a@b']) expect(badAddress(good)).toBeUndefined()
  for (const bad of ['carla', 'carla@', '@example.org', 'a@b..c', 'a.@b', '.a@b', 'a..b@c', 'a@-b', 'a@b.', 'a(b@c']) expect(badAddress(bad)).toBe(bad)
})
