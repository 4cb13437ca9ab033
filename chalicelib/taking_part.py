"""Who takes part in a ticket by mail: its customer, whom he takes in, and whom agents write to. Pure."""

from collections.abc import Collection
from dataclasses import replace

from chalicelib.article import Address, Article
from chalicelib.follow_up import without_plus
from chalicelib.mail import Mail
from chalicelib.ticket import Ticket

MOST = 50  # participants of a ticket
MOST_BY_MAIL = 30  # of these, that customers' mails bring in: the rest is kept for those whom agents choose
MOST_COLLEAGUES = 10  # of one mail


def taken_in(ticket: Ticket, mail: Mail, own: Collection[str]) -> Ticket:
    """With those whom a participant's mail takes into the conversation. `own`: the desk's addresses.

    Whoever takes part aside takes others in aside.
    """
    if not mail.sender or mail.sender.email not in ticket.participants:
        return ticket
    new = colleagues(mail, own) - ticket.participants
    if len(ticket.participants | new) > MOST_BY_MAIL:
        return ticket
    aside = new if is_aside(ticket, mail) else frozenset()
    return replace(ticket, participants=ticket.participants | new, aside=ticket.aside | aside)


def colleagues(mail: Mail, own: Collection[str]) -> frozenset[str]:
    """Whom a sender, who is who he says he is, names in To, Cc and Reply-To.

    Machines and lists introduce nobody, and a mail to a crowd is no conversation.
    """
    if not mail.authenticated or mail.automatic or mail.is_list or mail.report:
        return frozenset()
    found = outside((*mail.to, *mail.cc, *mail.reply_to), own)
    return found if len(found) <= MOST_COLLEAGUES else frozenset()


def written_to(ticket: Ticket, article: Article, own: Collection[str], agents: Collection[str]) -> Ticket:
    """With those to whom an agent writes: they are no strangers when they answer. Nobody is to know of those in Bcc.

    A forward only asks aside, and so does a copy to an agent (`agents`: their addresses): the answer is not for the customer.
    """
    people = outside((*article.to, *article.cc), own)
    if len(ticket.participants | people) > MOST:
        return ticket
    if article.kind == "forward":
        aside = ticket.aside | (people - ticket.participants)
    else:
        colleague = people & frozenset(agents) - {ticket.customer.email}
        aside = ticket.aside - people | colleague
    return replace(ticket, participants=ticket.participants | people, aside=aside)


def outside(people: Collection[Address], own: Collection[str]) -> frozenset[str]:
    return frozenset(each.email for each in people if each.email and without_plus(each.email) not in own)


def is_aside(ticket: Ticket, mail: Mail) -> bool:
    """Whether the mail is from somebody whom only agents have asked."""
    return mail.sender is not None and mail.sender.email in ticket.aside
