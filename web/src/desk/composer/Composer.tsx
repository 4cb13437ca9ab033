import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import type { DraftBody, Ticket } from '../../api/types'
import { parseTime } from '../../i18n/format'
import { AttachButton, UploadList, useUploads, type Uploaded, type Uploads } from '../../ui/attachments'
import { Icon } from '../../ui/Icon'
import { useMe } from '../Door'
import type { Locking } from '../ticket/locking'
import { useWords, type Key } from '../words'
import { Conflicts } from './Conflicts'
import { Details } from './Details'
import { takeBack, type Words } from '../held'
import { Later } from './Later'
import { Quote } from './Quote'
import { loadSoon, Words as Writing } from './Words'
import css from './composer.module.css'
import { useDrafts, type Drafts } from './drafts'
import type { Box } from './editor/Editor'
import { composing, isMail, KINDS, type Kind } from './opening'
import { quoted } from './quoting'
import { recipients } from './recipients'
import { useReplying, type Replying } from './replying'
import { asLinks, badAddress, going, people, type Schedule } from './sending'

const SIGNS = { reply: 'send', forward: 'onward', note: 'note', phone: 'phone' } as const

/** Writes a reply, a forward, a note or a call, each with a draft and files of its own. Starting a letter takes the lock. */
export function Composer({ ticket, locking }: { ticket: Ticket; locking: Locking }) {
  const me = useMe()
  const [kind, setKind] = useState<Kind | null>(null)
  const drafts = useDrafts(ticket)
  const files = useFiles(drafts)
  const box = useRef<Box>(null)
  const shown = useRef<Kind | null>(null)
  const left = useLeaving(locking, drafts, () => kind && isMail(kind) && void replying.start(kind))
  const close = (only?: Kind): void => {
    if (only && shown.current !== only) return
    setKind(null)
    left()
  }
  const replying = useReplying(ticket, locking, drafts, files, shown, close)
  const open = (next: Kind): void => {
    setKind(next)
    drafts.adopt(next)
    if (isMail(next)) void replying.start(next)
    box.current?.focus()
  }
  useShown(shown, kind)
  // Before the next key arrives: whoever presses r and types on must not press e outside of the box.
  useLayoutEffect(() => void (startsInText(kind, ticket, drafts) && box.current?.focus()), [kind])
  const opener = useRef(open)
  useEffect(() => {
    opener.current = open
  })
  useEffect(() => composing.listen((next) => opener.current(next)), [])
  const round = useReturning(ticket.number, drafts, files, opener)
  useEffect(loadSoon, [])
  if (ticket.state === 'merged' || ticket.state === 'removed') return null
  const held = ticket.lock && ticket.lock.agent !== me.login ? ticket.lock.agent : null
  if (!kind) return <Closed has={drafts.has} open={open} held={held} />
  return <Opened key={`${kind} ${round}`} ticket={ticket} kind={kind} open={open} close={() => close()} box={box} drafts={drafts} uploads={files[kind]} replying={replying} />
}

/** What the composer shows now; nothing, once the ticket is left. */
function useShown(shown: RefObject<Kind | null>, kind: Kind | null): void {
  useLayoutEffect(() => {
    shown.current = kind
    return () => void (shown.current = null)
  }, [shown, kind])
}

/** Where it was left without a word, by closing it, the ticket or the page, the lock that it took goes. A page may come back as it was. */
function useLeaving(locking: Locking, drafts: Drafts, back: () => void): () => void {
  const left = (): void => void (drafts.any() || locking.leave(drafts.settle))
  const latest = useRef({ left, back })
  useEffect(() => {
    latest.current = { left, back }
  })
  useEffect(() => {
    const go = (): void => latest.current.left()
    const come = (event: PageTransitionEvent): void => void (event.persisted && latest.current.back())
    addEventListener('pagehide', go)
    addEventListener('pageshow', come)
    return () => (removeEventListener('pagehide', go), removeEventListener('pageshow', come), go())
  }, [])
  return () => latest.current.left()
}

/** Words of a letter that was taken back stand here again, unless she has begun another meanwhile; counts how often. */
function useReturning(number: string, drafts: Drafts, files: Files, opener: RefObject<(kind: Kind) => void>): number {
  const [round, setRound] = useState(0)
  const take = ({ kind, draft }: Words): void => {
    if (drafts.has(kind)) return
    drafts.edit(kind, draft)
    files[kind].become(draft.files ?? [])
    setRound((last) => last + 1)
    opener.current(kind)
  }
  const taker = useRef(take)
  useEffect(() => {
    taker.current = take
  })
  useEffect(() => takeBack(number, (words) => taker.current(words)), [number])
  return round
}

/** A forward starts with the question whom it goes to. */
const startsInText = (kind: Kind | null, ticket: Ticket, drafts: Drafts): boolean =>
  kind !== 'forward' || Boolean(recipients(kind, ticket, drafts.of(kind)).to)

const begins = (draft: DraftBody, { text }: Partial<DraftBody>): boolean => !draft.text.trim() && Boolean(text?.trim())

/** From the first word on a reply goes to whom it went to then, below the letter that stood there: a newer one is told of, and changes nothing. */
const settled = (kind: Kind, ticket: Ticket, draft: DraftBody): Partial<DraftBody> =>
  kind === 'reply' ? { cc: recipients(kind, ticket, draft).cc, quote: quoted(kind, ticket, draft)?.id ?? null } : {}

