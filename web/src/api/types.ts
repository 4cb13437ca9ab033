/** What the desk answers: the nouns of the API. Times are ISO 8601 in UTC, `time_units` are minutes. */

export type State =
  | 'new'
  | 'open'
  | 'pending reminder'
  | 'pending auto close+'
  | 'pending auto close-'
  | 'closed successful'
  | 'closed unsuccessful'
  | 'merged'
  | 'removed'

export interface Person {
  name: string
  email: string
}

export interface Lock {
  agent: string
  epoch: number
  since: string
  until: string | null
}

export interface Row {
  number: string
  title: string
  queue: string
  state: State
  priority: number
  owner: string | null
  responsible: string | null
  lock: Lock | null
  customer: Person
  created: string
  changed: string
  pending_until: string | null
  unread: boolean
  article_count: number
  tags: string[]
  version: number
}

export interface Attachment {
  n: number
  filename: string
  content_type: string
  size: number
  inline: boolean
  content_id?: string | null
}

export interface Delivery {
  state: 'due' | 'sending' | 'sent' | 'delayed' | 'delivered' | 'bounced' | 'complained' | 'failed' | 'unknown' | 'cancelled'
  at: string
  detail?: string | null
  not_before?: string | null
}

export interface Article {
  id: string
  seq: number
  kind: string
  channel: string
  sender: 'agent' | 'customer' | 'system'
  from: Person | null
  to: Person[]
  cc: Person[]
  subject: string
  text: string
  html: string | null
  /** How many characters of the text stand before the folded quote; null: nothing is folded. */
  fold?: number | null
  /** How many remote images and the like were taken out of the HTML. */
  blocked?: number
  visible: boolean
  attachments: Attachment[]
  at: string
  by: string | null
  time_units: number
  delivery: Delivery | null
  raw?: boolean
}

export interface HistoryEvent {
  type: string
  at: string
  by: string
  name?: string
  old?: unknown
  new?: unknown
  detail?: Record<string, unknown>
}

export interface TicketLink {
  number: string
  kind: string
}

export interface Draft {
  kind: string
  at: string
  body: DraftBody
}

export interface DraftBody {
  text: string
  to?: string
  cc?: string
  time?: string
  visible?: boolean
  next_state?: string
  pending_until?: string
}

export interface Ticket extends Row {
  articles: Article[]
  history: HistoryEvent[]
  links: TicketLink[]
  drafts: Draft[]
  last_customer_seq: number
  time_units?: number
}

export interface QueueCounts {
  new: number
  open: number
  pending: number
  locked: number
  mine: number
  escalated: number
}

export interface QueueInfo {
  name: string
  counts: QueueCounts
  write?: boolean
  agents?: { login: string; name: string }[]
}

export interface Me {
  login: string
  name: string
  role: 'admin' | 'agent'
  queues: unknown
  language: 'en' | 'ru'
  out_of_office: boolean
}

export interface Challenge {
  challenge: string
  session: string
}

export interface FailedMail {
  id: string
  at: string
  reason: string
  size?: number
  subject?: string | null
  from?: string | null
}

export interface Customer extends Person {
  tickets: Row[]
}

export interface UploadForm {
  upload: string
  url: string
  fields: Record<string, string>
}
