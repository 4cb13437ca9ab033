"""What leaves can be read again by anybody, is 7-bit clean, and has no header that the desk did not write."""

import base64
import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from chalicelib import incoming, mime_out, outlook, threads
from chalicelib.article import AGENT, Address, Article, StoredFile
from chalicelib.errors import Refused
from chalicelib.wire import wire_address
from tests.cast import BILLING, CARLA, EVE, MONDAY, NUMBER, SUPPORT, carlas_ticket

SECRET = b"nobody knows"
DOMAIN = "desk.localhost"
OURS = {
    "from", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references", "reply-to", "thread-index",
    "mime-version", "content-type", "content-transfer-encoding",
}  # fmt: skip
AUTOMATIC = {"auto-submitted", "x-auto-response-suppress", "precedence"}

ANYTHING = some.text(some.characters(codec=None), max_size=300)  # with control characters and half surrogates
INJECTION = "Hi\r\nBcc: victim@example.org\r\n\r\n<script>\x00"


def reply(**fields: object) -> Article:
    said = Article(
        seq=2, kind="reply", channel="email", sender=AGENT, sent_from=Address(SUPPORT.address, "Support"),
        subject=f"[Ticket#{NUMBER}] Re: The printer is on fire", text="Use water.\n", at=MONDAY, to=(CARLA,),
        references=("first@customer.example",),
    )  # fmt: skip
    return replace(said, **fields)  # type: ignore[arg-type]


def built(*files: tuple[StoredFile, bytes], **fields: object) -> bytes:
    return mime_out.build(carlas_ticket(), reply(**fields), SUPPORT, SECRET, DOMAIN, files)


def read(raw: bytes) -> EmailMessage:
    """As a stranger's program reads it, after holding it to what every mail must keep to."""
    head = raw.partition(b"\r\n\r\n")[0]
    assert raw.isascii() and b"\0" not in raw
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert {
        line.split(b":")[0].lower().decode() for line in head.split(b"\r\n") if line[:1] not in b" \t"
    } <= OURS | AUTOMATIC
    message = message_from_bytes(raw, policy=policy.default)
    assert not any(part.defects for part in message.walk())
    return message  # type: ignore[return-value]


def header(raw: bytes, name: str) -> str:
    """By the library's older reader, which does not mend what is wrong."""
    return str(make_header(decode_header(re.sub(r"\r\n(?=[ \t])", "", message_from_bytes(raw)[name]))))


def file(name: str = "plan.pdf", kind: str = "application/pdf", content_id: str | None = None) -> StoredFile:
    return StoredFile("files/1", name, kind, 3, inline=content_id is not None, content_id=content_id)


# -- headers


@given(ANYTHING)
@example(INJECTION)
@example("=?utf-8?q?not_mine?= as it stands")
@example("[Ticket#1] Re: Принтер горит, и снова горит, и опять горит; please help us =?")
def test_any_subject_comes_back_as_one_line(subject: str) -> None:
    raw = built(subject=subject)
    assert header(raw, "Subject") == threads.one_line(subject)
    assert "bcc" not in read(raw)


def test_the_tag_of_a_russian_subject_can_be_read_without_decoding() -> None:
    assert f"Subject: [Ticket#{NUMBER}] Re: =?utf-8?b?".encode() in built(subject=f"[Ticket#{NUMBER}] Re: Пожар")


@given(ANYTHING)
@example('Archer, Ann "the boss" <eve@evil.example>')
@example(INJECTION)
@example("ann@desk.localhost, eve@evil.example")
def test_any_name_comes_back_beside_its_one_address(name: str) -> None:
    raw = built(to=(Address(CARLA.email, name), EVE), sent_from=Address(SUPPORT.address, name))
    read(raw)
    found = getaddresses([message_from_bytes(raw)["To"].replace("\r\n", "")])
    names = [str(make_header(decode_header(each))) for each, _ in found]
    assert [email for _, email in found] == [CARLA.email, EVE.email]
    assert names == [threads.one_line(name) if threads.one_line(name) != CARLA.email else "", "Eve"]


