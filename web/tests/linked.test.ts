import { expect, test } from 'vitest'
import { linked } from '../src/ui/linked'

const links = (text: string): string[] => linked(text).flatMap((part) => (part.link ? [part.text] : []))

test('an address in a letter is a link, without the marks of the sentence around it', () => {
  expect(links('See https://example.org/imprint. Or (http://example.org/a)!')).toEqual(['https://example.org/imprint', 'http://example.org/a'])
  expect(links('На «https://example.org/страница», <https://example.org/b>…')).toEqual(['https://example.org/страница', 'https://example.org/b'])
  expect(links('*https://example.org/bold* [https://example.org/c]')).toEqual(['https://example.org/bold', 'https://example.org/c'])
})

test('a bracket that was opened in the address stays in it', () =>
  expect(links('https://example.org/wiki/Printer_(fire) and (https://example.org/wiki/A_(b))')).toEqual(['https://example.org/wiki/Printer_(fire)', 'https://example.org/wiki/A_(b)']))

test('what only looks like an address is none', () => {
  for (const text of ['https://', 'https://.', 'javascript:alert(1)', 'data:text/html,x', 'ftp://example.org', 'http:/example.org']) expect(links(text)).toEqual([])
})

test('nothing of the text is lost or changed', () => {
  const text = 'A https://example.org/x?a=1&b=2), B\n\nhttps://. https://example.org\u202e'
  expect(linked(text).map((part) => part.text).join('')).toBe(text)
  expect(linked('')).toEqual([])
})
