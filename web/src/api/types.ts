/** The nouns of the API, by our names; their shapes come from openapi.json, so that a drift is an error of the compiler. */
import type { Uploaded } from '../ui/attachments'
import type { components } from './schema'

type Schemas = components['schemas']

export type State = Row['state']
export type Person = Schemas['PersonShown']
export type Lock = Schemas['LockShown']
export type Row = Schemas['Row']
export type Delivery = Schemas['DeliveryShown']
export type Link = Schemas['LinkShown']
export type Doubt = NonNullable<Link['doubt']>
export type LinkKind = NonNullable<Schemas['LinkWanted']['kind']>
export type HistoryEvent = Schemas['EventShown']
export type Page = Schemas['Tickets']
export type QueueInfo = Schemas['QueueListed']
export type Queues = Schemas['Queues']
export type Me = Schemas['Me']
export type SignedIn = Schemas['SignedIn']
export type OutboxMail = Schemas['OutboxMail']
export type FailedMail = Schemas['FailedMailShown']
export type UploadForm = Schemas['UploadForm']
export type Report = Schemas['ReportShown']
export type Customer = Schemas['CustomerWithTickets']
export type Undeliverable = Schemas['Undeliverable']
export type Said = Schemas['Saying']
export type NewTicket = Schemas['NewTicket']
export type Changes = Omit<Schemas['Change'], 'version'>
export type Factor = Schemas['Factor']
export type FactorShown = Schemas['FactorShown']
export type ChallengeAnswer = Schemas['ChallengeAnswer']

export type Found = Schemas['FoundTicket']
export type SearchResults = Schemas['SearchResults']
export type View = Schemas['ViewShown']
export type ReportTable = Schemas['Report']

export type OwnRow = Schemas['OwnRow']
export type OwnTicket = Schemas['OwnTicket']
export type OwnArticle = Schemas['OwnArticle']

export type Attachment = Schemas['Attachment']
export type Article = Schemas['ArticleShown']
export type Ticket = Schemas['TicketShown']

export interface Challenge {
  challenge: string
  session: string
}

/** What the composer keeps of an unsaid article; the desk gives it back as it is. */
export interface DraftBody {
  text: string
  /** The Idempotency-Key under which it will be said: the desk shows no draft any more that has been. */
  key?: string
  /** Only where there is formatting or a picture; pictures by the keys of `files`. */
  html?: string
  files?: Uploaded[]
  /** The article to be quoted; null: none; not set: the usual one. */
  quote?: string | null
  to?: string
  cc?: string
  time?: string
  next_state?: string
  pending_until?: string
}
