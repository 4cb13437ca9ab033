import { expect, test } from 'vitest'
import { inTurn, underWay } from '../src/desk/ticket/turns'

test('closing waits until the state chosen a moment ago is saved', async () => {
  const done: string[] = []
  let saved = (): void => {}
  const state = inTurn('1', () => new Promise<void>((resolve) => (saved = resolve)).then(() => void done.push('state')))
  const close = inTurn('1', async () => void done.push('close'))
  await Promise.resolve()
  expect(done).toEqual([])
  saved()
  await Promise.all([state, close])
  expect(done).toEqual(['state', 'close'])
})

test('a change that the desk refuses does not hold up the next', async () => {
  const refused = inTurn('2', () => Promise.reject(new Error('no')))
  const next = inTurn('2', async () => 'saved')
  await expect(refused).rejects.toThrow('no')
  expect(await next).toBe('saved')
})

test('another ticket waits for nobody', async () => {
  void inTurn('3', () => new Promise(() => {}))
  expect(await inTurn('4', async () => 'saved')).toBe('saved')
})

test('whoever came last knows that nothing is under way any more', async () => {
  const seen: boolean[] = []
  const look = (): void => void seen.push(underWay('5'))
  await Promise.all([inTurn('5', async () => {}).then(look), inTurn('5', async () => {}).then(look)])
  expect(seen).toEqual([true, false])
})