@given(some.text(max_size=60))
@example("carla@customer.example\r\nBcc: victim@example.org")
@example("carla@customer.example, victim@example.org")
@example("victim@example.org <carla@customer.example>")
@example("кар.ла@customer.example")
@example("carla@")
def test_what_is_no_address_is_refused_or_stays_one_address(email: str) -> None:
    try:
        raw = built(to=(Address(email),))
    except Refused:
        return
    assert len(getaddresses([str(read(raw)["To"])])) == 1


def test_a_domain_may_be_in_any_alphabet() -> None:
    assert read(built(to=(Address("carla@почта.рф"),)))["To"] == "carla@xn--80a1acny.xn--p1ai"


def test_a_mail_to_nobody_or_to_a_crowd_is_refused() -> None:
    with pytest.raises(Refused):
        built(to=())
    with pytest.raises(Refused):
        built(bcc=tuple(Address(f"c{n}@customer.example") for n in range(50)))


def test_nobody_reads_who_is_in_bcc() -> None:
    assert b"eve" not in built(bcc=(EVE,)).lower()


# -- threads


def test_the_customers_program_and_the_desk_both_find_the_thread() -> None:
    message = read(built(references=("first@customer.example", "second@customer.example")))
    own = threads.reference(NUMBER, SECRET, DOMAIN)
    assert message["References"] == f"{own} <first@customer.example> <second@customer.example>"
    assert message["In-Reply-To"] == "<second@customer.example>"
    found = threads.read_token(message["Reply-To"].addresses[0].addr_spec)
    assert found and threads.valid(*found, SECRET)


def test_a_first_mail_answers_nothing() -> None:
    assert "in-reply-to" not in read(built(references=()))


@given(some.lists(ANYTHING, max_size=10))
@example(["a@b>\r\nBcc: victim@example.org", "<ok@customer.example>"])
def test_no_message_id_of_a_stranger_breaks_the_references(ids: list[str]) -> None:
    read(built(references=tuple(ids)))


def test_outlook_sees_one_thread_in_all_mails_of_a_ticket() -> None:
    first, second = (base64.b64decode(read(built(seq=seq))["Thread-Index"]) for seq in (2, 9))
    assert first[:22] == second[:22] and (len(first), len(second), first[0]) == (27, 27, 1)


def test_the_conversation_of_the_customers_outlook_goes_on() -> None:
    his = base64.b64encode(bytes([1, 0xDC, *range(20)]) + b"12345").decode()
    ours = mime_out.build(carlas_ticket(thread_index=his), reply(), SUPPORT, SECRET, DOMAIN)
    index = base64.b64decode(read(ours)["Thread-Index"])
    assert index[:27] == base64.b64decode(his) and len(index) == 32


@given(some.text())
def test_an_index_that_makes_no_sense_is_none(header: str) -> None:
    assert outlook.known(header) == b"" or len(outlook.known(header)) >= 22


@pytest.mark.parametrize(("kind", "submitted"), [("auto", "auto-replied"), ("reminder", "auto-generated")])
def test_a_machine_says_that_it_is_one(kind: str, submitted: str) -> None:
    message = read(built(kind=kind))
    assert (message["Auto-Submitted"], message["Precedence"]) == (submitted, "bulk")


def test_a_person_does_not() -> None:
    assert not AUTOMATIC & {name.lower() for name in read(built()).keys()}  # noqa: SIM118


def test_answers_come_back_to_the_queue_that_has_the_ticket_now() -> None:
    raw = mime_out.build(carlas_ticket(), reply(), BILLING, SECRET, DOMAIN)
    assert read(raw)["Reply-To"].addresses[0].addr_spec.startswith(f"billing+{NUMBER}.")


# -- bodies


def lines(text: str) -> str:
    """With the line ends of a mail, and the last line ended."""
    plain = re.sub(r"\r\n|\r", "\n", text).encode(errors="replace").decode()
    return plain if plain.endswith("\n") else f"{plain}\n"


