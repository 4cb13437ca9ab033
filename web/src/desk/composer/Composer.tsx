import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Ticket } from '../../api/types'
import { parseTime } from '../../i18n/format'
import { AttachButton, UploadList, useUploads } from '../../ui/attachments'
import { Icon } from '../../ui/Icon'
import { useMe } from '../Door'
import { useWords, type Key } from '../words'
import { Conflicts } from './Conflicts'
import { Details } from './Details'
import css from './composer.module.css'
import { useDrafts } from './drafts'
import { composing, type Kind } from './opening'
import { useReplying } from './replying'
import { badAddress } from './sending'

const KINDS: Kind[] = ['reply', 'note', 'phone']
const SIGNS = { reply: 'send', note: 'note', phone: 'phone' } as const

/** Writes a reply, a note or a call, each with a draft of its own. Starting a reply takes the lock. */
export function Composer({ ticket }: { ticket: Ticket }) {
  const { t, language } = useWords()
  const me = useMe()
  const [kind, setKind] = useState<Kind | null>(null)
  const drafts = useDrafts(ticket)
  const uploads = useUploads('/uploads')
  const box = useRef<HTMLTextAreaElement>(null)
  const replying = useReplying(ticket, drafts, uploads, () => setKind(null))
  const { start } = replying
  const open = (next: Kind): void => {
    setKind(next)
    if (next === 'reply') void start()
    box.current?.focus()
  }
  // Before the next key arrives: whoever presses r and types on must not press e outside of the box.
  useLayoutEffect(() => box.current?.focus(), [kind])
  const opener = useRef(open)
  useEffect(() => {
    opener.current = open
  })
  useEffect(() => composing.listen((next) => opener.current(next)), [])
  const gone = ticket.state === 'merged' || ticket.state === 'removed'
  if (gone) return null
  if (!kind) return <Closed has={drafts.has} open={open} held={ticket.lock && ticket.lock.agent !== me.login ? ticket.lock.agent : null} />
  const draft = drafts.of(kind)
  const problem = wrong(draft.time, kind === 'reply' ? [draft.to, draft.cc] : [])
  const send = (): void => {
    if (!problem && draft.text.trim() && !uploads.busy && !replying.sending) void replying.send(kind)
  }
  const says = { attach: t('attach'), remove: (name: string) => t('remove_file', { name }), failed: t('upload_failed'), language }
  return (
    <section className={css.composer} data-kind={kind} aria-label={t('composer')}>
      <div className={css.tabs}>
        {KINDS.map((each) => (
          <button key={each} className={css.tab} aria-pressed={each === kind} onClick={() => open(each)}>
            {t(`compose_${each}`)}
            {drafts.has(each) && each !== kind && <span className={css.draft}>{t('draft')}</span>}
          </button>
        ))}
        <span className="grow" />
        <span className="muted small" role="status">{drafts.saving !== 'clean' && t(`draft_${drafts.saving}`)}</span>
        <button className="btn plain icon tiny" aria-label={t('close_composer')} title={t('close_composer')} onClick={() => setKind(null)}>
          <Icon name="down" />
        </button>
      </div>
      <Conflicts ticket={ticket} kind={kind} replying={replying} written={drafts.has('reply')} />
      <Details kind={kind} ticket={ticket} draft={draft} edit={(part) => drafts.edit(kind, part)} part="head" />
      <textarea
        ref={box}
        className={`input ${css.text}`}
        aria-label={t(`compose_${kind}`)}
        placeholder={t(`placeholder_${kind}` as Key, { name: ticket.customer.name || ticket.customer.email })}
        value={draft.text}
        onChange={(event) => drafts.edit(kind, { text: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send()
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
        onPaste={(event) => event.clipboardData.files.length > 0 && uploads.add(event.clipboardData.files)}
      />
      <UploadList uploads={uploads} says={says} />
      <div className={css.foot}>
        <AttachButton uploads={uploads} says={says} />
        <Details kind={kind} ticket={ticket} draft={draft} edit={(part) => drafts.edit(kind, part)} part="foot" />
        <span className="grow">{problem && <span className="problem">{t(problem)}</span>}</span>
        <button className="btn primary" title="Ctrl + Enter" disabled={Boolean(problem) || !draft.text.trim() || uploads.busy || replying.sending} onClick={send}>
          <Icon name={SIGNS[kind]} />
          {t(`send_${kind}`)}
        </button>
      </div>
    </section>
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
