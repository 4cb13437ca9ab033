import { expect, test } from 'vitest'
import type { Article, DraftBody, Ticket } from '../src/api/types'
import { fateOf } from '../src/desk/composer/arrived'
import { isTrouble } from '../src/desk/composer/refusals'
import { answered, answeredElsewhere, body, saidAs, saysThis } from '../src/desk/composer/sending'

const article = (part: Partial<Article>): Article => ({ seq: 3, kind: 'reply', visible: true, by: 'ann', key: 'k1', text: '', delivery: null, ...part }) as Article
const ticket = (...articles: Article[]): Ticket => ({ articles, participants: [], aside: [], customer: { name: '', email: 'carla@example.org' } }) as unknown as Ticket
const draft: DraftBody = { text: 'Use water.', key: 'k1' }
const letter = article({ text: 'Hello Carla,\n\nUse  water.\n\n-- \nSupport' })

test('a draft has been said where an article of hers has its key', () => {
  expect(saidAs(ticket(letter), draft, 'ann')).toBe(letter)
  expect(saidAs(ticket(letter), draft, 'ben')).toBeUndefined()
  expect(saidAs(ticket(letter), { text: 'Use water.', key: 'k2' }, 'ann')).toBeUndefined()
  expect(saidAs(ticket(article({ key: null })), { text: 'Use water.' }, 'ann')).toBeUndefined()
})

test('what the desk puts around a letter does not change what it says', () => {
  expect(saysThis(letter, draft)).toBe(true)
  expect(saysThis(letter, { text: 'Use water. Not oil.' })).toBe(false)
})

test('what this window has sent has arrived; what was written on since is other words', () => {
  expect(fateOf(letter, draft, { key: 'k1', text: 'Use water.' })).toBe('arrived')
  expect(fateOf(letter, { ...draft, text: 'Use' }, { key: 'k1', text: 'Use water.' })).toBe('other words')
  expect(fateOf(letter, draft, { key: 'k1', text: null })).toBe('other words')
})

test('what this window has not sent was sent elsewhere, as far as the words are the same', () => {
  expect(fateOf(letter, draft, null)).toBe('elsewhere')
  expect(fateOf(letter, draft, { key: 'k0', text: 'Something else' })).toBe('elsewhere')
  expect(fateOf(letter, { ...draft, text: 'Use sand.' }, null)).toBe('other words')
})

test('an answer of her own that this window has not seen is news, one that was taken back is not', () => {
  const cancelled = article({ seq: 4, delivery: { state: 'cancelled', at: '', detail: '', not_before: null } })
  const all = ticket(letter, cancelled, article({ seq: 5, by: 'ben' }))
  expect(answeredElsewhere(all, 2, 'ann').map(({ seq }) => seq)).toEqual([3])
  expect(answeredElsewhere(all, 3, 'ann')).toEqual([])
  expect(answered(all, 2, 'ann').map(({ seq }) => seq)).toEqual([5])
})

test('a letter minds her own answers, a note nobody’s', () => {
  const holding = { epoch: 4, seen: 3 }
  expect(body('reply', ticket(), { text: 'Yes.' }, [], holding)).toMatchObject({ mind_own: true, seen: 3, epoch: 4 })
  expect(body('note', ticket(), { text: 'Yes.' }, [], holding)).toEqual({ kind: 'note', text: 'Yes.' })
})

test('a reason that the composer does not know is told in the desk’s words', () => {
  expect(['locked', 'lock_lost', 'newer_article', 'changed'].every(isTrouble)).toBe(true)
  expect([undefined, 'merged'].some(isTrouble)).toBe(false)
})
