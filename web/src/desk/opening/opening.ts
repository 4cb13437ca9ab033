import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { ApiError } from '../../api/client'
import { openTicket } from '../../api/desk'
import type { NewTicket, Ticket } from '../../api/types'
import { moment } from '../../i18n/format'
import { say } from '../../ui/toasts'
import { keysIn, pictures } from '../composer/editor/pictures'
import { leavesAt } from '../ticket/leaving'
import { useHolding } from '../ticket/undoing'
import { useWords } from '../words'
import type { Asked, Written } from './written'

/** The ticket; `before`: it was opened by what was asked before, whose answer was lost. */
export interface Opened {
  ticket: Ticket
  before: boolean
}

/**
 * Asks under one key until there is an answer: what was done, and only nobody heard of it, is not done again, also where the
 * words have changed meanwhile or the page was loaded anew.
 */
export async function opened(body: NewTicket, asked: Asked | undefined, remember: (asked?: Asked) => void, ask = openTicket): Promise<Opened> {
  const key = asked?.key ?? crypto.randomUUID()
  if (!asked) remember({ key, body })
  try {
    return { ticket: await ask(body, key), before: false }
  } catch (failure) {
    if (!(failure instanceof ApiError) || failure.status === 0 || failure.status >= 500) throw failure
    remember(undefined)
    if (failure.body.code === 'idempotency_mismatch' && asked) return { ticket: await ask(asked.body, key), before: true }
    throw failure
  }
}

/** Opens the ticket and goes there; whatever is refused or lost on the way, the words stay. */
export function useOpening(written: Written, edit: (part: Partial<Written>) => void, done: () => void) {
  const { t, language, explain } = useWords()
  const go = useNavigate()
  const holding = useHolding()
  const cache = useQueryClient()
  const [problem, setProblem] = useState<string | null>(null)
  const [made, setMade] = useState<Ticket | null>(null)
  const [busy, setBusy] = useState(false)
  const running = useRef(false)
  const leave = ({ number, articles }: Ticket): void => {
    const [article] = articles
    if (!article?.delivery) return
    const forget = (): void => pictures.forget(keysIn(written.html))
    const { text, html, files, cc } = written
    if (holding(number, article, { kind: 'reply', draft: { text, html, files, cc } }, forget)) return
    forget()
    const at = leavesAt(article.delivery)
    if (at) say(t('leaves_at', { time: moment(at, language) }))
  }
  const open = async (body: NewTicket): Promise<void> => {
    setProblem(null)
    setMade(null)
    const { ticket, before } = await opened(body, written.asked, (asked) => edit({ asked }))
    cache.setQueryData(['ticket', ticket.number], ticket)
    for (const key of ['tickets', 'queues', 'customer']) void cache.invalidateQueries({ queryKey: [key] })
    if (before) return setMade(ticket)
    done()
    leave(ticket)
    await go({ to: '/tickets/$number', params: { number: ticket.number } })
  }
  const submit = async (body: NewTicket): Promise<void> => {
    if (running.current) return
    running.current = true
    setBusy(true)
    await open(body).catch((failure) => setProblem(failure instanceof ApiError && failure.body.code === 'idempotency_mismatch' ? t('perhaps_opened') : explain(failure)))
    running.current = false
    setBusy(false)
  }
  return { submit, busy, problem, setProblem, made }
}
