/** A ticket that is being written, and what is asked of the desk when it is done. */
import { useRef, useState } from 'react'
import type { DraftBody, NewTicket } from '../../api/types'
import { parseTime } from '../../i18n/format'
import type { Upload } from '../../ui/attachments'
import { leaving } from '../composer/editor/leaving'
import { badAddress, going, people, type Schedule } from '../composer/sending'
import { useMe } from '../Door'
import type { Key } from '../words'
import { keep, kept } from './kept'

/** `to` is the customer's address as it was typed, `time` the working time. */
export interface Written extends DraftBody {
  channel: NewTicket['channel']
  name: string
  title: string
  queue?: string
  priority?: string
  owner?: string
  asked?: Asked
}

/** What the desk was asked for without a word of what became of it: asked again, it is not done twice. */
export interface Asked {
  key: string
  body: NewTicket
}

export const EMPTY: Written = { channel: 'phone', name: '', title: '', text: '' }

export const hasWords = ({ text, title, to, name, files }: Written): boolean => Boolean(text.trim() || title.trim() || to?.trim() || name.trim() || files?.length)

export function useWritten() {
  const { login } = useMe()
  const [written, set] = useState<Written>(() => ({ ...EMPTY, ...kept<Written>(login) }))
  const latest = useRef(written)
  const put = (next: Written): void => {
    latest.current = next
    set(next)
    keep(login, hasWords(next) ? next : null)
  }
  return { written, put, edit: (part: Partial<Written>) => put({ ...latest.current, ...part }) }
}

// -- what is asked of the desk

export const isMail = ({ channel }: Written): boolean => channel === 'email'

/** The one address that stands there, if it is one. */
export const customerOf = ({ to = '' }: Pick<Written, 'to'>): string => (people(to).length === 1 && !badAddress(to) ? people(to)[0]!.email.toLowerCase() : '')

export interface Wrong {
  field: 'to' | 'cc' | 'title' | 'text' | 'queue' | 'until' | 'time'
  why: Key
}

/** What is missing or cannot be understood, the first of it. */
export function wrong(written: Written, queue: string | undefined, uploads: Upload[], now = Date.now()): Wrong | null {
  const { to = '', cc = '', title, text, time, next_state, pending_until } = written
  const files = going(written, uploads)
  const found: [boolean, Wrong['field'], Key][] = [
    [!to.trim(), 'to', 'customer_missing'],
    [people(to).length > 1, 'to', isMail(written) ? 'one_customer' : 'one_caller'],
    [Boolean(badAddress(to)), 'to', 'bad_address'],
    [isMail(written) && Boolean(badAddress(cc)), 'cc', 'bad_address'],
    [!title.trim(), 'title', 'subject_missing'],
    [!text.trim(), 'text', 'text_missing'],
    [files.some((each) => each.picture && each.failure), 'text', 'picture_failed'],
    [files.some((each) => each.failure), 'text', 'file_failed'],
    [files.some((each) => !each.id), 'text', 'still_uploading'],
    [!queue, 'queue', 'no_queue'],
    [Boolean(next_state?.startsWith('pending') && pending_until && Date.parse(pending_until) <= now), 'until', 'pending_past'],
    [Boolean(time?.trim()) && parseTime(time!) === null, 'time', 'bad_time'],
  ]
  const first = found.find(([is]) => is)
  return first ? { field: first[1], why: first[2] } : null
}

export function bodyOf(written: Written, queue: string, owner: string, uploads: Upload[], schedule?: Schedule): NewTicket {
  const [customer] = people(written.to ?? '')
  const attachments = going(written, uploads).flatMap((each) => each.id ?? [])
  const body: NewTicket = {
    channel: written.channel,
    queue,
    customer: { email: customer!.email, name: written.name.trim() || customer!.name },
    title: written.title.trim(),
    text: written.text.trim(),
    attachments,
    state: (written.next_state ?? 'open') as NewTicket['state'],
    time_units: written.time?.trim() ? parseTime(written.time)! : 0,
  }
  if (written.priority) body.priority = Number(written.priority)
  if (owner) body.owner = owner
  if (written.next_state?.startsWith('pending') && written.pending_until) body.pending_until = new Date(written.pending_until).toISOString()
  if (!isMail(written)) return body
  if (written.html) body.html = leaving(written.html, new Map(uploads.flatMap(({ key, id }) => (id ? [[key, id] as const] : []))))
  if (written.cc?.trim()) body.cc = people(written.cc)
  return schedule ? { ...body, send_after: schedule.send_after } : { ...body, hold: true }
}
