// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { markFold } from '../src/mail/fold'

function shown(html: string, visible: string, rest = ''): string {
  const body = document.createElement('div')
  body.innerHTML = html
  markFold(body, visible, rest)
  body.querySelectorAll('[data-fold]').forEach((hidden) => hidden.remove())
  return body.textContent!.replace(/\s+/g, ' ').trim()
}

test('the quote goes with the line above it', () =>
  expect(shown('<div>Yes, please.</div><div>On Monday Ann wrote:<br><blockquote>Shall we?</blockquote></div>', 'Yes, please.')).toBe('Yes, please.'))

test('a bare text after a break is hidden too', () =>
  expect(shown('Yes,<br>please.<br><br>On Monday Ann wrote:<blockquote>Shall we?</blockquote>', 'Yes,\nplease.')).toBe('Yes,please.'))

test('Russian quotes fold like others', () =>
  expect(shown('<p>Спасибо!</p><p>23 ноября Анна пишет:</p><blockquote>Готово.</blockquote>', 'Спасибо!')).toBe('Спасибо!'))

const pictures = (html: string, visible: string): string[] => {
  const body = document.createElement('div')
  body.innerHTML = html
  markFold(body, visible)
  return [...body.querySelectorAll('img')].filter((each) => !each.closest('[data-fold]')).map((each) => each.alt)
}

test('a picture at the end of the own words stays, one within the quote or the signature does not', () => {
  const quote = '<div data-mark="quote">On Monday Ann wrote:<blockquote><img alt="theirs"></blockquote></div>'
  expect(pictures(`<p>Here it is:</p><p><br><img alt="mine"></p><p><img alt="too"></p>${quote}`, 'Here it is:')).toEqual(['mine', 'too'])
  expect(pictures('<p>Here it is: <img alt="mine"></p><p>-- <br>Carla <img alt="logo"></p>', 'Here it is:')).toEqual(['mine'])
})

test('where text and HTML differ, the quote alone is hidden', () =>
  expect(shown('<p>See <a href="https://example.org">this</a></p><p>Ann wrote:</p><blockquote>What?</blockquote>', 'See this https://example.org')).toBe('See thisAnn wrote:'))

test('without a quote nothing is hidden', () => expect(shown('<p>One</p><p>Two</p>', 'Something else')).toBe('One Two'.replace(' ', '')))

test('Gmail: a link in the answer does not keep the quote from folding, its line included', () =>
  expect(
    shown(
      '<div dir="ltr">See <a href="https://example.org/a">our page</a>.</div><br><div data-mark="quote"><div>On Mon, Nov 23, 2026 Ann wrote:<br></div><blockquote>Where?</blockquote></div>',
      'See our page <https://example.org/a>.',
      'On Mon, Nov 23, 2026 Ann wrote:\n\n> Where?',
    ),
  ).toBe('See our page.'))

test('Outlook: the block of headers goes with its border', () =>
  expect(
    shown(
      '<div><p>Please call me: <a href="tel:+4712345678">office</a></p><div style="border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> Support<br><b>Sent:</b> Monday</p></div><p>Hello Carla</p></div>',
      'Please call me: office<tel:+4712345678>',
      'From: Support\nSent: Monday\n\nHello Carla',
    ),
  ).toBe('Please call me: office'))

test('mail.ru: the line above the quote and the quote are folded, the list before them is not', () =>
  expect(
    shown(
      '<div><ol><li>Первое</li><li>Второе</li></ol></div><blockquote>Понедельник, 23 ноября 2026 от Support:<div>Что именно?</div></blockquote>',
      '1. Первое\n2. Второе',
      'Понедельник, 23 ноября 2026 от Support:\n> Что именно?',
    ),
  ).toBe('ПервоеВторое'))

test('where nothing of the rest is found, the quote is known by its mark', () =>
  expect(shown('<p>A <i>different</i> text</p><div data-mark="quote">Quoted</div>', 'Another text', 'Nothing alike at all')).toBe('A different text'))

test('the dashes above a signature go with it', () =>
  expect(shown('<div>См. <a href="https://example.org">это</a></div><div>&nbsp;</div><div><div>--<br>Карла Конти</div></div>', 'См. это <https://example.org>', '--\nКарла Конти')).toBe('См. это'))
