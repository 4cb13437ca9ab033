import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState, type FormEvent } from 'react'
import { ticketOfFailed } from '../api/desk'
import type { FailedMail, QueueInfo } from '../api/types'
import { say } from '../ui/toasts'
import { useQueues } from './Queues'
import css from './failed.module.css'
import { useWords } from './words'

/** The names of the queues in which I may open tickets. */
export const mine = (queues: QueueInfo[]): string[] => queues.filter((queue) => queue.write).map((queue) => queue.name)

/** A mail that no machine can read becomes a ticket for a person, in a queue where she may write. */
export function MakeTicket({ mail }: { mail: FailedMail }) {
  const { t } = useWords()
  const names = mine(useQueues().data?.queues ?? [])
  const { run, busy } = useMaking(mail.id)
  if (!names.length) return null
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (!busy) void run(String(new FormData(event.currentTarget).get('queue')))
  }
  return (
    <form className={css.make} onSubmit={submit}>
      <select className="input" name="queue" aria-label={t('queue')} key={names.length}>
        {names.map((name) => (
          <option key={name} value={name}>{name}</option>
        ))}
      </select>
      <button className="btn" disabled={busy} title={t('make_ticket_why')}>{t('make_ticket')}</button>
    </form>
  )
}

function useMaking(mail: string) {
  const { explain } = useWords()
  const go = useNavigate()
  const cache = useQueryClient()
  const [busy, setBusy] = useState(false)
  const once = useRef({ key: '', queue: '' })
  const run = async (queue: string): Promise<void> => {
    // Under the same key again: an answer that got lost on the way still leads to the ticket.
    if (once.current.queue !== queue) once.current = { key: crypto.randomUUID(), queue }
    setBusy(true)
    try {
      const made = await ticketOfFailed(mail, queue, once.current.key)
      cache.setQueryData(['ticket', made.number], made)
      for (const key of ['tickets', 'queues', 'failed']) void cache.invalidateQueries({ queryKey: [key] })
      await go({ to: '/tickets/$number', params: { number: made.number } })
    } catch (failure) {
      say(explain(failure))
      setBusy(false)
    }
  }
  return { run, busy }
}
