import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { ApiError } from '../../api/client'
import { lock, say as post } from '../../api/desk'
import type { Article, Said, Ticket } from '../../api/types'
import { moment } from '../../i18n/format'
import { say } from '../../ui/toasts'
import { useMe } from '../Door'
import { useRefresh } from '../ticket/changing'
import { leavesAt } from '../ticket/leaving'
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
  problem: string | null
  sending: boolean
  start: () => Promise<void>
  takeAgain: () => Promise<void>
  haveRead: () => void
  send: (kind: Kind, schedule?: Schedule) => Promise<void>
}

/** Takes the lock before the first word and sends under its epoch; whatever the desk refuses, the text stays. */
export function useReplying(ticket: Ticket, drafts: Drafts, files: Files, done: () => void): Replying {
  const { t, language } = useWords()
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const holding = useHolding()
  const seen = useSeen(ticket, drafts.has('reply') || drafts.has('forward'))
  const locking = useLocking(ticket, setTrouble, setProblem)
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
    trouble: trouble === 'locked' && locking.mine ? null : (trouble ?? (locking.lost ? 'lock_lost' : null)),
    start: locking.start,
    takeAgain: () => locking.take(true),
    haveRead: () => (seen.now(), setTrouble(null)),
    send: (kind, schedule) => send(body(kind, ticket, drafts.of(kind), files[kind].list, { epoch: locking.epoch, seen: seen.last }, schedule)),
  }
}

/** The customer's last letter that she has seen: as long as nothing is written, what is on the screen counts as seen. */
function useSeen(ticket: Ticket, written: boolean): { last: number; now: () => void } {
  const [acknowledged, setSeen] = useState(ticket.last_customer_seq)
  const last = written ? acknowledged : ticket.last_customer_seq
  if (last !== acknowledged) setSeen(last)
  return { last, now: () => setSeen(ticket.last_customer_seq) }
}

type Tell<What> = (what: What | null) => void

function useLocking(ticket: Ticket, setTrouble: Tell<Trouble>, setProblem: Tell<string>) {
  const { explain } = useWords()
  const me = useMe()
  const cache = useQueryClient()
  const refresh = useRefresh(ticket.number)
  const [epoch, setEpoch] = useState<number | null>(null)
  const take = async (takeover: boolean): Promise<void> => {
    try {
      const held = await lock(ticket.number, takeover)
      setEpoch(held.epoch)
      setTrouble(null)
      cache.setQueryData<Ticket>(['ticket', ticket.number], (now) => now && { ...now, lock: held, owner: held.agent })
    } catch (failure) {
      if (failure instanceof ApiError && failure.reason === 'locked') setTrouble('locked')
      else setProblem(explain(failure))
    }
    await refresh()
  }
  const mine = ticket.lock?.agent === me.login
  const lost = epoch !== null && (!mine || ticket.lock?.epoch !== epoch)
  return { epoch, take, mine, lost, start: async () => (mine ? setEpoch(ticket.lock!.epoch) : take(false)) }
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
