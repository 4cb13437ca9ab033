"""What a mail says, once it has been read: the shapes that incoming.parse fills. Nothing here reads bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.article import FORGED, UNPROVEN, Address

if TYPE_CHECKING:
    from chalicelib.reports import Report


class NotMail(Exception):
    """The bytes are no mail at all; the sentence says why."""


@dataclass(frozen=True)
class Verdicts:
    """What SES found out, from its own topmost header block alone; `none` throughout where there is no such block.

    `spf`, `dkim`, `dmarc`: pass, fail, softfail, neutral, none, ...; `spam`, `virus`: pass, fail, gray, processing_failed, none.
    `*_aligned`: passed, and for the domain in From (README 7). `dmarc_aligned`: the pass is about the From that we show.
    """

    spf: str = "none"
    dkim: str = "none"
    dmarc: str = "none"
    spam: str = "none"
    virus: str = "none"
    spf_aligned: bool = False
    dkim_aligned: bool = False
    dmarc_aligned: bool = False
    recipient: str | None = None
    return_path: str | None = None

    @property
    def authenticated(self) -> bool:
        if self.dmarc == "pass":
            return self.dmarc_aligned
        return self.dmarc == "none" and (self.spf_aligned or self.dkim_aligned)


@dataclass(frozen=True)
class Part:
    """An attachment: `content` as the sender had it; `inline` files belong into the HTML, by `content_id`."""

    filename: str
    content_type: str
    content: bytes = field(repr=False)
    inline: bool = False
    content_id: str | None = None


@dataclass(frozen=True)
class Mail:
    """A mail as the desk sees it. Message ids are without angle brackets, references oldest first, addresses in small letters.

    `fold`: the visible reply is text[:fold], the rest (quote, signature) is folded; None where nothing is. `blocked` counts
    what was taken out of the HTML. `digest` is the sha256 (hex) of what the sender wrote, the same by whatever way it came.
    `broken` says why not everything could be read; `size`: bytes as it came. `headers` has the first value of each, by its name in small letters.
    """

    verdicts: Verdicts
    sender: Address | None
    subject: str
    text: str
    digest: str
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    delivered_to: tuple[str, ...] = ()
    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    date: datetime | None = None
    html: str | None = None
    blocked: int = 0
    fold: int | None = None
    attachments: tuple[Part, ...] = ()
    automatic: bool = False
    out_of_office: bool = False
    is_list: bool = False
    report: "Report | None" = None
    language: str | None = None
    broken: str | None = None
    size: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def authenticated(self) -> bool:
        """Whether the sender is who he says he is (README 7)."""
        return self.verdicts.authenticated

    @property
    def doubt(self) -> str:
        """What an agent has to know about the sender: FORGED, UNPROVEN, or nothing."""
        if self.authenticated or not self.sender:
            return ""
        return FORGED if self.verdicts.dmarc == "fail" else UNPROVEN
