import { expect, test } from 'vitest'
import { folded } from '../src/mail/folded'

const signatures = {
  'below the delimiter': '-- \nCarla Conti\nAccounts · Tel: +39 055 1234567\nhttps://customer.example',
  'below the delimiter, long': `--\n${'One more line of the small print.\n'.repeat(20)}`,
  'in Russian': '\n--\nС уважением,\nКарла Конти',
  'below other dashes': '___\nCarla',
  'of a telephone': 'Sent from my iPhone',
  'of a closing': 'Best regards,\nCarla Conti',
  'of a telephone, in Russian': '\nОтправлено из мобильной Почты Mail.ru\n',
}
const quotes = {
  'marked lines': '> It is on fire.\n> Please help.',
  'announced': 'On Monday Ann wrote:\n\nUse water.',
  'announced, in Russian': 'Понедельник, 23 ноября 2026 от Support:\nЧто именно?',
  'a block of headers': 'From: Support <support@desk.localhost>\nSent: Monday\n\nUse water.',
  'a block of headers, in Russian': 'От: Support\nОтправлено: понедельник\n\nВода.',
  'Outlook’s dashes': '-----Original Message-----\nUse water.',
  'long, and nothing announces it': 'A line of text.\n'.repeat(20),
  'below a signature': '-- \nCarla Conti\n\n> Use water.',
  'below a signature, announced': '-- \nCarla\n\nOn Monday Ann wrote:\nUse water.',
}

const shown = 'Yes, please.\n\n'
const what = (rest: string, html: string | null = null): string => folded({ text: shown + rest, fold: shown.length, html })

for (const [name, text] of Object.entries(signatures)) test(`a signature ${name}`, () => expect(what(text)).toBe('signature'))
for (const [name, text] of Object.entries(quotes)) test(`a quote: ${name}`, () => expect(what(text)).toBe('quote'))

test('a letter in HTML that quotes says so by its marks', () => {
  expect(what('Ann has written', '<p>Yes, please.</p><blockquote>Ann has written</blockquote>')).toBe('quote')
  expect(what('Carla', '<p>Yes, please.</p><p>Carla</p>')).toBe('signature')
})
