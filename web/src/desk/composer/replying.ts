import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { ApiError } from '../../api/client'
import { lock, say as post } from '../../api/desk'
import type { Article, Lock, Ticket } from '../../api/types'
import type { Uploads } from '../../ui/attachments'
import { say } from '../../ui/toasts'
import { useMe } from '../Door'
import { useRefresh } from '../ticket/changing'
import { useWords } from '../words'
import type { Drafts } from './drafts'
import type { Kind } from './opening'
import { body, type Holding } from './sending'

export type Trouble = 'locked' | 'lock_lost' | 'newer_article'

export interface Replying extends Holding {
  trouble: Trouble | null
  problem: string | null
  sending: boolean
  start: () => Promise<void>
  takeAgain: () => Promise<void>
  haveRead: () => void
  send: (kind: Kind) => Promise<void>
}

/** Takes the lock before the first word and sends under its epoch; whatever the desk refuses, the text stays. */
export function useReplying(ticket: Ticket, drafts: Drafts, uploads: Uploads, done: () => void): Replying {
  const { t, explain } = useWords()
  const me = useMe()
  const cache = useQueryClient()
  const refresh = useRefresh(ticket.number)
  const [epoch, setEpoch] = useState<number | null>(null)
  const [acknowledged, setSeen] = useState(ticket.last_customer_seq)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [sending, setSending] = useState(false)
  const once = useRef({ key: '', asked: '' })
  // As long as nothing is written, what is on the screen counts as seen.
  const seen = drafts.has('reply') ? acknowledged : ticket.last_customer_seq
  if (seen !== acknowledged) setSeen(seen)

  const take = async (takeover: boolean): Promise<void> => {
    try {
      const held = await lock(ticket.number, takeover)
      setEpoch(held.epoch)
      setTrouble(null)
      cache.setQueryData<Ticket>(['ticket', ticket.number], (now) => now && { ...now, lock: held as Lock, owner: held.agent })
    } catch (failure) {
      if (failure instanceof ApiError && failure.reason === 'locked') setTrouble('locked')
      else setProblem(explain(failure))
    }
    await refresh()
  }
  const told = (kind: Kind, article: Article): void => {
    drafts.drop(kind)
    uploads.clear()
    once.current = { key: '', asked: '' }
    done()
    say(t(kind === 'reply' ? (article.delivery?.state === 'due' ? 'reply_leaves_soon' : 'reply_sent') : 'saved'))
  }
  const send = async (kind: Kind): Promise<void> => {
    const asked = body(kind, drafts.of(kind), uploads.ids, { epoch, seen })
    const shape = JSON.stringify(asked)
    // The same text under the same key: an answer that got lost on the way does not send it twice.
    if (once.current.asked !== shape) once.current = { key: crypto.randomUUID(), asked: shape }
    setSending(true)
    setProblem(null)
    try {
      told(kind, await post(ticket.number, asked, once.current.key))
      setTrouble(null)
    } catch (failure) {
      if (failure instanceof ApiError && failure.status === 409) setTrouble((failure.reason ?? 'locked') as Trouble)
      else setProblem(explain(failure))
    } finally {
      setSending(false)
      await refresh()
    }
  }
  const mine = ticket.lock?.agent === me.login
  const lost = epoch !== null && (!mine || ticket.lock?.epoch !== epoch)
  return {
    epoch,
    seen,
    problem,
    sending,
    trouble: trouble === 'locked' && mine ? null : (trouble ?? (lost ? 'lock_lost' : null)),
    start: async () => (mine ? setEpoch(ticket.lock!.epoch) : take(false)),
    takeAgain: () => take(true),
    haveRead: () => (setSeen(ticket.last_customer_seq), setTrouble(null)),
    send,
  }
}
