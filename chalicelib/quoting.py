"""The letter that an answer quotes, or that a forward hands on: below text and signature, as mail programs expect it. Pure.

Answers quote what the customer wrote himself (his own quotes are in his mailbox already); a forward hands on all of it.
"""

import html
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from chalicelib import folded_html
from chalicelib.article import Address, Article
from chalicelib.queues import Queue
from chalicelib.threads import one_line

LONGEST_TEXT, LONGEST_HTML = 64_000, 200_000  # characters that are quoted at most
CUT = "[...]"
PICTURE = re.compile(r'<img\b((?:[^">]|"[^"]*")*+)>')
SOURCE = re.compile(r'\ssrc="([^"]*)"')
ALT = re.compile(r'\salt="([^"]*)"')

MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split(),
}
WROTE = {"en": "On {when}, {who} wrote:", "ru": "{when}, {who} пишет:"}
WHEN = {"en": "{day} {month} {year} at {time} {zone}", "ru": "{day} {month} {year} г., {time} {zone}"}
FORWARDED = {"en": "---------- Forwarded message ----------", "ru": "---------- Пересылаемое сообщение ----------"}
LEFT_OUT = {"en": "Not handed on:", "ru": "Не передаются:"}
FIELDS = {"en": ("From", "Date", "Subject", "To", "Cc"), "ru": ("От", "Дата", "Тема", "Кому", "Копия")}


def text_of(original: Article, language: str, queue: Queue, forward: bool = False) -> str:
    """Below the signature: one line that says who wrote when, and `> ` before each of his."""
    if forward:
        block = [
            FORWARDED[tongue(language)],
            *(f"{name}: {value}" for name, value in fields(original, language, queue)),
        ]
        return "\n".join([*block, "", capped(original.text.strip("\n"), LONGEST_TEXT), ""])
    lines = capped(own_text(original).strip("\n"), LONGEST_TEXT).splitlines()
    return "\n".join([wrote(original, language, queue), *(deeper(line) for line in lines), ""])


def deeper(line: str) -> str:
    """`> a` becomes `>> a` and not `> > a`: programs that fold quotes count the marks at the beginning."""
    return f">{line}" if line.startswith(">") else f"> {line}".rstrip()


def html_of(original: Article, language: str, queue: Queue, pictures: frozenset[str], forward: bool = False) -> str:
    """The same for HTML that is safe already. `pictures`: content ids that come along; others leave no broken image."""
    page = PICTURE.sub(lambda found: picture(found, pictures), page_of(original, forward))
    if forward:
        rows = [f"<b>{name}:</b> {html.escape(value)}" for name, value in fields(original, language, queue)]
        return "<br>\n".join([f"<p>{FORWARDED[tongue(language)]}", *rows]) + f"</p>\n{page}"
    return f'<p>{html.escape(wrote(original, language, queue))}</p>\n<blockquote type="cite">{page}</blockquote>'


def page_of(original: Article, forward: bool = False) -> str:
    """What is quoted, as HTML: the letter's own where it has any that is not too long."""
    own = original.text if forward else own_text(original)
    page = original.html if original.html and len(original.html) <= LONGEST_HTML else None
    if page and not forward and original.fold is not None:
        page = folded_html.visible(page, own, original.text[original.fold :])
    if page is not None:
        return page
    return as_html(capped(own.strip(), LONGEST_TEXT))


def as_html(text: str) -> str:
    return f"<p>{html.escape(text)}</p>".replace("\n", "<br>\n")


def own_text(original: Article) -> str:
    return original.text if original.fold is None else original.text[: original.fold]


def picture(found: re.Match[str], pictures: frozenset[str]) -> str:
    """The picture as it was; in place of one that was blocked, the words that stand for it; nothing for one that stays here."""
    source, alt = SOURCE.search(found[1]), ALT.search(found[1])
    if source is None:
        return html.escape(html.unescape(alt[1])) if alt else ""
    return found[0] if not source[1].startswith("cid:") or content_id(source[1]) in pictures else ""


def content_id(source: str) -> str:
    return html.unescape(source).removeprefix("cid:")


def left_out(names: list[str], language: str) -> str:
    """Files of the letter that a forward does not hand on."""
    return f"{LEFT_OUT[tongue(language)]} {', '.join(map(one_line, names))}" if names else ""


def pictures_in(page: str) -> frozenset[str]:
    """Content ids of the pictures that the page shows."""
    sources = [source[1] for found in PICTURE.findall(page) if (source := SOURCE.search(found))]
    return frozenset(content_id(each) for each in sources if each.startswith("cid:"))


def wrote(original: Article, language: str, queue: Queue) -> str:
    return WROTE[tongue(language)].format(when=moment(original.at, language, queue), who=person(original.sent_from))


def fields(original: Article, language: str, queue: Queue) -> list[tuple[str, str]]:
    """Who wrote what to whom, as a forward says it."""
    values = (
        person(original.sent_from),
        moment(original.at, language, queue),
        one_line(original.subject),
        ", ".join(map(person, original.to)),
        ", ".join(map(person, original.cc)),
    )
    return [(name, value) for name, value in zip(FIELDS[tongue(language)], values, strict=True) if value]


def person(who: Address) -> str:
    name = one_line(who.name)
    return f"{name} <{who.email}>" if name else who.email


def moment(at: datetime, language: str, queue: Queue) -> str:
    """In the queue's time zone where it has one; the zone is always said."""
    local = at.astimezone(ZoneInfo(queue.calendar.zone) if queue.calendar else UTC)
    month = MONTHS[tongue(language)][local.month - 1]
    zone = local.strftime("%Z") or "UTC"
    return WHEN[tongue(language)].format(day=local.day, month=month, year=local.year, time=f"{local:%H:%M}", zone=zone)


def tongue(language: str) -> str:
    return language if language in WROTE else "en"


def capped(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most].rstrip()}\n{CUT}"
