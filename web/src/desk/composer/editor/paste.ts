/** Makes pasted HTML simple enough for a letter; what the editor does not know falls away in the editor itself. */

/** Gives a `cid:` key for a picture that came along, null where it cannot be taken. */
export type Keep = (file: File) => string | null

export function cleaned(html: string, keep: Keep, known: (key: string) => boolean): string {
  const bare = unstyled(html)
  if (bare.includes('data-pm-slice')) return bare // out of an editor like this one
  const { body } = new DOMParser().parseFromString(bare, 'text/html')
  body.querySelectorAll('script, meta, link, title, template').forEach((each) => each.remove())
  comments(body).forEach((each) => each.remove())
  body.querySelectorAll('img').forEach((image) => takePicture(image, keep, known))
  wordLists(body)
  body.querySelectorAll('table').forEach(asLines)
  body.querySelectorAll('h1, h2, h3, h4, h5, h6').forEach(asBold)
  space(body)
  body.querySelectorAll('[data-style]').forEach(asMarks)
  return body.innerHTML
}

/** A parsed page is under our own policy, which would refuse and report its styles: they are read as data. */
const unstyled = (html: string): string =>
  html.replace(/<style\b[\s\S]*?<\/style\s*>/gi, '').replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/(\s)style(?=\s*=)/gi, '$1data-style'))

/** Weight and slant that are styles only; a <b> that is none, as Google Docs writes it. */
function asMarks(element: Element): void {
  const style = element.getAttribute('data-style')!
  element.removeAttribute('data-style')
  if (/font-weight:\s*(normal|400)/i.test(style) && element.matches('b, strong')) return element.replaceWith(...element.childNodes)
  if (element.matches('span, font')) {
    if (/font-weight:\s*(bold|[6-9]00)/i.test(style)) wrap(element, 'strong')
    if (/font-style:\s*italic/i.test(style)) wrap(element, 'em')
  }
}

function wrap(element: Element, name: string): void {
  const shell = element.ownerDocument.createElement(name)
  shell.append(...element.childNodes)
  element.append(shell)
}

function comments(body: HTMLElement): ChildNode[] {
  const walk = body.ownerDocument.createTreeWalker(body, 128 /* NodeFilter.SHOW_COMMENT */)
  const found: ChildNode[] = []
  while (walk.nextNode()) found.push(walk.currentNode as ChildNode)
  return found
}

function takePicture(image: HTMLImageElement, keep: Keep, known: (key: string) => boolean): void {
  const source = image.getAttribute('src') ?? ''
  if (source.startsWith('cid:') && known(source.slice(4))) return
  const file = pictureOf(source, image.alt)
  const key = file && keep(file)
  // A picture that lies elsewhere would be fetched by whoever reads the letter: it does not come along.
  if (key) image.setAttribute('src', `cid:${key}`)
  else image.remove()
}

const DATA = /^data:(image\/(png|gif|jpeg|webp));base64,([A-Za-z0-9+/=\s]+)$/

function pictureOf(source: string, name: string): File | null {
  const found = DATA.exec(source)
  if (!found) return null
  const bytes = Uint8Array.from(atob(found[3]!.replace(/\s/g, '')), (sign) => sign.charCodeAt(0))
  return new File([bytes], name || `picture.${found[2]}`, { type: found[1]! })
}

// -- Word writes lists as paragraphs with a drawn bullet or number

function wordLists(body: HTMLElement): void {
  const open: HTMLElement[] = []
  for (const item of body.querySelectorAll<HTMLElement>('p[data-style*="mso-list"], p[class*="MsoListParagraph"]')) {
    const sign = item.querySelector<HTMLElement>('[data-style*="mso-list:Ignore"], [data-style*="mso-list: Ignore"]')
    const level = Number(/mso-list:[^;]*level(\d)/.exec(item.getAttribute('data-style') ?? '')?.[1] ?? 1)
    if (!sign) continue // a paragraph within an item
    const follows = open[0] !== undefined && item.previousElementSibling === open[0]
    open.length = follows ? Math.min(open.length, level) : 0
    if (open.length < level) begin(open, item, /^\s*[\p{L}\d]{1,4}[.)]/u.test(sign.textContent ?? ''))
    sign.remove()
    const shell = item.ownerDocument.createElement('li')
    open.at(-1)!.append(shell)
    shell.append(item)
  }
}

/** A list before `item`, or within the item before it. */
function begin(open: HTMLElement[], item: HTMLElement, numbered: boolean): void {
  const list = item.ownerDocument.createElement(numbered ? 'ol' : 'ul')
  const above = open.at(-1)?.lastElementChild
  if (above) above.append(list)
  else item.before(list)
  open.push(list)
}

// -- what a letter cannot show

function asLines(table: HTMLTableElement): void {
  const lines = [...table.rows].map((row) => {
    const line = table.ownerDocument.createElement('p')
    line.className = 'Mso'
    line.textContent = [...row.cells].map((cell) => cell.textContent!.replace(/\s+/g, ' ').trim()).join(' | ')
    return line
  })
  table.replaceWith(...lines)
}

function asBold(heading: Element): void {
  const line = heading.ownerDocument.createElement('p')
  const bold = heading.ownerDocument.createElement('strong')
  bold.append(...heading.childNodes)
  line.append(bold)
  heading.replaceWith(line)
}

/** Paragraphs of a page have space between them; lines of a letter have an empty one. Word's own stand close. */
function space(body: HTMLElement): void {
  for (const paragraph of body.querySelectorAll('p + p')) {
    if (paragraph.closest('li') || /Mso/.test(paragraph.className) || /margin:\s*0/.test(paragraph.getAttribute('data-style') ?? '')) continue
    paragraph.before(body.ownerDocument.createElement('p'))
  }
}
