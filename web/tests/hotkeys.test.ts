import { expect, test } from 'vitest'
import { nameOf } from '../src/ui/hotkeys'

const press = (code: string, key: string, more: Partial<KeyboardEvent> = {}) =>
  nameOf({ code, key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more })

test('j is j on a Russian layout, where it types о', () => expect(press('KeyJ', 'о')).toBe('j'))
test('r is r on a Russian layout, where it types к', () => expect(press('KeyR', 'к')).toBe('r'))
test('the slash key is / on a Russian layout, where it types a full stop', () => expect(press('Slash', '.')).toBe('/'))
test('a question mark is one wherever the layout has it', () => {
  expect(press('Slash', '?', { shiftKey: true })).toBe('?')
  expect(press('Digit7', '?', { shiftKey: true })).toBe('?')
  expect(press('Slash', ',', { shiftKey: true })).toBe('?')
})
test('the brackets are bound by their place too', () => expect(press('BracketLeft', 'х')).toBe('['))
test('Ctrl + R stays the browser’s own', () => expect(press('KeyR', 'r', { ctrlKey: true })).toBe('Ctrl+r'))
test('Alt belongs to the system', () => expect(press('KeyJ', 'j', { altKey: true })).toBeNull())
