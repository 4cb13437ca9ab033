/** Addresses of the web in plain text, as far as people mean them: without the marks of the sentence around them. */
const ADDRESS = /https?:\/\/[^\s<>"'«»“”„‘’`]+/gi
const SENTENCE_ENDS = /[.,;:!?…*_]+$/

export interface Part {
  text: string
  link: boolean
}

export function linked(text: string): Part[] {
  const parts: Part[] = []
  let at = 0
  for (const found of text.matchAll(ADDRESS)) {
    const address = meant(found[0])
    if (!/^https?:\/\/[^/?#]*[\p{L}\p{N}\]]/iu.test(address)) continue
    if (found.index > at) parts.push({ text: text.slice(at, found.index), link: false })
    parts.push({ text: address, link: true })
    at = found.index + address.length
  }
  if (at < text.length) parts.push({ text: text.slice(at), link: false })
  return parts
}

/** A closing bracket belongs to the address only where it was opened in it. */
function meant(address: string): string {
  let left = address.replace(SENTENCE_ENDS, '')
  for (const [open, close] of ['()', '[]', '{}'].map((pair) => [...pair] as [string, string])) {
    while (left.endsWith(close) && left.split(close).length > left.split(open).length) left = left.slice(0, -1).replace(SENTENCE_ENDS, '')
  }
  return left
}
