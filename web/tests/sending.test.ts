// @vitest-environment jsdom
import { expect, test } from 'vitest'
import type { Article, Ticket } from '../src/api/types'
import { quotable, quoted } from '../src/desk/composer/quoting'
import { answered, asLinks, body, going, newer } from '../src/desk/composer/sending'
import { withoutToken } from '../src/desk/ticket/Articles'
import { sentenceOf } from '../src/desk/ticket/Links'
import { numberIn, strangers, whose } from '../src/desk/ticket/merging'
import { undelivered } from '../src/desk/ticket/ReportCard'

const MB = 1e6
const file = (key: string, size: number, picture = false) => ({ key, size, picture, name: key, id: `up-${key}`, share: 1, failure: null })
const holding = { epoch: 4, seen: 2 }

const article = (id: string, part: Partial<Article> = {}): Article =>
  ({ id, seq: Number(id), from: { name: 'Carla', email: 'carla@example.org' }, to: [], cc: [], sender: 'customer', channel: 'email', visible: true, text: `Letter ${id}`, report: null, ...part }) as Article
const ticket = (...articles: Article[]): Ticket => ({ articles, customer: { name: 'Carla', email: 'carla@example.org' }, participants: ['carla@example.org'], aside: [] }) as unknown as Ticket

test('files that fit go with the mail', () => expect(asLinks([file('a', 5 * MB), file('b', 9 * MB)]).size).toBe(0))
test('of those that do not fit together, the largest go as links', () => expect([...asLinks([file('a', 2 * MB), file('b', 14 * MB), file('c', 5 * MB), file('d', 90 * MB)])]).toEqual(['d', 'b']))
test('what is counted is its size in the encoding of mail', () => expect(asLinks([file('a', 16 * MB)]).size).toBe(1))
test('pictures of the text are never links', () => expect([...asLinks([file('p', 15 * MB, true), file('a', 1 * MB)])]).toEqual(['a']))

test('a picture that was taken out of the text does not go along', () => {
  const draft = { text: '[a]', html: '<p><img src="cid:a" alt="a"></p>' }
  expect(going(draft, [file('a', 1, true), file('b', 1, true), file('c', 1)]).map((each) => each.key)).toEqual(['a', 'c'])
})

test('a reply quotes the customer’s last letter, unless another was chosen or none is wanted', () => {
  const talk = ticket(article('1'), article('2'), article('3', { sender: 'agent' }), article('4', { visible: false }))
  expect(quoted('reply', talk, { text: '' })?.id).toBe('2')
  expect(quoted('reply', talk, { text: '', quote: '3' })?.id).toBe('3')
  expect(quoted('reply', talk, { text: '', quote: null })).toBeNull()
  expect(quoted('note', talk, { text: '' })).toBeNull()
})

test('a note of absence is not what a reply quotes, nor what stops it', () => {
  const talk = ticket(article('1'), article('2', { automatic: true }))
  expect(quoted('reply', talk, { text: '' })?.id).toBe('1')
  expect(newer({ ...talk, last_customer_seq: 3, articles: [...talk.articles, article('3')] }, 1).map((each) => each.id)).toEqual(['3'])
})

test('what a colleague has answered is new; what I did, what was stopped and what went to others is not', () => {
  const by = (id: string, who: string, part: Partial<Article> = {}) => article(id, { kind: 'reply', sender: 'agent', by: who, ...part })
  const stopped = { delivery: { state: 'cancelled', at: '', detail: '', not_before: null } } as Partial<Article>
  const talk = ticket(by('1', 'ann'), article('2'), by('3', 'ann'), by('4', 'ben'), by('5', 'ann', stopped), by('6', 'ann', { kind: 'forward' }), by('7', 'ann', { kind: 'note', visible: false }))
  expect(answered(talk, 2, 'ben').map((each) => each.id)).toEqual(['3'])
})

test('a note for colleagues is never quoted, not even when it was chosen', () => {
  expect(quoted('reply', ticket(article('1'), article('2', { visible: false })), { text: '', quote: '2' })?.id).toBe('1')
})

test('a letter that was stopped, or has not left, cannot be chosen', () => {
  const of = (state: string) => article('2', { sender: 'agent', delivery: { state, at: '', detail: '', not_before: null } } as Partial<Article>)
  for (const state of ['cancelled', 'due']) expect(quotable(ticket(article('1'), of(state)), 'reply').map((each) => each.id)).toEqual(['1'])
  expect(quotable(ticket(article('1'), of('sent')), 'reply').map((each) => each.id)).toEqual(['2', '1'])
})

