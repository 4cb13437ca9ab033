import { useQueryClient } from '@tanstack/react-query'
import { useLayoutEffect, useRef, useState } from 'react'
import { ApiError } from '../../api/client'
import { say as post } from '../../api/desk'
import type { Article, Said, Ticket } from '../../api/types'
import { moment } from '../../i18n/format'
import { say } from '../../ui/toasts'
import { useMe } from '../Door'
import { useRefresh } from '../ticket/changing'
import { leavesAt } from '../ticket/leaving'
import type { Locking, Standing } from '../ticket/locking'
import { useHolding } from '../ticket/undoing'
import { useWords } from '../words'
import type { Files } from './Composer'
import type { Drafts } from './drafts'
import { keysIn, pictures } from './editor/pictures'
import { isMail, type Kind } from './opening'
import { answered, body, type Holding, type Schedule } from './sending'

const TROUBLES = ['locked', 'lock_lost', 'newer_article'] as const
export type Trouble = (typeof TROUBLES)[number]

export interface Replying extends Holding {
  trouble: Trouble | null
  /** How the lock stands, where that keeps her from sending; `held` where only the desk knows better. */
  unlocked: Standing | null
  problem: string | null
  sending: boolean
  start: () => Promise<void>
  take: (takeover: boolean) => Promise<void>
  haveRead: () => void
  send: (kind: Kind, schedule?: Schedule) => Promise<void>
}

/** Takes the lock before the first word and sends under its epoch; whatever the desk refuses, the text stays. */
export function useReplying(ticket: Ticket, locking: Locking, drafts: Drafts, files: Files, done: () => void): Replying {
  const { t, language, explain } = useWords()
  const { trouble, setTrouble } = useTrouble(locking.epoch)
  const [problem, setProblem] = useState<string | null>(null)
  const holding = useHolding()
  const seen = useSeen(ticket, drafts.has('reply') || drafts.has('forward'))
  const taking = async (deed: () => Promise<void>): Promise<void> => {
    setTrouble(null)
    setProblem(null)
    await deed().catch((failure) => {
      if (failure instanceof ApiError && failure.reason === 'locked') setTrouble('locked')
      else setProblem(explain(failure))
    })
  }
  const sent = (kind: Kind, article: Article): void => {
    const { time: _, ...draft } = drafts.of(kind) // the time was spent, and is accounted already
    const forget = (): void => pictures.forget(keysIn(draft.html))
    drafts.spent(kind)
    seen.upTo(article.seq)
    locking.keep()
    files[kind].become([])
    setTrouble(null)
    done()
    if (holding(ticket.number, article, { kind, draft }, forget)) return
    forget()
    const at = article.delivery && leavesAt(article.delivery)
    if (at) say(t('leaves_at', { time: moment(at, language) }))
    else say(t(isMail(kind) ? (article.delivery?.state === 'due' ? 'reply_leaves_soon' : kind === 'reply' ? 'reply_sent' : 'forward_sent') : 'saved'))
  }
  const { sending, send, repeats } = useSending(ticket.number, drafts, sent, setTrouble, setProblem)
  return {
    problem,
    sending,
    epoch: locking.epoch,
    seen: seen.last,
    trouble,
    unlocked: unlocked(locking, trouble),
    start: () => taking(locking.start),
    take: (takeover) => taking(() => locking.take(takeover)),
    haveRead: () => (seen.upTo(ticket.article_count), setTrouble(null)),
    send: async (kind, schedule) => {
      if (isMail(kind) && locking.epoch === null) return setTrouble('locked')
      const said = body(kind, ticket, drafts.of(kind), files[kind].list, { epoch: locking.epoch, seen: seen.last }, schedule)
      // The desk stops whoever has not seen a colleague's answer; her own, from another window, only this one knows to be news.
      if (isMail(kind) && answered(ticket, seen.last).length && !repeats(said)) return setTrouble('newer_article')
      await send(said)
    },
  }
}

/** The last article that she has seen: as long as nothing is written, what is on the screen counts as seen. */
function useSeen(ticket: Ticket, written: boolean): { last: number; upTo: (seq: number) => void } {
  const [acknowledged, setSeen] = useState(ticket.article_count)
  // What she has just said may not be in the ticket yet that is on the screen.
  const last = written ? acknowledged : Math.max(acknowledged, ticket.article_count)
  if (last !== acknowledged) setSeen(last)
  return { last, upTo: (seq) => setSeen((before) => Math.max(before, seq)) }
}

type Tell<What> = (what: What | null) => void

/** What the desk has refused under one lock is no trouble under the next. */
function useTrouble(epoch: number | null): { trouble: Trouble | null; setTrouble: Tell<Trouble> } {
  const now = useRef(epoch)
  useLayoutEffect(() => void (now.current = epoch))
  const [last, setLast] = useState<{ trouble: Trouble; epoch: number | null } | null>(null)
  const setTrouble: Tell<Trouble> = (trouble) => setLast(trouble && { trouble, epoch: now.current })
  return { trouble: last && (last.trouble === 'newer_article' || last.epoch === epoch) ? last.trouble : null, setTrouble }
}

/** Nothing is said of a lock while it is being taken: without an epoch, only once it was refused. */
export function unlocked({ epoch, standing }: Pick<Locking, 'epoch' | 'standing'>, trouble: Trouble | null): Standing | null {
  if (trouble === 'locked' || trouble === 'lock_lost') return standing
  return epoch === null || standing === 'held' ? null : standing
}

function useSending(number: string, drafts: Drafts, sent: (kind: Kind, article: Article) => void, setTrouble: Tell<Trouble>, setProblem: Tell<string>) {
  const { explain } = useWords()
  const refresh = useRefresh(number)
  const [sending, setSending] = useState(false)
  const once = useRef({ key: '', asked: '' })
  // The same text under the same key: an answer that got lost on the way does not send it twice.
  const repeats = (said: Said): boolean => once.current.asked === JSON.stringify(said)
  // Her own article which this screen has not known: the letter got through, and only the answer did not.
  const cache = useQueryClient()
  const me = useMe()
  const known = useRef(0)
  const lastOf = (kind: Kind): Article | undefined =>
    cache.getQueryData<Ticket>(['ticket', number])?.articles.findLast((each) => each.seq > known.current && each.by === me.login && each.kind === kind)
  const refused = (failure: unknown, kind: Kind): void => {
    const trouble = failure instanceof ApiError && failure.status === 409 && isMail(kind) && TROUBLES.find((each) => each === failure.reason)
    if (trouble) setTrouble(trouble)
    else setProblem(explain(failure))
  }
  const send = async (said: Said): Promise<void> => {
    const kind = said.kind as Kind
    if (!repeats(said)) once.current = { key: crypto.randomUUID(), asked: JSON.stringify(said) }
    known.current = cache.getQueryData<Ticket>(['ticket', number])?.article_count ?? 0
    setSending(true)
    setProblem(null)
    const went = (article: Article): void => {
      once.current = { key: '', asked: '' }
      sent(kind, article)
    }
    try {
      await drafts.still(kind)
      went(await post(number, said, once.current.key))
      void refresh()
    } catch (failure) {
      await refresh()
      const arrived = failure instanceof ApiError && !failure.status && lastOf(kind)
      if (arrived) return went(arrived)
      refused(failure, kind)
      drafts.edit(kind, {}) // kept again
    } finally {
      setSending(false)
    }
  }
  return { sending, send, repeats }
}
