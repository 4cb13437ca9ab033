import { useEffect, useRef, useState, type RefObject } from 'react'
import { ApiError } from '../../api/client'
import { say as post } from '../../api/desk'
import type { Article, Said, Ticket } from '../../api/types'
import { moment } from '../../i18n/format'
import { say } from '../../ui/toasts'
import { useRefresh } from '../ticket/changing'
import { leavesAt } from '../ticket/leaving'
import { keepLock, type Locking, type Standing } from '../ticket/locking'
import { useHolding } from '../ticket/undoing'
import { useWords } from '../words'
import { useArrived, type Tried } from './arrived'
import type { Files } from './Composer'
import type { Drafts } from './drafts'
import { keysIn, pictures } from './editor/pictures'
import { isMail, type Kind } from './opening'
import { isTrouble, useRefusals, type Refusals, type Trouble } from './refusals'
import { body, type Holding, type Schedule } from './sending'

export interface Replying extends Holding, Pick<Refusals, 'trouble' | 'problem' | 'forget'> {
  /** How the lock stands, where that keeps her from sending; `held` where only the desk knows better. */
  unlocked: (kind: Kind) => Standing | null
  /** What is on its way to the desk: its words stand still until the desk has answered. */
  sending: Kind | null
  start: (kind: Kind) => Promise<void>
  take: (kind: Kind, takeover: boolean) => Promise<void>
  haveRead: () => void
  send: (kind: Kind, schedule?: Schedule) => Promise<void>
}

/** Takes the lock before the first word and sends under its epoch; whatever the desk refuses, the text stays. */
export function useReplying(ticket: Ticket, locking: Locking, drafts: Drafts, files: Files, shown: RefObject<Kind | null>, done: (kind: Kind) => void): Replying {
  const { explain } = useWords()
  const refusals = useRefusals(locking.epoch)
  const seen = useSeen(ticket, drafts.has('reply') || drafts.has('forward'))
  const ended = useEnded(ticket.number, drafts, files)
  const taking = async (kind: Kind, deed: () => Promise<void>): Promise<void> => {
    refusals.forget()
    await deed().catch((failure) => {
      if (failure instanceof ApiError && failure.reason === 'locked') refusals.refused(kind, 'locked')
      else refusals.failed(kind, explain(failure))
    })
  }
  const sent = (kind: Kind, article: Article): void => {
    seen.upTo(article.seq)
    refusals.forget()
    if (isMail(kind)) keepLock(ticket.number)
    ended(kind, article)
    done(kind)
  }
  const { sending, tried, send } = useSending(ticket.number, sent, refusals, shown)
  useArrived(ticket, drafts, files, { sending, tried, sent, done, failed: refusals.failed })
  return {
    ...refusals,
    sending,
    epoch: locking.epoch,
    seen: seen.last,
    unlocked: (kind) => unlocked(locking, refusals.trouble(kind)),
    start: (kind) => taking(kind, locking.start),
    take: (kind, takeover) => taking(kind, () => locking.take(takeover)),
    haveRead: () => (seen.upTo(ticket.article_count), refusals.forget()),
    send: (kind, schedule) =>
      send(kind, drafts.key(kind), async () => {
        const holding = { epoch: locking.epoch ?? (await locking.taking()), seen: seen.last }
        return isMail(kind) && holding.epoch === null ? null : body(kind, ticket, drafts.of(kind), files[kind].list, holding, schedule)
      }),
  }
}

/** The draft is no more, and what became of it is said; a letter can be taken back for some seconds. */
function useEnded(number: string, drafts: Drafts, files: Files): (kind: Kind, article: Article) => void {
  const { t, language } = useWords()
  const holding = useHolding()
  return (kind, article) => {
    // The time was spent, and is accounted already; words that come back are another draft.
    const { time: _, key: __, ...draft } = drafts.of(kind)
    const forget = (): void => pictures.forget(keysIn(draft.html))
    drafts.drop(kind)
    files[kind].become([])
    if (holding(number, article, { kind, draft }, forget)) return
    forget()
    const at = article.delivery && leavesAt(article.delivery)
    if (at) say(t('leaves_at', { time: moment(at, language) }))
    else say(t(isMail(kind) ? (article.delivery?.state === 'due' ? 'reply_leaves_soon' : kind === 'reply' ? 'reply_sent' : 'forward_sent') : 'saved'))
  }
}

/** The last article that she has seen: as long as nothing is written, what is on the screen counts as seen. */
function useSeen(ticket: Ticket, written: boolean): { last: number; upTo: (seq: number) => void } {
  const [acknowledged, setSeen] = useState(ticket.article_count)
  const last = written ? acknowledged : Math.max(acknowledged, ticket.article_count)
  if (last !== acknowledged) setSeen(last)
  return { last, upTo: (seq) => setSeen((before) => Math.max(before, seq)) }
}

/** Nothing is said of a lock while it is being taken: without an epoch, only once it was refused. */
export function unlocked({ epoch, standing }: Pick<Locking, 'epoch' | 'standing'>, trouble: Trouble | null): Standing | null {
  if (trouble === 'locked' || trouble === 'lock_lost') return standing
  return epoch === null || standing === 'held' ? null : standing
}

function useSending(number: string, sent: (kind: Kind, article: Article) => void, refusals: Refusals, shown: RefObject<Kind | null>) {
  const { t, explain } = useWords()
  const refresh = useRefresh(number)
  const [sending, setSending] = useState<Kind | null>(null)
  const tried = useRef<Tried | null>(null)
  usePageStays(sending !== null)
  const refused = (kind: Kind, failure: unknown): void => {
    const { reason, code } = failure instanceof ApiError ? failure.body : ({} as Record<string, undefined>)
    const before = code === 'idempotency_mismatch'
    if (before) tried.current = { ...tried.current!, text: null }
    if (shown.current !== kind) say(t('not_sent', { number, why: explain(failure) }))
    if (isTrouble(reason)) refusals.refused(kind, reason)
    else refusals.failed(kind, before ? t('said_before') : explain(failure))
  }
  /** Under the draft's own key: an answer that got lost on the way does not send it twice, from whichever window. */
  const send = async (kind: Kind, key: string, words: () => Promise<Said | null>): Promise<void> => {
    setSending(kind)
    refusals.forget()
    try {
      const said = await words()
      if (!said) return refusals.refused(kind, 'locked')
      tried.current = { key, text: said.text }
      sent(kind, await post(number, said, key))
    } catch (failure) {
      refused(kind, failure)
    } finally {
      setSending(null)
      await refresh()
    }
  }
  return { sending, tried, send }
}

/** Whoever closes the page while something is on its way is asked: nobody would tell her whether it got through. */
function usePageStays(wanted: boolean): void {
  useEffect(() => {
    if (!wanted) return
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [wanted])
}
