import type { Article, DraftBody, Person, Said, Ticket } from '../../api/types'
import { parseTime } from '../../i18n/format'
import type { Kind } from './opening'

export interface Holding {
  /** The epoch of my lock as this screen knows it. */
  epoch: number | null
  /** The customer's last letter that I have seen. */
  seen: number
}

/** "Carla <carla@example.org>, ben@example.org" as people. */
export function people(typed: string): Person[] {
  return typed
    .split(/[,;\n]+/)
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const found = /^(.*?)\s*<([^<>\s]+@[^<>\s]+)>$/.exec(part)
      return found ? { name: found[1]!.replace(/^"|"$/g, ''), email: found[2]! } : { name: '', email: part }
    })
}

export const badAddress = (typed: string): string | undefined =>
  people(typed).find((each) => !/^[^\s@]+@[^\s@]+$/.test(each.email))?.email

export function body(kind: Kind, draft: DraftBody, attachments: string[], holding: Holding): Said {
  const said: Said = { kind, text: draft.text }
  if (attachments.length) said.attachments = attachments
  if (draft.time?.trim()) said.time_units = parseTime(draft.time) ?? 0
  if (draft.next_state) said.next_state = draft.next_state as Said['next_state']
  if (draft.next_state?.startsWith('pending') && draft.pending_until) said.pending_until = new Date(draft.pending_until).toISOString()
  if (kind !== 'reply') return said
  if (draft.to?.trim()) said.to = people(draft.to)
  if (draft.cc?.trim()) said.cc = people(draft.cc)
  return { ...said, epoch: holding.epoch ?? undefined, seen: holding.seen }
}

/** The customer's letters that came after the one that was seen. */
export const newer = (ticket: Ticket, seen: number): Article[] =>
  ticket.last_customer_seq > seen ? ticket.articles.filter((each) => each.seq > seen && each.sender === 'customer') : []
