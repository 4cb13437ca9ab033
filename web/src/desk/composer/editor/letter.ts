/** What a letter may consist of. */
import { Node, type Extensions } from '@tiptap/core'
import StarterKit from '@tiptap/starter-kit'
import { Placeholder } from '@tiptap/extensions'
import { pictures } from './pictures'

/** A picture in the text: stored as `<img src="cid:KEY">`, shown from its blob. */
const Picture = Node.create({
  name: 'picture',
  group: 'inline',
  inline: true,
  draggable: true,
  addAttributes: () => ({ key: {}, alt: { default: '' } }),
  parseHTML: () => [
    {
      tag: 'img[src^="cid:"]',
      getAttrs: (image) => ({ key: image.getAttribute('src')!.slice(4), alt: image.getAttribute('alt') ?? '' }),
    },
  ],
  renderHTML: ({ node }) => ['img', { src: `cid:${String(node.attrs.key)}`, alt: String(node.attrs.alt) }],
  addNodeView: () => ({ node }) => {
    const url = pictures.url(String(node.attrs.key))
    const dom = document.createElement(url ? 'img' : 'span')
    if (url) Object.assign(dom, { src: url, alt: String(node.attrs.alt) })
    else dom.textContent = String(node.attrs.alt)
    dom.className = 'picture'
    return { dom }
  },
})

const SAFE = /^(https?:\/\/|mailto:|tel:)/i

export const letter = (placeholder: string): Extensions => [
  StarterKit.configure({
    heading: false,
    horizontalRule: false,
    trailingNode: false,
    link: { openOnClick: false, autolink: true, defaultProtocol: 'https', isAllowedUri: (uri) => SAFE.test(uri), HTMLAttributes: { target: null, rel: null } },
    dropcursor: { color: 'currentColor', width: 2 },
  }),
  Picture,
  Placeholder.configure({ placeholder }),
]
