import type { Editor } from '@tiptap/core'
import { useRef, useState, type FormEvent, type KeyboardEvent } from 'react'
import { Icon, type Sign } from '../../../ui/Icon'
import { useWords, type Key } from '../../words'
import css from './editor.module.css'

interface Tool {
  name: string
  sign: Sign
  keys?: string
  run: (editor: Editor) => void
}

const TOOLS: Tool[] = [
  { name: 'bold', sign: 'bold', keys: 'Ctrl+B', run: (editor) => editor.chain().focus().toggleBold().run() },
  { name: 'italic', sign: 'italic', keys: 'Ctrl+I', run: (editor) => editor.chain().focus().toggleItalic().run() },
  { name: 'bulletList', sign: 'bullets', keys: 'Ctrl+Shift+8', run: (editor) => editor.chain().focus().toggleBulletList().run() },
  { name: 'orderedList', sign: 'numbers', keys: 'Ctrl+Shift+7', run: (editor) => editor.chain().focus().toggleOrderedList().run() },
  { name: 'blockquote', sign: 'quote', keys: 'Ctrl+Shift+B', run: (editor) => editor.chain().focus().toggleBlockquote().run() },
  { name: 'code', sign: 'code', keys: 'Ctrl+E', run: (editor) => editor.chain().focus().toggleCode().run() },
  { name: 'codeBlock', sign: 'block', keys: 'Ctrl+Alt+C', run: (editor) => editor.chain().focus().toggleCodeBlock().run() },
]

/** One stop for the Tab key; the arrows go from tool to tool. */
export function Toolbar({ editor, picture }: { editor: Editor; picture: (file: File) => void }) {
  const { t } = useWords()
  const [at, setAt] = useState(0)
  const [linking, setLinking] = useState(false)
  const bar = useRef<HTMLDivElement>(null)
  const files = useRef<HTMLInputElement>(null)
  const stop = (index: number) => ({ tabIndex: index === at ? 0 : -1, onFocus: () => setAt(index) })
  return (
    <>
      <div ref={bar} className={css.tools} role="toolbar" aria-label={t('formatting')} onKeyDown={(event) => walk(event, bar.current!)}>
        {TOOLS.map((tool, index) => (
          <Button key={tool.name} label={`tool_${tool.name}` as Key} sign={tool.sign} keys={tool.keys} pressed={editor.isActive(tool.name)} run={() => tool.run(editor)} {...stop(index)} />
        ))}
        <Button label="tool_link" sign="link" keys="Ctrl+K" pressed={editor.isActive('link')} run={() => setLinking(!linking)} expanded={linking} {...stop(TOOLS.length)} />
        <Button label="tool_picture" sign="picture" run={() => files.current?.click()} {...stop(TOOLS.length + 1)} />
        <Button label="tool_plain" sign="plain" run={() => editor.chain().focus().unsetAllMarks().clearNodes().run()} {...stop(TOOLS.length + 2)} />
      </div>
      <input
        ref={files}
        type="file"
        accept="image/png,image/gif,image/jpeg,image/webp"
        hidden
        data-picture
        aria-label={t('tool_picture')}
        onChange={(event) => {
          for (const file of event.target.files ?? []) picture(file)
          event.target.value = ''
        }}
      />
      {linking && <LinkForm editor={editor} close={() => setLinking(false)} />}
    </>
  )
}

interface ButtonProps {
  label: Key
  sign: Sign
  keys?: string
  pressed?: boolean
  expanded?: boolean
  run: () => void
  tabIndex: number
  onFocus: () => void
}

function Button({ label, sign, keys, pressed, expanded, run, ...stop }: ButtonProps) {
  const { t } = useWords()
  const name = t(label)
  return (
    // The pointer leaves the selection where it is.
    <button type="button" className={`btn plain icon tiny ${css.tool}`} aria-label={name} title={keys ? `${name} (${keys})` : name} aria-pressed={pressed} aria-expanded={expanded} aria-keyshortcuts={keys?.replace('Ctrl', 'Control')} onMouseDown={(event) => event.preventDefault()} onClick={run} {...stop}>
      <Icon name={sign} />
    </button>
  )
}

function walk(event: KeyboardEvent, bar: HTMLElement): void {
  const tools = [...bar.querySelectorAll('button')]
  const at = tools.indexOf(document.activeElement as HTMLButtonElement)
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tools.length - 1 }[event.key]
  if (next === undefined) return
  event.preventDefault()
  tools[(next + tools.length) % tools.length]!.focus()
}

function LinkForm({ editor, close }: { editor: Editor; close: () => void }) {
  const { t } = useWords()
  const before = String(editor.getAttributes('link').href ?? '')
  const set = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    link(editor, String(new FormData(event.currentTarget).get('href')).trim())
    close()
  }
  const leave = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    close()
    editor.commands.focus()
  }
  return (
    <form className={css.link} onSubmit={set} onKeyDown={leave}>
      <label className="hidden" htmlFor="link-address">{t('link_address')}</label>
      <input id="link-address" className="input" name="href" defaultValue={before} placeholder="https://" autoComplete="off" autoFocus />
      <button className="btn tiny">{t('link_set')}</button>
      {before && <button type="button" className="btn tiny" onClick={() => (editor.chain().focus().extendMarkRange('link').unsetLink().run(), close())}>{t('link_remove')}</button>}
    </form>
  )
}

/** The selected words lead there; where none are selected, the address itself is written. */
function link(editor: Editor, typed: string): void {
  const chain = editor.chain().focus().extendMarkRange('link')
  if (!typed) return void chain.unsetLink().run()
  const href = /^[a-z+.-]+:/i.test(typed) ? typed : typed.includes('@') ? `mailto:${typed}` : `https://${typed}`
  const bare = editor.state.selection.empty && !editor.isActive('link')
  if (bare) chain.insertContent({ type: 'text', text: typed, marks: [{ type: 'link', attrs: { href } }] }).run()
  else chain.setLink({ href }).run()
}
