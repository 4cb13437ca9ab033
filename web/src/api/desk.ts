/** One function for each route that agents use. */
import { get, patch, post, put, query, remove } from './client'
import type { Article, ChallengeAnswer, Changes, Customer, DraftBody, Factor, FactorShown, FailedMail, LinkKind, Lock, Me, NewTicket, OutboxMail, Page, Person, Queues, ReportTable, Row, Said, SearchResults, SignedIn, Ticket, View } from './types'

export interface ListQuery {
  queue?: string
  state?: string
  owner?: string
  lock?: string
  priority?: string
  tag?: string
  sort?: string
}

const at = (number: string): string => `/tickets/${encodeURIComponent(number)}`

// -- signing in

export const whoAmI = () => get<Me>('/session')
export const signIn = (login: string, password: string) =>
  post<SignedIn>('/session', { login, password })
export const answerChallenge = (answer: ChallengeAnswer) =>
  post<SignedIn>('/session/challenge', answer)
export const signOut = () => remove<void>('/session')
export const forgotten = (login: string) => post<void>('/session/forgotten', { login })
export const resetPassword = (login: string, code: string, password: string) =>
  put<void>('/session/forgotten', { login, code, password })
export const factor = (body: Factor) => post<FactorShown>('/session/factor', body)

// -- lists

export const queues = () => get<Queues>('/queues')
export const tickets = (wanted: ListQuery, cursor?: string) =>
  get<Page>(`/tickets${query({ ...wanted, limit: 200, cursor })}`)
export const customers = (q: string) => get<{ customers: Person[] }>(`/customers${query({ q })}`)
export const customer = (email: string) => get<Customer>(`/customers/${encodeURIComponent(email)}`)

// -- one ticket

export const ticket = (number: string) => get<Ticket>(at(number))
export const openTicket = (body: NewTicket, key?: string) => post<Ticket>('/tickets', body, key)
export const change = (number: string, version: number, changes: Changes) =>
  patch<Ticket>(at(number), { version, ...changes })
export const lock = (number: string, takeover = false) => put<Lock>(`${at(number)}/lock`, { takeover })
export const unlock = (number: string, takeover = false) =>
  remove<void>(`${at(number)}/lock`, { takeover })
export const giveBack = (number: string, epoch: number) => remove<void>(`${at(number)}/lock${query({ unused: epoch })}`)
export const say = (number: string, body: Said, key?: string) => post<Article>(`${at(number)}/articles`, body, key)
export const undo = (number: string, article: string) => remove<void>(`${at(number)}/articles/${article}/delivery`)
export const leave = (number: string, article: string) => put<Article>(`${at(number)}/articles/${article}/delivery`)
export const sendAgain = (number: string, article: string) => post<Article>(`${at(number)}/articles/${article}/delivery`)
export const link = (number: string, other: string, kind: LinkKind) => post<Ticket>(`${at(number)}/links`, { number: other, kind })
export const merge = (number: string, into: string) => post<Ticket>(`${at(number)}/merge`, { into })
export const letJoin = (number: string, email: string, name = '') => post<Ticket>(`${at(number)}/participants`, { email, name })
export const sendAway = (number: string, email: string) => remove<Ticket>(`${at(number)}/participants/${encodeURIComponent(email)}`)
export const saveDraft = (number: string, kind: string, body: DraftBody) => put<void>(`${at(number)}/drafts/${kind}`, body)
export const dropDraft = (number: string, kind: string) => remove<void>(`${at(number)}/drafts/${kind}`)
export const attachmentUrl = (number: string, article: string, n: number) =>
  `/api${at(number)}/articles/${article}/attachments/${n}`
export const rawUrl = (number: string, article: string) => `/api${at(number)}/articles/${article}/raw`

// -- finding

export const search = (q: string, sort: string, cursor?: string, signal?: AbortSignal) =>
  get<SearchResults>(`/search${query({ q, sort, cursor, limit: 30 })}`, signal)
export const suggest = (field: string, prefix: string) => get<{ suggestions: string[] }>(`/suggest${query({ field, prefix })}`)
export const similar = (number: string) => get<{ tickets: Row[] }>(`${at(number)}/similar`)
export const views = () => get<{ views: View[] }>('/views')
export const keepViews = (kept: View[]) => put<{ views: View[] }>('/views', { views: kept })

// -- figures

export interface ReportQuery {
  from?: string
  to?: string
  queue?: string
  by?: string
}

export const report = (name: string, wanted: ReportQuery) => get<ReportTable>(`/reports/${name}${query({ ...wanted })}`)
export const reportSheet = (name: string, wanted: ReportQuery): string => `/api/reports/${name}${query({ ...wanted, format: 'csv' })}`

// -- what could not be taken in

export const outbox = () => get<{ mails: OutboxMail[] }>('/outbox')
export const failedMails = () => get<{ failed_mails: FailedMail[] }>('/failed-mails')
export const retry = (id: string) => post<void>(`/failed-mails/${encodeURIComponent(id)}/retry`)
export const ticketOfFailed = (id: string, queue: string, key?: string) => post<Ticket>(`/failed-mails/${encodeURIComponent(id)}/ticket`, { queue }, key)
export const failedRawUrl = (id: string) => `/api/failed-mails/${encodeURIComponent(id)}/raw`