test('after a call there is nothing to quote; a forward takes what there is', () => {
  const called = ticket(article('1', { channel: 'phone' }))
  expect(quoted('reply', called, { text: '' })).toBeNull()
  expect(quoted('forward', called, { text: '' })?.id).toBe('1')
})

test('a plain reply has no HTML; a formatted one has it with its pictures by their uploads', () => {
  const talk = ticket(article('1'))
  expect(body('reply', talk, { text: 'Yes.' }, [], holding)).toEqual({ kind: 'reply', text: 'Yes.', quote: '1', hold: true, epoch: 4, seen: 2, mind_own: true })
  const draft = { text: '[a]', html: '<p><img src="cid:a" alt="a"></p>', quote: null }
  expect(body('reply', talk, draft, [file('a', 1, true)], holding)).toEqual({ kind: 'reply', text: '[a]', html: '<div><img src="cid:up-a" alt="a"></div>', attachments: ['up-a'], hold: true, epoch: 4, seen: 2, mind_own: true })
})

test('a note keeps to itself', () => {
  expect(body('note', ticket(article('1')), { text: 'Hm.', to: 'ben@example.org' }, [], holding)).toEqual({ kind: 'note', text: 'Hm.' })
})

test('the number is found in whatever was copied', () => {
  expect(numberIn(' 2026112310000011 ')).toBe('2026112310000011')
  expect(numberIn('[Ticket#2026112310000011] Re: 15 chairs')).toBe('2026112310000011')
  expect(numberIn('https://desk.example/tickets/2026112310000011')).toBe('2026112310000011')
  expect(numberIn('chairs')).toBe('')
})

test('the same customer is one, however his address is spelt', () => {
  const of = (email: string) => ({ customer: { name: '', email } })
  expect(strangers(of('Carla@Example.org'), of('carla@example.org'))).toBe(false)
  expect(strangers(of('carla@example.org'), of('eve@example.net'))).toBe(true)
})

test('all who fill in one form of a site are different people', () => {
  const of = (email?: string) => ({ customer: { name: '', email: 'noreply@shop.example' }, answer_to: email ? { name: '', email } : null })
  expect(strangers(of('anna@example.org'), of('bert@example.org'))).toBe(true)
  expect(strangers(of('anna@example.org'), of('Anna@example.org'))).toBe(false)
  expect(strangers(of('anna@example.org'), of())).toBe(false)
  expect(whose(of('anna@example.org'), of('bert@example.org'))).toBe('anna@example.org')
})

test('every link is said in a sentence of its own direction', () => {
  expect(sentenceOf({ number: '1', kind: 'follow-up', back: true, email: '', doubt: null, other: null })).toBe('link_follow_up_back')
  expect(sentenceOf({ number: '1', kind: 'asked-before', back: false, email: '', doubt: null, other: null })).toBe('link_asked_before')
  expect(sentenceOf({ number: '1', kind: 'something new', back: false, email: '', doubt: null, other: null })).toBe('link_normal')
})

test('the desk’s own address is shown as people know it, and those of others as they are', () => {
  expect(withoutToken('support+202611281042767.zu246zkqwmkx2v5o@desk.localhost')).toBe('support@desk.localhost')
  expect(withoutToken('carla+shop.2026@example.org')).toBe('carla+shop.2026@example.org')
})

const sent = (state: string, at: string) => article('2', { delivery: { state, at, detail: '', not_before: null } as Article['delivery'] })
const report = (kind: string) => article('3', { at: '2026-11-28T04:06:35Z', report: { kind, of: '2', recipients: [] } } as Partial<Article>)

test('a mail that came back and was sent again no longer says that it came back, until it does so again', () => {
  expect(undelivered(sent('delivered', '2026-11-28T04:06:39Z'), report('bounce'))).toBeNull()
  expect(undelivered(sent('bounced', '2026-11-28T04:06:39Z'), report('bounce'))).toBe('delivery_bounced_words')
})

test('a report that the desk does not believe is not repeated as a fact; one of a delay is', () => {
  expect(undelivered(sent('sent', '2026-11-28T04:06:30Z'), report('bounce'))).toBe('report_unproven')
  expect(undelivered(sent('delivered', '2026-11-28T04:06:30Z'), report('delay'))).toBe('report_delay')
})
