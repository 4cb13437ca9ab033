/** One function for each route that customers use. */
import { get, post, put, remove } from './client'
import type { OwnArticle, OwnRow, OwnTicket } from './types'

const at = (number: string): string => `/portal/tickets/${encodeURIComponent(number)}`

export const askCode = (email: string, language: string) => post<void>('/portal/session', { email, language })
export const proveCode = (email: string, code: string) => put<unknown>('/portal/session', { email, code })
export const signOut = () => remove<void>('/portal/session')
export const tickets = () => get<{ tickets: OwnRow[]; next: string | null }>('/portal/tickets')
export const ticket = (number: string) => get<OwnTicket>(at(number))
export const openTicket = (body: { title: string; text: string; attachments: string[] }, key: string) =>
  post<OwnTicket>('/portal/tickets', body, key)
export const write = (number: string, body: { text: string; attachments: string[] }, key: string) =>
  post<OwnArticle>(`${at(number)}/articles`, body, key)
export const attachmentUrl = (number: string, article: string, n: number) =>
  `/api${at(number)}/articles/${article}/attachments/${n}`
