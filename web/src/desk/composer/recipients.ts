import type { DraftBody, Person, Ticket } from '../../api/types'
import type { Kind } from './opening'
import { theirs } from './quoting'

export interface Recipients {
  /** Empty: the customer. */
  to: string
  cc: string
}

/** Whom the letter goes to: what the agent typed, else whoever expects it. */
export function recipients(kind: Kind, ticket: Ticket, draft: DraftBody): Recipients {
  const to = draft.to ?? (kind === 'forward' ? askedAside(ticket) : '')
  const cc = draft.cc ?? (kind === 'reply' ? copied(ticket) : '')
  return { to: to.trim(), cc: cc.trim() }
}

/** Those who take part beside the customer, as far as his side's last letter was from or to them. */
function copied(ticket: Ticket): string {
  const last = ticket.articles.findLast((each) => each.visible && theirs(each))
  const others = last ? [last.from, ...last.to, ...last.cc] : []
  const heard = others.filter(({ email }) => ticket.participants.includes(email) && !ticket.aside.includes(email) && email !== ticket.customer.email && email !== ticket.answer_to?.email)
  return typed(heard)
}

/** Who was asked aside and wrote last: a further forward goes on with him. */
function askedAside(ticket: Ticket): string {
  const last = ticket.articles.findLast(theirs)
  return last && !last.visible && ticket.aside.includes(last.from.email) ? typed([last.from]) : ''
}

const typed = (people: Person[]): string => [...new Map(people.map((each) => [each.email, each])).values()].map(spelt).join(', ')

/** As it is typed into a field; a name that would be taken apart there is left out. */
const spelt = ({ name, email }: Person): string => (name && !/[,;<>"\n]/.test(name) ? `${name} <${email}>` : email)