@given(ANYTHING)
@example("From me\n.\n--=_mixed\n-- \nтекст  \n")
@example("x" * 5000)
@example("= " * 100)
@example(f"{'é' * 30} {'word ' * 100}")
@example(f"{'x' * 74}é {'x' * 75}=\n{'x' * 76}\n{'x' * 77} \n \n\t\n")
def test_any_text_comes_back(text: str) -> None:
    raw = built(text=text)
    assert body(raw, "plain") == lines(text)
    assert max(len(line) for line in raw.partition(b"\r\n\r\n")[2].split(b"\r\n")) <= 76


def body(raw: bytes, kind: str) -> str:
    part = read(raw).get_body(preferencelist=(kind,))
    assert part is not None and part.get_content_charset() == "utf-8"
    return part.get_payload(decode=True).decode().replace("\r\n", "\n")  # type: ignore[union-attr]


def test_english_can_be_read_as_it_travels() -> None:
    assert b"Use water." in built()


def test_no_number_is_broken_over_two_lines() -> None:
    for n in range(80):
        assert NUMBER.encode() in built(text=f"{'x' * n} {NUMBER} {'y ' * 90}")


def test_html_has_the_text_beside_it() -> None:
    raw = built(html="<p>Используйте <b>воду</b>.</p>")
    assert read(raw).get_content_type() == "multipart/alternative"
    assert "<b>воду</b>" in body(raw, "html") and body(raw, "plain") == "Use water.\n"


def test_a_picture_travels_with_the_html_that_shows_it_and_everything_else_is_attached() -> None:
    picture, unshown = file("fire.png", "image/png", "fire@desk"), file("logo.png", "image/png", "logo@desk")
    message = read(built((picture, b"png"), (unshown, b"png"), (file(), b"pdf"), html='<img src="cid:fire@desk">'))
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == [
        "multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
        "image/png", "application/pdf",
    ]  # fmt: skip
    assert [part.get_filename() for part in message.iter_attachments()] == ["logo.png", "plan.pdf"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("written", "count"), [("iVBORw==", 1), ("iVBORw", 1), ("iVBO\nRw==", 1), ("A", 0)])
def test_a_picture_that_is_written_into_the_html_is_a_part_or_not_there(written: str, count: int) -> None:
    page = f'<p>See <img alt="x" src="data:image/png;base64,{written}"></p>'
    mail = read(built(html=page))
    parts = [each for each in mail.walk() if each.get_content_type() == "image/png"]
    shown = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "data:" not in shown
    assert [f'src="cid:{str(each["Content-ID"]).strip("<>")}"' in shown for each in parts] == [True] * count


def test_words_about_a_picture_stay_words_and_thousands_are_no_parts() -> None:
    page = '<code>&lt;img src="data:image/png;base64,iVBORw=="&gt;</code>'
    mail = read(built(html=page))
    assert page in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    many = "".join(f'<img src="data:image/gif;base64,{base64.b64encode(b"%d" % n).decode()}">' for n in range(300))
    parts = [each for each in read(built(html=many)).walk() if each.get_content_type() == "image/gif"]
    assert len(parts) == 100


@given(ANYTHING, some.binary(max_size=300))
@example("Счёт за ноябрь и декабрь, окончательный, исправленный (копия 2).pdf", b"")
@example('a "quoted" \\ name; filename=evil.exe', b"")
@example("=?utf-8?q?x?=.pdf", b"")
@example(INJECTION, b"")
def test_any_file_comes_back_under_its_name(name: str, data: bytes) -> None:
    (part,) = read(built((file(name), data))).iter_attachments()  # type: ignore[attr-defined]
    assert part["content-disposition"].params["filename"] == (threads.one_line(name) or "file")
    assert part.get_payload(decode=True) == data


