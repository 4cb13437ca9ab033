// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { markFold } from '../src/mail/fold'

function shown(html: string, visible: string): string {
  const body = document.createElement('div')
  body.innerHTML = html
  markFold(body, visible)
  body.querySelectorAll('[data-fold]').forEach((hidden) => hidden.remove())
  return body.textContent!.replace(/\s+/g, ' ').trim()
}

test('the quote goes with the line above it', () =>
  expect(shown('<div>Yes, please.</div><div>On Monday Ann wrote:<br><blockquote>Shall we?</blockquote></div>', 'Yes, please.')).toBe('Yes, please.'))

test('a bare text after a break is hidden too', () =>
  expect(shown('Yes,<br>please.<br><br>On Monday Ann wrote:<blockquote>Shall we?</blockquote>', 'Yes,\nplease.')).toBe('Yes,please.'))

test('Russian quotes fold like others', () =>
  expect(shown('<p>Спасибо!</p><p>23 ноября Анна пишет:</p><blockquote>Готово.</blockquote>', 'Спасибо!')).toBe('Спасибо!'))

test('where text and HTML differ, the quote alone is hidden', () =>
  expect(shown('<p>See <a href="https://example.org">this</a></p><p>Ann wrote:</p><blockquote>What?</blockquote>', 'See this https://example.org')).toBe('See thisAnn wrote:'))

test('without a quote nothing is hidden', () => expect(shown('<p>One</p><p>Two</p>', 'Something else')).toBe('One Two'.replace(' ', '')))
