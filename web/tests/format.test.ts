import { expect, test } from 'vitest'
import { age, fileSize, moment, parseTime, shownTime } from '../src/i18n/format'

test.each([
  ['15', 15],
  ['0', 0],
  [' 5 ', 5],
  ['1:30', 90],
  ['0:05', 5],
  ['1h', 60],
  ['1h30', 90],
  ['1 ч 30 м', 90],
  ['20 мин', 20],
])('“%s” is a working time of %d minutes', (typed, minutes) => expect(parseTime(typed)).toBe(minutes))

test.each(['', 'soon', '1:60', '1:', '-5', '1.5.2', '1:30:00', '15 apples'])('“%s” is no working time', (typed) =>
  expect(parseTime(typed)).toBeNull(),
)

test('90 minutes are shown as 1:30', () => expect(shownTime(90)).toBe('1:30'))

test('ages are short in both languages', () => {
  const now = Date.parse('2026-11-23T12:00:00Z')
  expect(age('2026-11-23T11:57:00Z', 'en', now)).toBe('3 min')
  expect(age('2026-11-23T10:00:00Z', 'ru', now)).toBe('2 ч')
  expect(age('2026-11-18T12:00:00Z', 'ru', now)).toBe('5 дн.')
})

test('today is an hour, another day has its date', () => {
  const now = new Date(2026, 10, 23, 12)
  expect(moment(new Date(2026, 10, 23, 9, 5).toISOString(), 'en', now)).toBe('09:05')
  expect(moment(new Date(2026, 10, 22, 21, 5).toISOString(), 'en', now)).toBe('Nov 22, 21:05')
})

test('sizes are told in kilobytes', () => expect(fileSize(84211, 'en')).toBe('84.2 kB'))
