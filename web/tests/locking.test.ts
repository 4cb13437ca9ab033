import { expect, test } from 'vitest'
import { unlocked } from '../src/desk/composer/replying'
import { standing } from '../src/desk/ticket/locking'

const by = (agent: string, epoch = 4) => ({ agent, epoch, since: '', until: null })
const seen = (held: ReturnType<typeof by> | null, epoch: number | null) => ({ epoch, standing: standing(held, 'ann', epoch) })

test('the lock is hers under the epoch that she took here', () => expect(standing(by('ann'), 'ann', 4)).toBe('held'))
test('what she took in another window is not taken here', () => {
  expect(standing(by('ann'), 'ann', null)).toBe('elsewhere')
  expect(standing(by('ann', 6), 'ann', 4)).toBe('elsewhere')
})
test('a colleague holds it, or has taken it from her', () => {
  expect(standing(by('ben'), 'ann', null)).toBe('others')
  expect(standing(by('ben', 5), 'ann', 4)).toBe('lost')
})
test('nobody holds it', () => expect(standing(null, 'ann', 4)).toBe('free'))

test('nothing is said of a lock that is still being taken', () => expect(unlocked(seen(null, null), null)).toBeNull())
test('who was refused is told how the lock stands now', () => {
  expect(unlocked(seen(by('ben'), null), 'locked')).toBe('others')
  expect(unlocked(seen(null, null), 'locked')).toBe('free')
})
test('who has had the lock is told at once that it is gone', () => {
  expect(unlocked(seen(by('ben', 5), 4), null)).toBe('lost')
  expect(unlocked(seen(null, 4), null)).toBe('free')
  expect(unlocked(seen(by('ann'), 4), null)).toBeNull()
})
test('where only the desk knows that it is gone, that is said as well', () => expect(unlocked(seen(by('ann'), 4), 'lock_lost')).toBe('held'))