@given(some.text(max_size=50))
@example("text/html; charset=utf-7")
@example("multipart/mixed")
@example("image/png\r\nBcc: victim@example.org")
def test_any_content_type_leaves_as_a_plain_file(kind: str) -> None:
    (part,) = read(built((file(kind=kind), b"data"))).iter_attachments()  # type: ignore[attr-defined]
    assert part.get_payload(decode=True) == b"data"


def test_a_mail_within_a_mail_goes_as_bytes() -> None:
    (part,) = read(built((file("mail.eml", "message/rfc822"), b"From: x\n\ny"))).iter_attachments()  # type: ignore[attr-defined]
    assert (part.get_content_type(), part.get_payload(decode=True)) == ("application/octet-stream", b"From: x\n\ny")


# -- what does not leave


@pytest.mark.parametrize(
    ("kind", "data", "charset"),
    [
        ("text/plain", "Счёт".encode(), "utf-8"),
        ("text/csv; charset=koi8-r", "Счёт".encode(), "utf-8"),
        ("text/plain", "Счёт".encode("cp1251"), None),
        ("text/plain", b"Bill", None),
        ("application/pdf", "Счёт".encode(), None),
    ],
)
def test_a_text_says_that_it_is_utf_8_where_that_is_sure(kind: str, data: bytes, charset: str | None) -> None:
    (found,) = read(built((file("a.txt", kind), data))).iter_attachments()  # type: ignore[attr-defined]
    assert (found.get_content_charset(), found.get_payload(decode=True)) == (charset, data)


@pytest.mark.parametrize("name", ["setup.exe", "SETUP.EXE", "a.pdf.js", "trick.exe ", "trick.exe."])
def test_what_ses_refuses_is_refused_before(name: str) -> None:
    with pytest.raises(Refused, match="not delivered"):
        mime_out.refuse_unsendable(["plan.pdf", name])


def test_ordinary_files_are_not_refused() -> None:
    mime_out.refuse_unsendable(["plan.pdf", "js", "exe", "notes.txt"], size=14_000_000)


def test_a_mail_of_more_than_20_mb_is_refused() -> None:
    with pytest.raises(Refused, match="20 MB"):
        mime_out.refuse_unsendable([], size=15_500_000)
    with pytest.raises(Refused, match="20 MB"):
        built((file(), bytes(15_500_000)))


def test_a_code_goes_out_as_a_plain_mail_by_a_machine() -> None:
    message = read(
        mime_out.plain(CARLA, Address(SUPPORT.address, "Служба поддержки"), "Код: 123456", "Ваш код: 123456")
    )
    assert (message["Subject"], message["Auto-Submitted"]) == ("Код: 123456", "auto-generated")
    assert message.get_content().rstrip() == "Ваш код: 123456"


# -- seen by a desk like ours


def test_our_own_reader_reads_what_we_write() -> None:
    raw = built((file("Счёт.pdf"), b"pdf"), text="Используйте воду.\n", subject="Пожар")
    mail = incoming.parse(raw)
    assert (mail.subject, mail.text.strip(), mail.sender) == (
        "Пожар",
        "Используйте воду.",
        Address(SUPPORT.address, "Support"),
    )
    assert [(part.filename, part.content) for part in mail.attachments] == [("Счёт.pdf", b"pdf")]
    assert not mail.automatic


@pytest.mark.parametrize("kind", ["auto", "reminder"])
def test_another_desk_does_not_answer_our_machine(kind: str) -> None:
    assert incoming.parse(built(kind=kind)).automatic


def test_a_domain_in_any_alphabet_is_the_one_that_was_meant() -> None:
    """By the rules of 2003, Python's, ß was ss: that is somebody else's domain today."""
    assert wire_address("info@faß.example") == "info@xn--fa-hia.example"
    assert wire_address("info@βόλος.example") == "info@xn--nxasmm1c.example"
    assert wire_address("bo@почта.рф") == "bo@xn--80a1acny.xn--p1ai"
    assert wire_address("bo@bücher.example") == "bo@xn--bcher-kva.example"
