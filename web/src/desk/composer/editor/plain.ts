/** What was written with formatting, as plain text: what the desk stores, searches and quotes. */

/** A node of the editor's document, as it gives it out as JSON. */
export interface Piece {
  type?: string
  text?: string
  attrs?: Record<string, unknown>
  marks?: { type: string; attrs?: Record<string, unknown> }[]
  content?: Piece[]
}

export const plain = (document: Piece): string => linesOf(document).join('\n')

function linesOf(node: Piece): string[] {
  const parts = node.content ?? []
  if (node.type === 'blockquote') return below(parts).map((line) => (line ? `> ${line}` : '>'))
  if (node.type === 'bulletList') return parts.flatMap((item) => hung('- ', below(item.content ?? [])))
  if (node.type === 'orderedList') return parts.flatMap((item, index) => hung(`${Number(node.attrs?.start ?? 1) + index}. `, below(item.content ?? [])))
  if (node.type === 'doc') return below(parts)
  return inline(parts).split('\n')
}

const below = (parts: Piece[]): string[] => parts.flatMap(linesOf)

const hung = (sign: string, lines: string[]): string[] => lines.map((line, index) => (index ? ' '.repeat(sign.length) : sign) + line)

function inline(parts: Piece[]): string {
  return parts
    .map((part, index) => {
      if (part.type === 'hardBreak') return '\n'
      if (part.type === 'picture') return `[${String(part.attrs?.alt ?? '')}]`
      const href = linkOf(part)
      // Several pieces may make one link: its address is told once, behind the last of them.
      const ends = href !== null && linkOf(parts[index + 1]) !== href
      return (part.text ?? '') + (ends && !spelt(textOf(parts, index, href), href) ? ` <${href}>` : '')
    })
    .join('')
}

const linkOf = (part: Piece | undefined): string | null => (part?.marks?.find((mark) => mark.type === 'link')?.attrs?.href as string | undefined) ?? null

function textOf(parts: Piece[], last: number, href: string): string {
  let first = last
  while (linkOf(parts[first - 1]) === href) first -= 1
  return parts.slice(first, last + 1).map((part) => part.text ?? '').join('')
}

/** Does the text say the address already? */
const spelt = (text: string, href: string): boolean => bare(text) === bare(href)
const bare = (address: string): string => address.trim().replace(/^(https?:\/\/|mailto:)/i, '').replace(/\/$/, '').toLowerCase()

/** Is there anything that plain text does not say? A link that spells out its address is none. */
export function formatted(node: Piece): boolean {
  if (!['doc', 'paragraph', 'text', 'hardBreak'].includes(node.type ?? '')) return true
  const marks = node.marks?.some((mark) => mark.type !== 'link' || !spelt(node.text ?? '', String(mark.attrs?.href ?? '')))
  return Boolean(marks) || (node.content ?? []).some(formatted)
}

/** Plain text as the editor's document: a paragraph for each line. */
export const fromText = (text: string): Piece => ({
  type: 'doc',
  content: text.split('\n').map((line) => ({ type: 'paragraph', content: line ? [{ type: 'text', text: line }] : [] })),
})
