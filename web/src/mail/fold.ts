/** Folds the quoted rest of an HTML mail where the desk has found it in the text. */

const squeezed = (text: string): string => text.replace(/[\s\u00a0\u200b>*_|-]+/g, '')

/**
 * Marks with `data-fold` what comes after `visible`, the part of the text that stays. Where the HTML says something else than
 * the text (links spelt out, lists), the first quote on the top level is marked; where there is none, nothing is.
 */
export function markFold(body: HTMLElement, visible: string): void {
  const boundary = endOf(body, squeezed(visible))
  if (boundary) markAfter(body, boundary)
  else firstQuote(body)?.setAttribute('data-fold', '')
}

/** The last text node of the visible part; null where the texts differ, or where it ends in the middle of a word. */
function endOf(body: HTMLElement, wanted: string): Text | null {
  const texts = body.ownerDocument.createTreeWalker(body, 4 /* NodeFilter.SHOW_TEXT */)
  let left = wanted
  let last: Text | null = null
  while (left && texts.nextNode()) {
    const node = texts.currentNode as Text
    const part = squeezed(node.data)
    if (!part) continue
    if (!left.startsWith(part)) return null
    left = left.slice(part.length)
    last = node
  }
  return left ? null : last
}

function markAfter(body: HTMLElement, node: Node): void {
  for (let at: Node | null = node; at && at !== body; at = at.parentNode) {
    const siblings = [...at.parentNode!.childNodes]
    siblings.slice(siblings.indexOf(at as ChildNode) + 1).forEach(hide)
  }
}

function hide(node: Node): void {
  if (node.nodeType === 1) return (node as Element).setAttribute('data-fold', '')
  if (node.nodeType !== 3 || !node.textContent?.trim()) return
  const shell = node.ownerDocument!.createElement('span')
  node.parentNode!.replaceChild(shell, node)
  shell.append(node)
  shell.setAttribute('data-fold', '')
}

function firstQuote(body: HTMLElement): Element | undefined {
  return [...body.querySelectorAll('blockquote')].find((each) => !each.parentElement?.closest('blockquote'))
}
