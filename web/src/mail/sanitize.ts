/** The second pass over HTML mail (the first one is the desk's own, when the mail is taken in). */
import createDOMPurify, { type Config, type WindowLike } from 'dompurify'

const RULES: Config = {
  FORBID_TAGS: ['style', 'script', 'form', 'input', 'button', 'textarea', 'select', 'option', 'svg', 'math', 'base', 'meta', 'link', 'iframe', 'object', 'embed', 'template', 'audio', 'video', 'source', 'track', 'dialog'],
  FORBID_ATTR: ['id', 'name', 'class', 'srcset', 'ping', 'background', 'poster', 'autofocus', 'tabindex', 'accesskey', 'popover', 'slot', 'is'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|tel:|cid:|data:image\/(?:png|gif|jpe?g|webp);)/i,
}

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
  let blocked = 0
  purify.addHook('uponSanitizeAttribute', (node, data) => {
    if (data.attrName === 'style' && LOADS.test(data.attrValue)) data.attrValue = withoutLoads(data.attrValue)
    if (data.attrName === 'style') data.attrValue = data.attrValue.replace(MOVES, '')
    if (data.attrName !== 'src' || !/^https?:/i.test(data.attrValue.trim())) return
    if (node.nodeName === 'IMG' && images) return
    data.keepAttr = false
    blocked += 1
  })
  purify.addHook('afterSanitizeAttributes', (node) => {
    if (node.nodeName !== 'A') return
    node.setAttribute('target', '_blank')
    node.setAttribute('rel', 'noopener noreferrer nofollow')
  })
  const clean = purify.sanitize(html, RULES)
  purify.removeAllHooks()
  return { html: clean, blocked }
}

/** An escape or a url() hides its meaning until the browser has parsed it: such declarations go as a whole. */
const withoutLoads = (style: string): string =>
  style.split(';').filter((declaration) => !LOADS.test(declaration)).join(';')
