import type { Article, DraftBody, Person, Said, Ticket } from '../../api/types'
import { parseTime } from '../../i18n/format'
import type { Upload } from '../../ui/attachments'
import { leaving } from './editor/leaving'
import { keysIn } from './editor/pictures'
import { isMail, type Kind } from './opening'
import { quoted } from './quoting'
import { recipients } from './recipients'

export interface Holding {
  /** The epoch of my lock as this screen knows it. */
  epoch: number | null
  /** The last article that I have seen. */
  seen: number
}

/** When a letter leaves that does not leave now, and whether the customer's own letter stops it. */
export interface Schedule {
  send_after: string
  unless_answered: boolean
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
  people(typed).find(({ email }) => !MAILBOX.test(email) || /\.\.|@\.|\.@|^\./.test(email))?.email

/** What the desk takes for one, too: whatever it would refuse is said before it is asked. */
const MAILBOX = /^[^\s@<>"(),:;\\]{1,64}@[a-z0-9\u0080-\uffff]([\p{L}\p{N}_.-]{0,250}[\p{L}\p{N}_])?$/iu

export function body(kind: Kind, ticket: Ticket, draft: DraftBody, uploads: Upload[], holding: Holding, schedule?: Schedule): Said {
  const said: Said = { kind, text: draft.text }
  const attachments = going(draft, uploads).flatMap((each) => each.id ?? [])
  if (attachments.length) said.attachments = attachments
  if (draft.time?.trim()) said.time_units = parseTime(draft.time) ?? 0
  if (draft.next_state) said.next_state = draft.next_state as Said['next_state']
  if (draft.next_state?.startsWith('pending') && draft.pending_until) said.pending_until = new Date(draft.pending_until).toISOString()
  if (!isMail(kind)) return said
  if (draft.html) said.html = leaving(draft.html, new Map(uploads.flatMap(({ key, id }) => (id ? [[key, id] as const] : []))))
  const { to, cc } = recipients(kind, ticket, draft)
  if (to) said.to = people(to)
  if (cc) said.cc = people(cc)
  const quote = quoted(kind, ticket, draft)
  if (quote) said.quote = quote.id
  if (schedule) said.send_after = schedule.send_after
  if (schedule?.unless_answered) said.unless_answered = true
  if (!schedule) said.hold = true
  return { ...said, epoch: holding.epoch ?? undefined, seen: holding.seen, mind_own: true }
}

/** The files beside the text and those pictures that still stand in it. */
export function going(draft: DraftBody, uploads: Upload[]): Upload[] {
  const pictures = keysIn(draft.html)
  return uploads.filter((each) => !each.picture || pictures.has(each.key))
}

/** What the desk takes into one mail, in the encoding of mail. */
const MAIL_TAKES = 19 * 1024 * 1024
const encoded = (size: number): number => Math.ceil(size / 57) * 78

/** The keys of those files that leave as links because the mail would be too large: the largest ones first. */
export function asLinks(files: Pick<Upload, 'key' | 'size' | 'picture'>[]): Set<string> {
  const links = new Set<string>()
  let left = files.reduce((sum, each) => sum + encoded(each.size), 0)
  for (const each of files.filter((file) => !file.picture).toSorted((a, b) => b.size - a.size)) {
    if (left <= MAIL_TAKES) break
    left -= encoded(each.size)
    links.add(each.key)
  }
  return links
}

/** The customer's letters that came after the one that was seen. */
export const newer = (ticket: Ticket, seen: number): Article[] =>
  ticket.last_customer_seq > seen ? ticket.articles.filter((each) => each.seq > seen && each.sender === 'customer' && each.visible && !each.automatic) : []

/** The answers of colleagues that came after what was seen; one that was stopped has answered nobody. */
export const answered = (ticket: Ticket, seen: number, me: string): Article[] =>
  ticket.articles.filter((each) => each.seq > seen && each.kind === 'reply' && each.visible && each.by !== me && each.delivery?.state !== 'cancelled')

/** My own that another window of mine has sent: what this one sends counts as seen. */
export const answeredElsewhere = (ticket: Ticket, seen: number, me: string): Article[] =>
  ticket.articles.filter((each) => each.seq > seen && each.kind === 'reply' && each.visible && each.by === me && each.delivery?.state !== 'cancelled')

/** The article that a draft has become. */
export const saidAs = (ticket: Ticket, draft: DraftBody, me: string): Article | undefined =>
  draft.key ? ticket.articles.find((each) => each.key === draft.key && each.by === me) : undefined

/** Are these its words? What the desk puts around a letter does not count. */
export const saysThis = (article: Article, draft: DraftBody): boolean => spaced(article.text).includes(spaced(draft.text))

const spaced = (text: string): string => text.replace(/\s+/g, ' ').trim()
