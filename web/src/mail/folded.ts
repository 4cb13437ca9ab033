/** What quotes are known by: marked lines, the line that announces them, a block of headers, dashes around a few words. */
const QUOTED = [
  /^\s*[>|]/m,
  /:\s*$/m,
  /^\W*(from|von|de|da|van|od|fra|från|от|від)\W*:/im,
  /^\s*[-_–—=]{3,}[^\S\n]*\p{L}[^\n]*[-_–—=]{3,}\s*$/mu,
]

interface Foldable {
  text: string
  /** How many characters stand before the rest. */
  fold: number | null
  html: string | null
}

const DELIMITER = /^\s*([-–—]{2,}|_{2,})\s*$/m
/** Lines of a signature that nothing announces: that of a telephone, a closing with the name, an address. */
const SHORT = 8
/** As the desk's sieve leaves it in the HTML of a letter. */
const QUOTED_HTML = /<blockquote|data-mark="quote"/i

/** What the folded rest of a letter is; the desk does not say it. In doubt it is a quote, which most of them are. */
export function folded({ text, fold, html }: Foldable): 'signature' | 'quote' {
  const rest = text.slice(fold ?? text.length).trim()
  const [first, ...others] = rest.split('\n')
  const signs = DELIMITER.test(first!) || others.length < SHORT
  const quotes = QUOTED.some((mark) => mark.test(rest)) || QUOTED_HTML.test(html ?? '')
  return signs && !quotes ? 'signature' : 'quote'
}