export type Files = Record<Kind, Uploads>

function useFiles(drafts: Drafts): Files {
  const reply = useUploads('/uploads', drafts.of('reply').files)
  const forward = useUploads('/uploads', drafts.of('forward').files)
  const note = useUploads('/uploads', drafts.of('note').files)
  const phone = useUploads('/uploads', drafts.of('phone').files)
  return { reply, forward, note, phone }
}

interface OpenedProps {
  ticket: Ticket
  kind: Kind
  open: (kind: Kind) => void
  close: () => void
  box: RefObject<Box | null>
  drafts: Drafts
  uploads: Uploads
  replying: Replying
}

function Opened({ ticket, kind, open, close, box, drafts, uploads, replying }: OpenedProps) {
  const { t } = useWords()
  const draft = drafts.of(kind)
  const frozen = replying.sending === kind
  const edit = (part: Partial<DraftBody>): void => drafts.edit(kind, { ...(begins(draft, part) && settled(kind, ticket, draft)), ...part })
  // Decided once: an editor that comes late must not take the focus from who types the address.
  const [focused] = useState(() => startsInText(kind, ticket, drafts))
  useFilesInDraft(uploads, draft, edit)
  const sent = going(draft, uploads.list)
  const problem = wrong(kind, draft) ?? (sent.some((each) => each.picture && each.failure) ? 'picture_failed' : null)
  const ready = !problem && (kind !== 'forward' || Boolean(recipients(kind, ticket, draft).to)) && Boolean(draft.text.trim()) && !uploads.busy && !replying.sending
  const send = (schedule?: Schedule): void => void (ready && replying.send(kind, schedule))
  const links = asLinks(isMail(kind) ? sent : [])
  const listed = { ...uploads, remove: (key: string) => (uploads.remove(key), box.current?.removePicture?.(key)) }
  return (
    <section className={css.composer} data-kind={kind} aria-label={t('composer')} aria-busy={frozen}>
      <Tabs kind={kind} open={open} close={close} drafts={drafts} />
      <Conflicts ticket={ticket} kind={kind} replying={replying} draft={draft} edit={edit} />
      <fieldset className={css.part} disabled={frozen}>
        <Details kind={kind} ticket={ticket} draft={draft} edit={edit} part="head" />
      </fieldset>
      <Writing ticket={ticket} kind={kind} box={box} draft={draft} edit={edit} send={() => send()} uploads={uploads} focused={focused} frozen={frozen} />
      <fieldset className={css.part} disabled={frozen}>
        {isMail(kind) && <Quote kind={kind} ticket={ticket} draft={draft} edit={edit} />}
        <UploadList
          uploads={listed}
          shown={sent.filter((each) => !each.picture || !each.id)}
          remark={(file) => links.has(file.key) && <span className="badge accent" title={t('goes_as_link_why')}>{t('goes_as_link')}</span>}
        />
      </fieldset>
      <div className={css.foot}>
        <fieldset className={css.part} disabled={frozen}>
          <AttachButton uploads={uploads} />
          <Details kind={kind} ticket={ticket} draft={draft} edit={edit} part="foot" />
        </fieldset>
        <span className="grow">{problem && <span className="problem">{t(problem)}</span>}</span>
        <Sends kind={kind} ready={ready} frozen={frozen} send={send} />
      </div>
    </section>
  )
}

/** While it is being sent the buttons keep the focus, for whoever has to press them again. */
function Sends({ kind, ready, frozen, send }: { kind: Kind; ready: boolean; frozen: boolean; send: (schedule?: Schedule) => void }) {
  const { t } = useWords()
  const way = isMail(kind) ? 'being_sent' : 'being_saved'
  return (
    <span className={css.sends}>
      <span className="hidden" role="status">{frozen && t(way)}</span>
      {isMail(kind) && <Later ready={ready} frozen={frozen} send={send} />}
      <button className="btn primary" title="Ctrl + Enter" disabled={!ready && !frozen} aria-disabled={frozen} onClick={() => send()}>
        <Icon name={SIGNS[kind]} />
        {t(frozen ? way : `send_${kind}`)}
      </button>
    </span>
  )
}

/** What has been uploaded belongs to the draft: it is there again after a look at another ticket. */
export function useFilesInDraft(uploads: Uploads, draft: DraftBody, edit: (part: Partial<DraftBody>) => void): void {
  const kept: Uploaded[] = uploads.list.flatMap(({ key, id, name, size, picture }) => (id ? [{ key, id, name, size, picture }] : []))
  const changed = JSON.stringify(kept) !== JSON.stringify(draft.files ?? [])
  useEffect(() => {
    if (changed) edit({ files: kept.length ? kept : undefined })
  })
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
      <span className={`muted small ${css.saving}`} role="status">{drafts.saving !== 'clean' && t(`draft_${drafts.saving}`)}</span>
      <button className="btn plain icon tiny" aria-label={t('close_composer')} title={t('close_composer')} onClick={close}>
        <Icon name="down" />
      </button>
    </div>
  )
}

function wrong(kind: Kind, draft: DraftBody): Key | null {
  if (draft.time?.trim() && parseTime(draft.time) === null) return 'bad_time'
  if (!isMail(kind)) return null
  if ([draft.to, draft.cc].some((each) => each && badAddress(each))) return 'bad_address'
  return kind === 'forward' && draft.text.trim() && !people(draft.to ?? '').length ? 'forward_to_whom' : null
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
