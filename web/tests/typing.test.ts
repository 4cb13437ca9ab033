import { describe, expect, test } from 'vitest'
import { parts } from '../src/desk/search/snippet'
import { goingOn, lastTerm, question } from '../src/desk/search/typing'
import { duration, lastDays, shown } from '../src/desk/reports/figures'

describe('while a search is typed', () => {
  test('the last term is told from what goes before it', () => {
    expect(lastTerm('invoice queue:Sup')).toEqual({ before: 'invoice queue:', field: 'queue', value: 'Sup' })
    expect(lastTerm('-очередь:"Second l')).toEqual({ before: '-очередь:', field: 'queue', value: 'Second l' })
    expect(lastTerm('http://x')).toEqual({ before: '', field: null, value: 'http://x' })
    expect(lastTerm('fire ')).toEqual({ before: 'fire ', field: null, value: '' })
  })

  test('the desk is asked only for what is not known here', () => {
    expect(question(lastTerm('state:o'))).toBeNull()
    expect(question(lastTerm('метка:'))).toEqual({ field: 'tag', prefix: '' })
    expect(question(lastTerm('in'))).toEqual({ field: 'text', prefix: 'in' })
    expect(question(lastTerm('i'))).toBeNull()
  })

  test('what is offered goes on from what stands there, and never repeats it', () => {
    const offered = (typed: string, told: string[] = []) => goingOn(typed, lastTerm(typed), told)
    expect(offered('a state:')).toEqual(['a state:new', 'a state:open', 'a state:pending', 'a state:closed'])
    expect(offered('queue:', ['Second level', 'Raw'])).toEqual(['queue:"Second level"', 'queue:Raw'])
    expect(offered('qu', ['quota'])).toEqual(['queue:', 'quota'])
    expect(offered('invoice', ['invoice', 'invoices'])).toEqual(['invoices'])
    expect(offered('сост')).toEqual(['состояние:'])
    expect(offered('состояние:')).toEqual(['состояние:новые', 'состояние:открытые', 'состояние:ждёт', 'состояние:закрытые'])
    expect(offered('есть:в')).toEqual(['есть:вложение'])
  })
})

test('only <b> of the desk is markup in a snippet', () => {
  expect(parts('a &lt;i&gt; <b>w&amp;w</b> <i>x</i>')).toEqual([
    { text: 'a <i> ', found: false },
    { text: 'w&w', found: true },
    { text: ' <i>x</i>', found: false },
  ])
})

describe('figures', () => {
  test('are shown by their kind', () => {
    expect(duration(3 * 86_400 + 4 * 3600 + 59 * 60, 'en')).toBe('3 days 4 hr')
    expect(duration(7500, 'en')).toBe('2 hr 5 min')
    expect(duration(0, 'en')).toBe('0 min')
    expect(shown(null, 'seconds', 'en', '')).toBe('–')
    expect(shown(0.125, 'share', 'en', '')).toBe('12.5%')
    expect(shown(40, 'money', 'en', 'EUR')).toBe('€40.00')
    expect(shown(33, 'hour', 'en', '')).toBe('Tue 09:00')
  })

  test('the last seven days end today', () => {
    expect(lastDays(7, new Date('2026-03-02T12:00:00'))).toEqual({ from: '2026-02-24', to: '2026-03-02' })
  })
})
