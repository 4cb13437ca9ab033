/** Folds the quoted rest of an HTML mail where the desk has found it in the text. */

const squeezed = (text: string): string => text.replace(/[\s\u00a0\u200b>*_|-]+/g, '')

/** So much of the rest has to be found again, at least and at most. */
const LEAST = 6
const ENOUGH = 60

/**
 * Marks with `data-fold` what comes after `visible`, the part of the text that stays; `rest` is what the text goes on with.
 * Where the HTML says something else than the text before the fold (links spelt out, lists), the beginning of the rest is
 * looked for; where that is not there either, the first quote by its marks; where there is none, nothing is folded.
 */
export function markFold(body: HTMLElement, visible: string, rest = ''): void {
  const texts = textsOf(body)
  const last = endOf(texts, squeezed(visible))
  if (last) return markAfter(body, picturesBehind(body, last))
  const first = startOf(texts, squeezed(visible).length, squeezed(rest).slice(0, ENOUGH)) ?? firstQuote(body)
  if (first) markFrom(body, first)
}

function textsOf(body: HTMLElement): Text[] {
  const walk = body.ownerDocument.createTreeWalker(body, 4 /* NodeFilter.SHOW_TEXT */)
  const found: Text[] = []
  while (walk.nextNode()) if (squeezed((walk.currentNode as Text).data)) found.push(walk.currentNode as Text)
  return found
}

/** The last text node of the visible part; null where the texts differ, or where it ends in the middle of a word. */
function endOf(texts: Text[], wanted: string): Text | null {
  let left = wanted
  let last: Text | null = null
  for (const node of texts) {
    if (!left) break
    const part = squeezed(node.data)
    if (!left.startsWith(part)) return null
    left = left.slice(part.length)
    last = node
  }
  return left ? null : last
}

/** The last picture before the next words or the next quote: the text knows nothing of pictures. */
function picturesBehind(body: HTMLElement, last: Text): Node {
  const walk = body.ownerDocument.createTreeWalker(body, 5 /* NodeFilter.SHOW_ELEMENT | SHOW_TEXT */)
  walk.currentNode = last
  let found: Node = last
  while (walk.nextNode()) {
    const at = walk.currentNode
    if (at.nodeType === 3 ? squeezed((at as Text).data) : (at as Element).matches('blockquote, [data-mark]')) break
    if (at.nodeName === 'IMG') found = at
  }
  return found
}

/** The text node that begins as the rest does, the one nearest to where it is expected. */
function startOf(texts: Text[], expected: number, wanted: string): Text | null {
  if (wanted.length < LEAST) return null
  const whole = texts.map((node) => squeezed(node.data)).join('')
  let best: Text | null = null
  let distance = Infinity
  let at = 0
  for (const node of texts) {
    if (whole.startsWith(wanted, at) && Math.abs(at - expected) < distance) [best, distance] = [node, Math.abs(at - expected)]
    at += squeezed(node.data).length
  }
  return best
}

function markAfter(body: HTMLElement, node: Node): void {
  for (let at: Node | null = node; at && at !== body; at = at.parentNode) {
    const siblings = [...at.parentNode!.childNodes]
    siblings.slice(siblings.indexOf(at as ChildNode) + 1).forEach(hide)
  }
}

function markFrom(body: HTMLElement, node: Node): void {
  // Whatever begins with it goes as a whole, with its border and its margin.
  let at = node
  while (at.parentNode && at.parentNode !== body && isFirst(at)) at = at.parentNode
  markAfter(body, at)
  hide(at)
  // The dashes and empty lines above it as well.
  for (let above = at.previousSibling; above && saysNothing(above); above = above.previousSibling) hide(above)
}

const isFirst = (node: Node): boolean => {
  for (let before = node.previousSibling; before; before = before.previousSibling) if (!saysNothing(before)) return false
  return true
}

const saysNothing = (node: Node): boolean => !squeezed(node.textContent ?? '') && node.nodeName !== 'IMG' && !(node as Partial<Element>).querySelector?.('img')

function hide(node: Node): void {
  if (node.nodeType === 1) return (node as Element).setAttribute('data-fold', '')
  if (node.nodeType !== 3 || !node.textContent?.trim()) return
  const shell = node.ownerDocument!.createElement('span')
  node.parentNode!.replaceChild(shell, node)
  shell.append(node)
  shell.setAttribute('data-fold', '')
}

/** What mail programs mark a quote by. The marks were classes; the sanitiser keeps them as `data-mark`. */
function firstQuote(body: HTMLElement): Element | undefined {
  return body.querySelector('[data-mark=quote]') ?? [...body.querySelectorAll('blockquote')].find((each) => !each.parentElement?.closest('blockquote'))
}
