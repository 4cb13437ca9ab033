/** The second pass over HTML mail (the first one is the desk's own, when the mail is taken in). */
import createDOMPurify, { type Config, type WindowLike } from 'dompurify'

const RULES: Config = {
  FORBID_TAGS: ['style', 'script', 'form', 'input', 'button', 'textarea', 'select', 'option', 'svg', 'math', 'base', 'meta', 'link', 'iframe', 'object', 'embed', 'template', 'audio', 'video', 'source', 'track', 'dialog'],
  FORBID_ATTR: ['id', 'name', 'class', 'srcset', 'ping', 'background', 'poster', 'autofocus', 'tabindex', 'accesskey', 'popover', 'slot', 'is'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  // Values without a scheme pass here (border="1" is asked too); addresses are looked at below.
  ALLOWED_URI_REGEXP: /^(?:(?:https?|mailto|tel|cid):|data:image\/(?:png|gif|jpe?g|webp);|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i,
}

const LINKS = /^(?:https?:\/\/|mailto:|tel:)/i
const SHOWN = /^data:image\//i
const INLINE = /^cid:/i
const REMOTE = /^(?:https?:)?\/\//i

/** The classes by which mail programs mark what they quote. */
const QUOTE = /(?:^|\s)(?:gmail_quote|gmail_attr|yahoo_quoted|moz-cite-prefix|protonmail_quote|OutlookMessageHeader|mail-quote)/i

const LOADS = /url\s*\(|image-set\s*\(|@import|expression|\\/i
const MOVES = /(?:^|;)\s*(?:position|z-index|behavior|-moz-binding|content|animation[\w-]*|transition[\w-]*)\s*:[^;]*/gi

export interface Clean {
  html: string
  /** Remote images that were left out. */
  blocked: number
}

/** Gives HTML without anything that runs or asks the network; `images` lets images from https through. */
export function sanitize(html: string, window: WindowLike, images = false): Clean {
  const purify = createDOMPurify(window)
  const inline = new Map<Node, string>()
  const quotes = new Set<Node>()
  let blocked = 0
  purify.addHook('uponSanitizeAttribute', (node, data) => {
    if (data.attrName === 'style' && LOADS.test(data.attrValue)) data.attrValue = withoutLoads(data.attrValue)
    if (data.attrName === 'style') data.attrValue = data.attrValue.replace(MOVES, '')
    if (data.attrName === 'class' && QUOTE.test(data.attrValue)) quotes.add(node)
    const address = data.attrValue.trim()
    // A relative address would ask this very desk, with the agent's session.
    if (data.attrName === 'href' && !LINKS.test(address)) data.keepAttr = false
    if (data.attrName !== 'src' || (node.nodeName === 'IMG' && (SHOWN.test(address) || (images && /^https:/i.test(address))))) return
    data.keepAttr = false
    if (INLINE.test(address)) inline.set(node, address.slice(4))
    if (REMOTE.test(address)) blocked += 1
  })
  purify.addHook('afterSanitizeAttributes', (node) => {
    // Whoever shows the mail fetches these; as a src it would be an unknown scheme, and blocked.
    if (quotes.has(node)) node.setAttribute('data-mark', 'quote')
    if (inline.has(node)) node.setAttribute('data-cid', inline.get(node)!)
    if (node.nodeName !== 'A') return
    node.setAttribute('target', '_blank')
    node.setAttribute('rel', 'noopener noreferrer nofollow')
  })
  // A base never gets through; taken out here, it does not even make the frame's policy report it.
  const clean = purify.sanitize(html.replace(/<base\b[^>]*>/gi, ''), RULES)
  purify.removeAllHooks()
  return { html: clean, blocked }
}

/** An escape or a url() hides its meaning until the browser has parsed it: such declarations go as a whole. */
const withoutLoads = (style: string): string =>
  style.split(';').filter((declaration) => !LOADS.test(declaration)).join(';')
