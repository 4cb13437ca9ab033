// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import { Editor, type JSONContent } from '@tiptap/core'
import { leaving } from '../src/desk/composer/editor/leaving'
import { letter } from '../src/desk/composer/editor/letter'
import { cleaned } from '../src/desk/composer/editor/paste'
import { keysIn } from '../src/desk/composer/editor/pictures'
import { formatted, fromText, plain } from '../src/desk/composer/editor/plain'

function written(content: string | JSONContent) {
  const editor = new Editor({ injectCSS: false, extensions: letter(''), content, parseOptions: { preserveWhitespace: 'full' } })
  const document = editor.getJSON()
  const html = editor.getHTML()
  editor.destroy()
  return { document, html, text: plain(document), formatted: formatted(document) }
}

const pasted = (html: string) => written(cleaned(html, () => null, () => false))

test('plain words stay plain, line for line', () => {
  const text = 'Dear Carla,\n\n  the second page  is corrected.\n\nAnn'
  const { text: again, formatted: any, html } = written(fromText(text) as JSONContent)
  expect(again).toBe(text)
  expect(any).toBe(false)
  expect(written(html).text).toBe(text)
})

test('lists, quotes, code and links are told in text', () => {
  const { text } = written(
    '<p>See <a href="https://example.org/help">the <strong>page</strong></a> and https://example.com</p><ol><li><p>one</p></li><li><p>two</p><ul><li><p>inner</p></li></ul></li></ol><blockquote><p>said</p><p></p><p>before</p></blockquote><pre><code>a = 1\nb = 2</code></pre>',
  )
  expect(text).toBe('See the page <https://example.org/help> and https://example.com\n1. one\n2. two\n   - inner\n> said\n>\n> before\na = 1\nb = 2')
})

test('a link that spells out its address is no formatting, bold is', () => {
  expect(written('<p><a href="https://example.org">example.org</a></p>').formatted).toBe(false)
  expect(written('<p><a href="https://example.org">here</a></p>').formatted).toBe(true)
  expect(written('<p><b>now</b></p>').formatted).toBe(true)
})

test('a link runs nothing', () => {
  expect(written('<p><a href="javascript:alert(1)">click</a> <a href="data:text/html,x">here</a></p>').html).not.toMatch(/href/)
})

test('what Word calls a list becomes one', () => {
  const item = (level: number, sign: string, text: string) =>
    `<p class=MsoListParagraphCxSpMiddle style='margin-left:36pt;mso-list:l0 level${level} lfo1'><!--[if !supportLists]--><span style='font-family:Symbol'><span style='mso-list:Ignore'>${sign}<span>&nbsp;&nbsp; </span></span></span><!--[endif]-->${text}<o:p></o:p></p>`
  const word = `<html><head><style>p.MsoNormal{margin:0}</style></head><body><p class=MsoNormal>First:<o:p></o:p></p>${item(1, '·', 'apples')}${item(2, 'o', 'red')}${item(1, '·', 'pears')}<p class=MsoNormal>Then:</p>${item(1, '1.', 'wash')}${item(1, '2.', 'eat')}</body></html>`
  expect(pasted(word).text).toBe('First:\n- apples\n  - red\n- pears\nThen:\n1. wash\n2. eat')
})

test('of a web page words, weight and links are kept, not colours, scripts, far pictures or tables', () => {
  const { html, text } = pasted(
    '<h2 style="color:red">Prices</h2><script>x</script><p onclick="x" style="font-size:40px">From <b>today</b> <a href="https://example.org" style="color:blue">on</a></p><img src="https://tracker.example/p.png"><table><tr><th>Tea</th><td>2 €</td></tr><tr><th>Milk</th><td>1 €</td></tr></table>',
  )
  expect(text).toBe('Prices\n\nFrom today on <https://example.org>\nTea | 2 €\nMilk | 1 €')
  expect(html).not.toMatch(/style|script|img|onclick|table|h2/)
  expect(html).toContain('<strong>Prices</strong>')
})

test('weight and slant of Google Docs are kept, its bold that is none is not', () => {
  const { html } = pasted('<b style="font-weight:normal" id="docs-internal"><p><span style="font-weight:700;color:#000">Now</span> <span style="font-style:italic">or</span> never</p></b>')
  expect(html).toBe('<p><strong>Now</strong> <em>or</em> never</p>')
})

test('a picture within the pasted page is taken along, one that is only named is not', () => {
  const keep = vi.fn(() => 'key-1')
  const html = cleaned('<p>Look: <img alt="dot.png" src="data:image/png;base64,iVBORw0KGgo="><img src="cid:other@mail"><img src="file:///C:/x.png"></p>', keep, () => false)
  expect(html).toBe('<p>Look: <img alt="dot.png" src="cid:key-1"></p>')
  expect(keep.mock.calls[0]).toMatchObject([{ name: 'dot.png', type: 'image/png', size: 8 }])
})

test('a letter leaves in lines, with the uploads of its pictures', () => {
  const html = '<p>One</p><p></p><ul><li><p>a</p></li></ul><p><img src="cid:key-1" alt="dot"><img src="cid:key-2" alt="lost"></p>'
  expect(keysIn(html)).toEqual(new Set(['key-1', 'key-2']))
  expect(leaving(html, new Map([['key-1', 'UPLOAD']]))).toBe('<div>One</div><div><br></div><ul><li>a</li></ul><div><img src="cid:UPLOAD" alt="dot"></div>')
})
