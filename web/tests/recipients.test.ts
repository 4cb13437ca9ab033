import { expect, test } from 'vitest'
import type { Article, Person, Ticket } from '../src/api/types'
import { quoted } from '../src/desk/composer/quoting'
import { recipients } from '../src/desk/composer/recipients'

const of = (name: string): Person => ({ name, email: `${name.toLowerCase()}@example.org` })
const [carla, dave, eve, sam, support] = ['Carla', 'Dave', 'Eve', 'Sam', 'Support'].map(of) as [Person, Person, Person, Person, Person]

const letter = (from: Person, part: Partial<Article> = {}): Article =>
  ({ id: '1', from, to: [support], cc: [], sender: 'customer', channel: 'email', visible: true, text: 'Hello', report: null, ...part }) as Article
const ticket = (...articles: Article[]): Ticket =>
  ({ articles, customer: carla, participants: [carla, dave, sam].map((each) => each.email), aside: [sam.email] }) as unknown as Ticket

test('an answer goes to the customer alone where nobody else took part', () => {
  expect(recipients('reply', ticket(letter(carla)), { text: '' })).toEqual({ to: '', cc: '' })
})

test('a colleague whom the customer took in gets a copy, and so does one who wrote himself', () => {
  expect(recipients('reply', ticket(letter(carla, { cc: [dave] })), { text: '' }).cc).toBe('Dave <dave@example.org>')
  expect(recipients('reply', ticket(letter(carla), letter(dave, { to: [support, dave] })), { text: '' }).cc).toBe('Dave <dave@example.org>')
})

test('who does not take part gets none, nor does the supplier who was asked aside', () => {
  expect(recipients('reply', ticket(letter(carla, { cc: [eve, sam] })), { text: '' }).cc).toBe('')
  expect(recipients('reply', ticket(letter(carla, { cc: [dave] }), letter(sam, { visible: false })), { text: '' }).cc).toBe('Dave <dave@example.org>')
})

test('what Ann typed counts, also that nobody shall get a copy', () => {
  const talk = ticket(letter(carla, { cc: [dave] }))
  expect(recipients('reply', talk, { text: '', cc: '' }).cc).toBe('')
  expect(recipients('reply', talk, { text: '', to: ' eve@example.org ' }).to).toBe('eve@example.org')
})

test('a forward goes on with the supplier who has answered, and quotes him; the customer’s answer never does', () => {
  const talk = ticket(letter(carla), letter(sam, { id: '2', visible: false }))
  expect(recipients('forward', talk, { text: '' })).toEqual({ to: 'Sam <sam@example.org>', cc: '' })
  expect(quoted('forward', talk, { text: '' })?.id).toBe('2')
  expect(quoted('reply', talk, { text: '' })?.id).toBe('1')
  expect(recipients('forward', ticket(letter(sam, { visible: false }), letter(carla)), { text: '' }).to).toBe('')
})

test('a name that a list of addresses would be torn apart by is left out', () => {
  const odd = { name: 'Brook, Dave', email: dave.email }
  expect(recipients('reply', ticket(letter(carla, { cc: [odd] })), { text: '' }).cc).toBe('dave@example.org')
})
