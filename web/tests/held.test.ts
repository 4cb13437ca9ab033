import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Article } from '../src/api/types'
import { giveBack, hold, release, secondsOf, takeBack, whileHeld } from '../src/desk/held'

const asked: string[] = []
let answer: () => Response

beforeEach(() => {
  vi.useFakeTimers()
  asked.length = 0
  answer = () => Response.json(article('sent'))
  vi.stubGlobal('fetch', (url: string, { method }: RequestInit) => (asked.push(`${method} ${url}`), Promise.resolve(answer())))
})
afterEach(() => vi.useRealTimers())

const article = (state: string, not_before: string | null = null): Article =>
  ({ id: '3', at: '2026-11-23T09:00:00Z', delivery: { state, at: '2026-11-23T09:00:00Z', detail: '', not_before } }) as Article
const waiting = article('due', '2026-11-23T09:00:10Z')
const words = { kind: 'reply' as const, draft: { text: 'Use water.' } }

test('how long it is held is told by the desk’s clock alone', () => {
  expect(secondsOf(waiting)).toBe(10)
  expect(secondsOf(article('sent'))).toBe(0)
  expect(secondsOf(article('due'))).toBe(0)
  expect(secondsOf({ at: waiting.at, delivery: null })).toBe(0)
})

test('it leaves when its seconds are over, not sooner, and once', async () => {
  const gone = vi.fn()
  hold('1', waiting, words, gone)
  await vi.advanceTimersByTimeAsync(9_900)
  expect(asked).toEqual([])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toEqual(['PUT /api/tickets/1/articles/3/delivery'])
  expect(gone).toHaveBeenCalledWith(article('sent'))
  expect(release('1', '3')).toBeNull()
})

test('what was taken back does not leave, gives its words back and is unsaid', async () => {
  const unsaid = vi.fn()
  hold('1', waiting, words, () => undefined)
  whileHeld('1', '3', unsaid)
  expect(release('1', '3')).toEqual(words)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toEqual([])
  expect(unsaid).toHaveBeenCalledOnce()
})

test('where the desk cannot be reached, it is left to the desk’s own minute', async () => {
  answer = () => new Response('', { status: 503 })
  const gone = vi.fn()
  hold('1', waiting, words, gone)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(gone).not.toHaveBeenCalled()
  expect(release('1', '3')).toBeNull()
})

test('words wait for the composer of their ticket, which may still be on its way', () => {
  const taken = vi.fn()
  giveBack('1', words)
  takeBack('2', taken)()
  expect(taken).not.toHaveBeenCalled()
  const stop = takeBack('1', taken)
  expect(taken).toHaveBeenCalledWith(words)
  giveBack('1', words)
  expect(taken).toHaveBeenCalledTimes(2)
  stop()
})
