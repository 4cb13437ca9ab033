import type { Article, DraftBody, Ticket } from '../../api/types'
import { isMail, type Kind } from './opening'

/** What may be quoted, the newest first: to the customer what he could have seen, to others every letter. */
export const quotable = (ticket: Ticket, kind: Kind): Article[] =>
  ticket.articles.filter((each) => (each.visible || (kind === 'forward' && each.channel === 'email')) && !unsaid(each) && each.sender !== 'system' && !each.report && each.text.trim()).toReversed()

/** A letter of the customer's side that a person wrote: nobody means to answer a note of absence. */
export const theirs = ({ sender, channel, automatic }: Article): boolean => sender === 'customer' && channel === 'email' && !automatic

/** What has not left, or was stopped, nobody has read; the desk refuses to quote it. */
const unsaid = ({ delivery }: Article): boolean => delivery?.state === 'cancelled' || delivery?.state === 'due'

/** The article that goes below the text: the chosen one, or the customer's last letter. A forward has nothing to say without one. */
export function quoted(kind: Kind, ticket: Ticket, draft: DraftBody): Article | null {
  if (!isMail(kind) || draft.quote === null) return null
  const articles = quotable(ticket, kind)
  const chosen = articles.find((each) => each.id === draft.quote)
  return chosen ?? articles.find(theirs) ?? articles.find(({ sender, channel }) => sender === 'customer' && channel === 'email') ?? (kind === 'forward' ? (articles[0] ?? null) : null)
}
