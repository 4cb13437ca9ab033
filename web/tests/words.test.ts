import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ApiError } from '../src/api/client'
import { explained, translate, type Phrase, type Words } from '../src/i18n'
import deskEn from '../src/i18n/desk.en.json'
import deskRu from '../src/i18n/desk.ru.json'
import portalEn from '../src/i18n/portal.en.json'
import portalRu from '../src/i18n/portal.ru.json'
import { SENTENCES } from '../src/desk/told'

const PAIRS: [string, Words, Words][] = [
  ['desk', deskEn, deskRu],
  ['portal', portalEn, portalRu],
]

test.each(PAIRS)('the %s says everything in both languages', (_, en, ru) => {
  expect(Object.keys(ru)).toEqual(Object.keys(en))
})

test.each(PAIRS)('the %s names the same things in both languages', (_, en, ru) => {
  for (const key of Object.keys(en)) expect(placeholders(ru[key]!), key).toEqual(placeholders(en[key]!))
})

test.each(PAIRS)('where the %s counts, it counts in both languages, and in every form', (_, en, ru) => {
  for (const key of Object.keys(en)) {
    expect(typeof ru[key], key).toBe(typeof en[key])
    if (typeof ru[key] === 'object') expect(Object.keys(ru[key]), key).toEqual(['one', 'few', 'many', 'other'])
  }
})

test('Russian counts 1, 3, 5, 21 and 11 tickets as people do', () => {
  const shown = [1, 3, 5, 21, 11].map((count) => translate(deskRu, 'ru', 'tickets_shown', { count }))
  expect(shown).toEqual(['1 заявка', '3 заявки', '5 заявок', '21 заявка', '11 заявок'])
})

test('English has one ticket and several', () => {
  expect(translate(deskEn, 'en', 'tickets_shown', { count: 1 })).toBe('1 ticket')
  expect(translate(deskEn, 'en', 'tickets_shown', { count: 0 })).toBe('0 tickets')
})

test('a refusal is told in the desk’s words in English, and in readable ones in Russian, with what is wrong', () => {
  const refused = new ApiError(409, { code: 'conflict', reason: 'locked', message: 'Ticket 1 is locked by ben.' })
  expect(explained(refused, deskEn, 'en')).toBe('Ticket 1 is locked by ben.')
  expect(explained(refused, deskRu, 'ru')).toBe('С этой заявкой работает кто-то другой.')
  const malformed = new ApiError(400, { code: 'malformed', message: 'Not accepted.', fields: { 'to.0.email': 'must be a mail address' } })
  expect(explained(malformed, deskEn, 'en')).toBe('Not accepted. (to.0.email must be a mail address)')
  expect(explained(new TypeError('x'), deskEn, 'en')).toBe('That did not work.')
})

test('every fixed key in the sources exists', () => {
  for (const [folder, words] of [['desk', deskEn], ['portal', portalEn]] as const) {
    for (const key of keysIn(`src/${folder}`)) expect(Object.keys(words), key).toContain(key)
  }
})

const placeholders = (phrase: Phrase): string[] => {
  const forms = typeof phrase === 'string' ? [phrase] : Object.values(phrase)
  return [...new Set(forms.flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort()
}

function keysIn(folder: string): string[] {
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name))
  const text = sources.map((name) => readFileSync(`${folder}/${name}`, 'utf8')).join('\n')
  return [...text.matchAll(/\bt\('([a-z_0-9]+)'/g)].map((found) => found[1]!)
}

test('what the desk keeps in English beside a mail is known here word for word, and told in Russian, too', () => {
  const sources = ['incoming', 'outbox', 'outgoing'].map((name) => readFileSync(`../chalicelib/${name}.py`, 'utf8')).join('\n')
  const kept = [...sources.matchAll(/NotMail\("(.+?)"\)|UNKNOWN, "(.+?\.)"|^[A-Z_]+ = "(.+\.)"$/gm)].map((found) => found[1] ?? found[2] ?? found[3]!)
  expect(kept.sort()).toEqual(Object.keys(SENTENCES).sort())
  for (const [sentence, key] of Object.entries(SENTENCES)) expect([deskEn[key], /[а-я]/.test(String(deskRu[key]))]).toEqual([sentence, true])
})
