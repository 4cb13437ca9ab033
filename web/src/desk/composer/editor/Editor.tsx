import { Editor as Core, type JSONContent } from '@tiptap/core'
import { Slice } from '@tiptap/pm/model'
import { useEffect, useLayoutEffect, useReducer, useRef, useState, type RefObject } from 'react'
import type { DraftBody } from '../../../api/types'
import css from './editor.module.css'
import { letter } from './letter'
import { cleaned } from './paste'
import { pictures } from './pictures'
import { formatted, fromText, plain } from './plain'
import { Toolbar } from './Toolbar'

/** What the composer may ask of the place where one writes. */
export interface Box {
  focus: () => void
  /** Takes a picture out of the text that could not be uploaded. */
  removePicture?: (key: string) => void
}

interface Props {
  box: RefObject<Box | null>
  label: string
  placeholder: string
  focused: boolean
  /** To be read, not to be changed; it keeps the focus. */
  frozen: boolean
  draft: DraftBody
  edit: (part: Partial<DraftBody>) => void
  send: () => void
  /** Files that go beside the text. */
  attach: (files: Iterable<File>) => void
  /** Uploads a picture that stands in the text; gives its key. */
  picture: (file: File) => string
}

/** The text of a letter, with formatting and pictures. What it starts with is the draft; from then on it tells every change. */
export default function Editor(props: Props) {
  const holder = useRef<HTMLDivElement>(null)
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })
  const [editor, setEditor] = useState<Core | null>(null)
  const [, redraw] = useReducer((times: number) => times + 1, 0)
  useLayoutEffect(() => {
    const core = made(holder.current!, latest)
    const { box, focused } = latest.current
    core.on('transaction', redraw)
    box.current = { focus: () => core.view.focus(), removePicture: (key) => removePicture(core, key) }
    core.commands.setTextSelection(core.state.doc.content.size)
    if (focused) core.view.focus()
    setEditor(core)
    return () => {
      box.current = null
      core.destroy()
    }
  }, [])
  useLayoutEffect(() => void editor?.setEditable(!props.frozen, false), [editor, props.frozen])
  return (
    <div className={css.editor}>
      <fieldset className={css.bar} disabled={props.frozen}>
        {editor && <Toolbar editor={editor} picture={(file) => insertPicture(editor, latest.current.picture(file), file.name)} />}
      </fieldset>
      <div className={css.holder} ref={holder} />
    </div>
  )
}

function made(element: HTMLElement, latest: RefObject<Props>): Core {
  const { draft, label, placeholder } = latest.current
  const core: Core = new Core({
    element,
    injectCSS: false,
    coreExtensionOptions: { clipboardTextSerializer: { blockSeparator: '\n' } },
    extensions: letter(placeholder),
    content: draft.html ?? (fromText(draft.text) as JSONContent),
    parseOptions: { preserveWhitespace: 'full' },
    onUpdate: ({ editor }) => {
      const document = editor.getJSON()
      latest.current.edit({ text: plain(document), html: formatted(document) ? editor.getHTML() : undefined })
    },
    editorProps: {
      // What cannot be edited can only have the focus by its tabindex.
      attributes: () => ({ role: 'textbox', 'aria-multiline': 'true', 'aria-label': label, 'aria-readonly': String(latest.current.frozen), tabindex: '0', class: `input ${css.text}`, spellcheck: 'true' }),
      handleKeyDown: (view, event) => pressed(event, latest.current, () => view.dom.blur()),
      handlePaste: (_, event) => took(core, event.clipboardData, latest.current),
      handleDrop: (view, event, __, moved) => {
        if (moved || !event.dataTransfer?.files.length) return false
        const at = view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos
        if (at !== undefined) core.commands.setTextSelection(at)
        return took(core, event.dataTransfer, latest.current)
      },
      // A line stays a line, an empty one too.
      clipboardTextParser: (text, context) => {
        const lines = core.schema.nodeFromJSON(fromText(text.replace(/\r\n?/g, '\n')))
        return new Slice(lines.content, context.parent.isTextblock ? 1 : 0, context.parent.isTextblock ? 1 : 0)
      },
      transformPastedHTML: (html) => cleaned(html, latest.current.picture, (key) => Boolean(pictures.url(key))),
    },
  })
  return core
}

function pressed(event: KeyboardEvent, { send }: Props, leave: () => void): boolean {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send()
  else if (event.key === 'Escape') leave()
  else if (event.altKey && event.key === 'F10') toToolbar(event)
  else return false
  event.preventDefault()
  return true
}

const toToolbar = (event: KeyboardEvent): void =>
  (event.target as HTMLElement).closest(`.${css.editor}`)?.querySelector<HTMLElement>('[role=toolbar] [tabindex="0"]')?.focus()

/** Pictures into the text, other files beside it. Where text came along (Word adds a picture of what it copies), the text counts. */
function took(core: Core, data: DataTransfer | null, { picture, attach }: Props): boolean {
  const files = [...(data?.files ?? [])]
  if (!files.length || data!.types.includes('text/html') || data!.types.includes('text/rtf')) return false
  const shown = files.filter((file) => /^image\/(png|gif|jpeg|webp)$/.test(file.type))
  shown.forEach((file) => insertPicture(core, picture(file), file.name))
  attach(files.filter((file) => !shown.includes(file)))
  return true
}

function insertPicture(core: Core, key: string, alt: string): void {
  core.chain().insertContent({ type: 'picture', attrs: { key, alt } }).focus().run()
}

function removePicture(core: Core, key: string): void {
  const { tr, doc } = core.state
  doc.descendants((node, at) => {
    if (node.type.name === 'picture' && node.attrs.key === key) tr.delete(tr.mapping.map(at), tr.mapping.map(at + node.nodeSize))
  })
  core.view.dispatch(tr)
}
