import { useSyncExternalStore } from 'react'
import { leave } from '../api/desk'
import type { Article, DraftBody } from '../api/types'
import type { Kind } from './composer/opening'

/** Letters that wait for some seconds, so that they can be taken back. When these are over, this browser lets them go. */
interface Held {
  ends: number
  words: Words | null
  timer: ReturnType<typeof setTimeout>
  forget: () => void
}

export interface Words {
  kind: Kind
  draft: DraftBody
}

/** Past the end by so much, that the desk, whose clock decides, does not find it too early. */
const LATE = 300
const held = new Map<string, Held>()
const listeners = new Set<() => void>()
const tell = (): void => listeners.forEach((listener) => listener())
const key = (number: string, article: string): string => `${number} ${article}`

/** For how long the desk holds it, by the desk's own clock on both ends; 0 where it has left, or may not be taken back. */
export function secondsOf({ at, delivery }: Pick<Article, 'at' | 'delivery'>): number {
  if (delivery?.state !== 'due' || !delivery.not_before || !at) return 0
  return Math.max(0, Math.round((Date.parse(delivery.not_before) - Date.parse(at)) / 1000))
}

/** `words` are what the composer has back when it is taken back; `gone` hears of the letter that has left. */
export function hold(number: string, article: Article, words: Words | null, gone: (article: Article) => void): void {
  const wait = secondsOf(article) * 1000
  const timer = setTimeout(() => void letGo(number, article.id, gone), wait + LATE)
  held.set(key(number, article.id), { ends: Date.now() + wait, words, timer, forget: () => undefined })
  tell()
}

/** Where this does not get through, or the page is closed before: the desk's own minute sends it. */
async function letGo(number: string, article: string, gone: (article: Article) => void): Promise<void> {
  await leave(number, article).then(gone, () => undefined)
  release(number, article)
}

/** What is said of it meanwhile is unsaid by `forget`, as soon as it does not hold any more. */
export function whileHeld(number: string, article: string, forget: () => void): void {
  const known = held.get(key(number, article))
  if (known) known.forget = forget
}

/** It is no longer this browser's; gives the words back, where there are any. */
export function release(number: string, article: string): Words | null {
  const known = held.get(key(number, article))
  if (!known) return null
  clearTimeout(known.timer)
  held.delete(key(number, article))
  known.forget()
  tell()
  return known.words
}

function subscribe(listener: () => void): () => void {
  const tick = setInterval(listener, 250)
  listeners.add(listener)
  return () => {
    clearInterval(tick)
    listeners.delete(listener)
  }
}

/** The seconds that are left; null where the letter is not held by this browser. */
export function useSecondsLeft(number: string, article: string): number | null {
  return useSyncExternalStore(subscribe, () => {
    const known = held.get(key(number, article))
    return known ? Math.max(0, Math.ceil((known.ends - Date.now()) / 1000)) : null
  })
}

// -- words on their way back

type Taker = (words: Words) => void
const takers = new Map<string, Taker>()
const waiting = new Map<string, Words>()

/** To the composer of the ticket; it may not be on the screen yet. */
export function giveBack(number: string, words: Words): void {
  const taker = takers.get(number)
  if (taker) taker(words)
  else waiting.set(number, words)
}

export function takeBack(number: string, taker: Taker): () => void {
  takers.set(number, taker)
  const words = waiting.get(number)
  waiting.delete(number)
  if (words) taker(words)
  return () => void takers.delete(number)
}
