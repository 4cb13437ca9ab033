import { useLayoutEffect, useRef, useState } from 'react'
import { ApiError } from '../../api/client'
import { say as post } from '../../api/desk'
import type { Article, Said, Ticket } from '../../api/types'
import { moment } from '../../i18n/format'
import { say } from '../../ui/toasts'
import { useRefresh } from '../ticket/changing'
import { leavesAt } from '../ticket/leaving'
import type { Locking, Standing } from '../ticket/locking'
import { useHolding } from '../ticket/undoing'
import { useWords } from '../words'
import type { Files } from './Composer'
import type { Drafts } from './drafts'
import { keysIn, pictures } from './editor/pictures'
import { isMail, type Kind } from './opening'
import { body, type Holding, type Schedule } from './sending'

export type Trouble = 'locked' | 'lock_lost' | 'newer_article'

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
    drafts.drop(kind)
    files[kind].become([])
    setTrouble(null)
    done()
    if (holding(ticket.number, article, { kind, draft }, forget)) return
    forget()
    const at = article.delivery && leavesAt(article.delivery)
    if (at) say(t('leaves_at', { time: moment(at, language) }))
    else say(t(isMail(kind) ? (article.delivery?.state === 'due' ? 'reply_leaves_soon' : kind === 'reply' ? 'reply_sent' : 'forward_sent') : 'saved'))
  }
  const { sending, send } = useSending(ticket.number, sent, setTrouble, setProblem)
  return {
    problem,
    sending,
    epoch: locking.epoch,
    seen: seen.last,
    trouble,
    unlocked: unlocked(locking, trouble),
    start: () => taking(locking.start),
    take: (takeover) => taking(() => locking.take(takeover)),
    haveRead: () => (seen.now(), setTrouble(null)),
    send: async (kind, schedule) => {
      if (isMail(kind) && locking.epoch === null) return setTrouble('locked')
      await send(body(kind, ticket, drafts.of(kind), files[kind].list, { epoch: locking.epoch, seen: seen.last }, schedule))
    },
  }
}

/** The last article that she has seen: as long as nothing is written, what is on the screen counts as seen. */
function useSeen(ticket: Ticket, written: boolean): { last: number; now: () => void } {
  const [acknowledged, setSeen] = useState(ticket.article_count)
  const last = written ? acknowledged : ticket.article_count
  if (last !== acknowledged) setSeen(last)
  return { last, now: () => setSeen(ticket.article_count) }
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

function useSending(number: string, sent: (kind: Kind, article: Article) => void, setTrouble: Tell<Trouble>, setProblem: Tell<string>) {
  const { explain } = useWords()
  const refresh = useRefresh(number)
  const [sending, setSending] = useState(false)
  const once = useRef({ key: '', asked: '' })
  const send = async (said: Said): Promise<void> => {
    const asked = JSON.stringify(said)
    // The same text under the same key: an answer that got lost on the way does not send it twice.
    if (once.current.asked !== asked) once.current = { key: crypto.randomUUID(), asked }
    setSending(true)
    setProblem(null)
    try {
      sent(said.kind as Kind, await post(number, said, once.current.key))
      once.current = { key: '', asked: '' }
    } catch (failure) {
      if (failure instanceof ApiError && failure.status === 409) setTrouble((failure.reason ?? 'locked') as Trouble)
      else setProblem(explain(failure))
    } finally {
      setSending(false)
      await refresh()
    }
  }
  return { sending, send }
}
