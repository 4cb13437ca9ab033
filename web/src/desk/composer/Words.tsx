import { lazy, Suspense, type KeyboardEvent, type RefObject } from 'react'
import type { DraftBody, Ticket } from '../../api/types'
import type { Uploads } from '../../ui/attachments'
import { useWords, type Key } from '../words'
import css from './composer.module.css'
import type { Box } from './editor/Editor'
import { pictures } from './editor/pictures'
import { isMail, type Kind } from './opening'

const load = () => import('./editor/Editor')
const Editor = lazy(load)

/** The editor is on its way before it is asked for, but after the ticket itself. */
export function loadSoon(): () => void {
  const timer = setTimeout(() => void load(), 400)
  return () => clearTimeout(timer)
}

interface Props {
  /** Also one that is not there yet. */
  ticket: Pick<Ticket, 'number' | 'customer'>
  kind: Kind
  box: RefObject<Box | null>
  draft: DraftBody
  edit: (part: Partial<DraftBody>) => void
  send: () => void
  uploads: Uploads
  focused: boolean
  label?: string
  placeholder?: string
  /** On its way to the desk: to be read, not to be changed. */
  frozen?: boolean
}

/** Where one writes: letters with formatting, notes and calls without. */
export function Words({ ticket, kind, box, draft, edit, send, uploads, focused, frozen = false, ...told }: Props) {
  const { t } = useWords()
  const label = told.label ?? t(`compose_${kind}`)
  const placeholder = told.placeholder ?? t(`placeholder_${kind}` as Key, { name: shortly(ticket.customer.name || ticket.customer.email) })
  const bare = { label, placeholder, draft, edit, send, paste: uploads.add }
  if (!isMail(kind)) return <Plain key={kind} {...bare} box={box} locked={frozen} />
  const picture = (file: File): string => {
    const key = uploads.picture(file)
    pictures.keep(key, file)
    return key
  }
  return (
    // Whoever presses r and types on writes into a plain box until the editor is there, which goes on from these words.
    <Suspense fallback={<Plain {...bare} locked={frozen || Boolean(draft.html)} autoFocus={focused} />}>
      <Editor key={`${ticket.number} ${kind}`} box={box} label={label} placeholder={placeholder} focused={focused} frozen={frozen} draft={draft} edit={edit} send={send} attach={uploads.add} picture={picture} />
    </Suspense>
  )
}

/** Names may be as long as a letter; the empty field is for words. */
const shortly = (name: string): string => (name.length > 40 ? `${name.slice(0, 39)}…` : name)

interface PlainProps {
  label: string
  placeholder: string
  draft: DraftBody
  edit: (part: Partial<DraftBody>) => void
  send: () => void
  paste: (files: Iterable<File>) => void
  box?: RefObject<Box | null>
  locked?: boolean
  autoFocus?: boolean
}

function Plain({ label, placeholder, draft, edit, send, paste, box, locked, autoFocus }: PlainProps) {
  const press = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send()
    if (event.key === 'Escape') event.currentTarget.blur()
  }
  return (
    <textarea
      ref={box as RefObject<HTMLTextAreaElement | null> | undefined}
      className={`input ${css.text}`}
      aria-label={label}
      placeholder={placeholder}
      value={draft.text}
      readOnly={locked}
      autoFocus={autoFocus}
      onChange={(event) => edit({ text: event.target.value })}
      onKeyDown={press}
      onPaste={(event) => !locked && event.clipboardData.files.length > 0 && paste(event.clipboardData.files)}
    />
  )
}
