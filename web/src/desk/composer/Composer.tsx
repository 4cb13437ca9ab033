import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import type { DraftBody, Ticket } from '../../api/types'
import { parseTime } from '../../i18n/format'
import { AttachButton, UploadList, useUploads, type Uploads } from '../../ui/attachments'
import { Icon } from '../../ui/Icon'
import { useMe } from '../Door'
import { useWords, type Key } from '../words'
import { Conflicts } from './Conflicts'
import { Details } from './Details'
import css from './composer.module.css'
import { useDrafts, type Drafts } from './drafts'
import { composing, type Kind } from './opening'
import { useReplying, type Replying } from './replying'
import { badAddress } from './sending'

const KINDS: Kind[] = ['reply', 'note', 'phone']
const SIGNS = { reply: 'send', note: 'note', phone: 'phone' } as const

/** Writes a reply, a note or a call, each with a draft of its own. Starting a reply takes the lock. */
export function Composer({ ticket }: { ticket: Ticket }) {
  const me = useMe()
  const [kind, setKind] = useState<Kind | null>(null)
  const drafts = useDrafts(ticket)
  const uploads = useUploads('/uploads')
  const box = useRef<HTMLTextAreaElement>(null)
  const replying = useReplying(ticket, drafts, uploads, () => setKind(null))
  const open = (next: Kind): void => {
    setKind(next)
    if (next === 'reply') void replying.start()
    box.current?.focus()
  }
  // Before the next key arrives: whoever presses r and types on must not press e outside of the box.
  useLayoutEffect(() => box.current?.focus(), [kind])
  const opener = useRef(open)
  useEffect(() => {
    opener.current = open
  })
  useEffect(() => composing.listen((next) => opener.current(next)), [])
  if (ticket.state === 'merged' || ticket.state === 'removed') return null
  const held = ticket.lock && ticket.lock.agent !== me.login ? ticket.lock.agent : null
  if (!kind) return <Closed has={drafts.has} open={open} held={held} />
  return <Opened ticket={ticket} kind={kind} open={open} close={() => setKind(null)} box={box} drafts={drafts} uploads={uploads} replying={replying} />
}

interface OpenedProps {
  ticket: Ticket
  kind: Kind
  open: (kind: Kind) => void
  close: () => void
  box: RefObject<HTMLTextAreaElement | null>
  drafts: Drafts
  uploads: Uploads
  replying: Replying
}

function Opened({ ticket, kind, open, close, box, drafts, uploads, replying }: OpenedProps) {
  const { t, language } = useWords()
  const draft = drafts.of(kind)
  const edit = (part: Partial<DraftBody>): void => drafts.edit(kind, part)
  const problem = wrong(draft.time, kind === 'reply' ? [draft.to, draft.cc] : [])
  const ready = !problem && Boolean(draft.text.trim()) && !uploads.busy && !replying.sending
  const send = (): void => void (ready && replying.send(kind))
  const says = { attach: t('attach'), remove: (name: string) => t('remove_file', { name }), failed: t('upload_failed'), language }
  return (
    <section className={css.composer} data-kind={kind} aria-label={t('composer')}>
      <Tabs kind={kind} open={open} close={close} drafts={drafts} />
      <Conflicts ticket={ticket} kind={kind} replying={replying} written={drafts.has('reply')} />
      <Details kind={kind} ticket={ticket} draft={draft} edit={edit} part="head" />
      <Words ticket={ticket} kind={kind} box={box} text={draft.text} edit={edit} send={send} paste={uploads.add} />
      <UploadList uploads={uploads} says={says} />
      <div className={css.foot}>
        <AttachButton uploads={uploads} says={says} />
        <Details kind={kind} ticket={ticket} draft={draft} edit={edit} part="foot" />
        <span className="grow">{problem && <span className="problem">{t(problem)}</span>}</span>
        <button className="btn primary" title="Ctrl + Enter" disabled={!ready} onClick={send}>
          <Icon name={SIGNS[kind]} />
          {t(`send_${kind}`)}
        </button>
      </div>
    </section>
  )
}

function Tabs({ kind, open, close, drafts }: Pick<OpenedProps, 'kind' | 'open' | 'close' | 'drafts'>) {
  const { t } = useWords()
  return (
    <div className={css.tabs}>
      {KINDS.map((each) => (
        <button key={each} className={css.tab} aria-pressed={each === kind} onClick={() => open(each)}>
          {t(`compose_${each}`)}
          {drafts.has(each) && each !== kind && <span className={css.draft}>{t('draft')}</span>}
        </button>
      ))}
      <span className="grow" />
      <span className="muted small" role="status">{drafts.saving !== 'clean' && t(`draft_${drafts.saving}`)}</span>
      <button className="btn plain icon tiny" aria-label={t('close_composer')} title={t('close_composer')} onClick={close}>
        <Icon name="down" />
      </button>
    </div>
  )
}

interface WordsProps extends Pick<OpenedProps, 'ticket' | 'kind' | 'box'> {
  text: string
  edit: (part: Partial<DraftBody>) => void
  send: () => void
  paste: (files: Iterable<File>) => void
}

function Words({ ticket, kind, box, text, edit, send, paste }: WordsProps) {
  const { t } = useWords()
  const press = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send()
    if (event.key === 'Escape') event.currentTarget.blur()
  }
  return (
    <textarea
      ref={box}
      className={`input ${css.text}`}
      aria-label={t(`compose_${kind}`)}
      placeholder={t(`placeholder_${kind}` as Key, { name: ticket.customer.name || ticket.customer.email })}
      value={text}
      onChange={(event) => edit({ text: event.target.value })}
      onKeyDown={press}
      onPaste={(event) => event.clipboardData.files.length > 0 && paste(event.clipboardData.files)}
    />
  )
}

function wrong(time: string | undefined, addresses: (string | undefined)[]): Key | null {
  if (time?.trim() && parseTime(time) === null) return 'bad_time'
  return addresses.some((each) => each && badAddress(each)) ? 'bad_address' : null
}

interface ClosedProps {
  has: (kind: string) => boolean
  open: (kind: Kind) => void
  held: string | null
}

function Closed({ has, open, held }: ClosedProps) {
  const { t } = useWords()
  return (
    <section className={css.closed} aria-label={t('composer')}>
      {KINDS.map((kind) => (
        <button key={kind} className={`btn ${kind === 'reply' && !held ? 'primary' : ''}`} onClick={() => open(kind)}>
          <Icon name={SIGNS[kind]} />
          {t(`compose_${kind}`)}
          {has(kind) && <span className={css.draft}>{t('draft')}</span>}
        </button>
      ))}
    </section>
  )
}
