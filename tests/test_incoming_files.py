"""Attachments: every byte kept, under names that harm nobody."""

import base64
import struct

import pytest

from chalicelib import incoming
from chalicelib.file_names import safe_name
from tests.letters import letter, multipart, part

PDF = b"application/pdf"


def only_file(*headers: bytes, content: bytes = b"%PDF", kind: bytes = PDF) -> incoming.Part:
    mail = incoming.parse(multipart(b"mixed", part(b"see below"), part(content, kind, *headers)))
    assert mail.text == "see below"
    assert len(mail.attachments) == 1
    return mail.attachments[0]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (b'Content-Disposition: attachment; filename="bill.pdf"', "bill.pdf"),
        (b"Content-Disposition: attachment; filename=my bill.pdf", "my bill.pdf"),
        (b"Content-Disposition: attachment; filename*=utf-8''%D1%81%D1%87%D1%91%D1%82.pdf", "счёт.pdf"),
        (b"Content-Disposition: attachment; filename*0*=utf-8''%D1%81%D1%87; filename*1*=%D1%91%D1%82.pdf", "счёт.pdf"),
        (b'Content-Disposition: attachment; filename*1="ll.pdf"; filename*0="bi"', "bill.pdf"),
        (b"Content-Disposition: attachment; filename=\"x.pdf\"; filename*=koi8-r''%D3%DE%A3%D4.pdf", "счёт.pdf"),
        (b'Content-Disposition: attachment; filename="=?utf-8?B?0YHRh9GR0YIucGRm?="', "счёт.pdf"),
        (b"Content-Disposition: attachment filename=bill.pdf", "bill.pdf"),
        (b"Content-Disposition: attachment; filename='my bill.pdf'", "my bill.pdf"),
        (b"Content-Disposition: attachment; filename==?utf-8?Q?caf=C3=A9.pdf?=", "café.pdf"),
        ('Content-Disposition: attachment; filename="счёт.pdf"'.encode(), "счёт.pdf"),
        ('Content-Disposition: attachment; filename="счёт за ноябрь.pdf"'.encode("cp1251"), "счёт за ноябрь.pdf"),
        (b'Content-Disposition: attachment; filename="a\\"b.pdf"', "a_b.pdf"),
        (b'Content-Disposition: attachment; filename="../../etc/passwd"', "passwd"),
        (b'Content-Disposition: attachment; filename="C:\\Users\\Carla\\bill.pdf"', "bill.pdf"),
        (b'Content-Disposition: attachment; filename="bill 11/2026.pdf"', "bill 11_2026.pdf"),
        (b'Content-Disposition: attachment; filename=".htaccess"', "htaccess"),
        (b'Content-Disposition: attachment; filename=""', "document.pdf"),
        (b'Content-Disposition: attachment; filename="bill\x00\x07.pdf"', "bill.pdf"),
        (b"Content-Disposition: attachment; filename*=utf-8''bill%E2%80%AEfdp.exe", "billfdp.exe"),
        (b"Content-Disposition: attachment; filename=con.pdf", "_con.pdf"),
        (b'Content-Disposition: attachment; filename="%D1%81%D1%87%D1%91%D1%82.pdf"', "счёт.pdf"),
        (b"Content-Disposition: attachment; filename=\"UTF-8''%D1%81%D1%87%D1%91%D1%82.pdf\"", "счёт.pdf"),
        (b'Content-Disposition: attachment; filename="100%25.pdf"', "100%25.pdf"),
        (b"Content-Disposition: attachment; filename*=%D1%81%D1%87%D1%91%D1%82.pdf", "счёт.pdf"),
        (b"Content-Disposition: attachment; filename*=\"utf-8''%D1%81%D1%87%D1%91%D1%82.pdf\"", "счёт.pdf"),
        (b"Content-Disposition: attachment; filename*=utf-8''%ZZbill.pdf", "%ZZbill.pdf"),
        (b"Content-Disposition: attachment; filename*0=bi; filename*2=ll.pdf", "bill.pdf"),
        (
            b'Content-Disposition: attachment; filename="=?utf-8?B?0YHRh9GR?=\r\n =?utf-8?B?0YIucGRm?="',
            "счёт.pdf",
        ),
        (b"Content-Description: Bill for March.pdf", "Bill for March.pdf"),
        (b"Content-Disposition: attachment", "document.pdf"),
        (b"Content-Description: nothing", "document.pdf"),
    ],
)
def test_a_file_has_the_name_that_was_meant_and_it_is_safe(header, name):
    assert only_file(header).filename == name


@pytest.mark.parametrize("size", range(1, 12))
def test_a_name_in_pieces_is_whole_wherever_they_were_cut(size):
    coded = "%D1%81%D1%87%D1%91%D1%82.pdf"
    cut = [coded[at : at + size] for at in range(0, len(coded), size)]
    pieces = [f"filename*{number}*={piece}" for number, piece in enumerate(["UTF-8''", *cut])]
    header = "; ".join(["Content-Disposition: attachment", *pieces])
    assert only_file(header.encode()).filename == "счёт.pdf"


@pytest.mark.parametrize("name", ["Счёт.pdf", "Счёт №5.pdf", "Договор.docx", "Größe.pdf", "Maß.pdf", "a.pdf"])
def test_a_name_in_bytes_that_nobody_labelled_is_read_by_its_own_letters(name):
    charset = "cp1252" if "ß" in name else "cp1251"
    header = f'Content-Disposition: attachment; filename="{name}"'.encode(charset)
    assert only_file(header, kind=f'application/octet-stream; name="{name}"'.encode(charset)).filename == name


@pytest.mark.parametrize(
    ("name", "charset"), [("УПД.pdf", "windows-1251"), ("УПД.pdf", "koi8-r"), ("表.pdf", "shift_jis")]
)
def test_a_name_that_nobody_labelled_is_in_the_charset_of_the_letter(name, charset):
    text = part(name.encode(charset), b"text/plain; charset=" + charset.encode())
    file = part(b"%PDF", PDF, f'Content-Disposition: attachment; filename="{name}"'.encode(charset))
    assert [each.filename for each in incoming.parse(multipart(b"mixed", text, file)).attachments] == [name]


def test_a_file_without_a_name_is_called_what_it_is_and_like_no_other():
    kinds = (b"image/png", b"text/calendar", b"image/png", b"application/x-odd", b"application/x-odd", b"audio/ogg")
    mail = incoming.parse(multipart(b"mixed", part(b"Hello"), *(part(b"x", kind) for kind in kinds)))
    names = ["picture.png", "invitation.ics", "picture-2.png", "file", "file-2", "sound.ogg"]
    assert [each.filename for each in mail.attachments] == names


def test_the_parts_of_a_report_say_what_they_are():
    status = part(
        b"Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; a@b.example", b"message/delivery-status"
    )
    report = multipart(b"report", part(b"Sorry."), status, part(b"Subject: Printer\r\n", b"text/rfc822-headers"))
    assert [each.filename for each in incoming.parse(report).attachments] == ["delivery-status.txt", "headers.txt"]


def test_a_long_name_keeps_its_ending():
    assert safe_name("я" * 500 + ".pdf") == "я" * 196 + ".pdf"


def test_the_bytes_are_as_the_sender_had_them():
    content = bytes(range(256)) * 10
    coded = base64.encodebytes(content)
    assert only_file(b"Content-Transfer-Encoding: base64", content=coded).content == content


def test_a_named_text_that_calls_itself_an_attachment_is_a_file():
    file = only_file(b"Content-Disposition: attachment; filename=log.txt", content=b"line\r\n", kind=b"text/plain")
    assert (file.filename, file.content, file.content_type) == ("log.txt", b"line\r\n", "text/plain")


def test_a_mail_within_the_mail_is_kept_byte_for_byte_under_its_subject():
    inner = letter(b"Inner\r\n\r\n--x\r\n", subject="Счёт / Bill".encode())
    file = only_file(content=inner, kind=b"message/rfc822")
    assert (file.filename, file.content) == ("Счёт _ Bill.eml", inner)


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        (b"=?koi8-r?B?8NLJ18XU?=", "Привет.eml"),
        (b"../../etc/passwd", "_.._etc_passwd.eml"),
        (b"C:\\Temp\\x", "C__Temp_x.eml"),
        (b"Fwd: bill.pdf", "Fwd_ bill.pdf.eml"),
        (b"bill.eml", "bill.eml"),
        (b"", "mail.eml"),
        (b"...", "mail.eml"),
        (b"con", "_con.eml"),
        ("я".encode() * 600, "я" * 196 + ".eml"),
        ("bill\u202efdp".encode(), "billfdp.eml"),
    ],
)
def test_a_mail_within_the_mail_is_named_by_its_subject(subject, name):
    assert only_file(content=letter(subject=subject), kind=b"message/rfc822").filename == name


@pytest.mark.parametrize(("told", "name"), [(b"mail", "mail.eml"), (b"mail.txt", "mail.txt")])
def test_a_mail_within_the_mail_keeps_the_name_that_the_sender_gave_it(told, name):
    assert only_file(content=letter(), kind=b"message/rfc822; name=" + told).filename == name


def names(*parts: bytes) -> list[str]:
    return [each.filename for each in incoming.parse(multipart(b"mixed", part(b"see below"), *parts)).attachments]


def unnamed(kind: bytes, content: bytes = b"x") -> bytes:
    return part(content, kind, b"Content-Disposition: attachment")


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (b"message/delivery-status", "delivery-status.txt"),
        (b"text/rfc822-headers", "headers.txt"),
        (b"message/disposition-notification", "receipt.txt"),
        (b"message/feedback-report", "feedback-report.txt"),
        (b"message/tracking-status", "message.txt"),
        (b"image/png", "picture.png"),
        (b"image/x-unheard-of", "picture"),
        (b"audio/mpeg", "sound.mp3"),
        (b"text/plain", "text.txt"),
        (b"text/html", "page.html"),
        (b"text/csv", "table.csv"),
        (b"text/vcard", "contact.vcf"),
        (b"application/zip", "archive.zip"),
        (b"application/pkcs7-signature", "smime.p7s"),
        (b"application/octet-stream", "file.bin"),
        (b"application/x-unheard-of", "file"),
    ],
)
def test_a_file_without_a_name_is_called_by_what_it_is(kind, name):
    assert names(unnamed(kind)) == [name]


@pytest.mark.parametrize(
    ("summary", "name"),
    [
        ("SUMMARY:Ремонт принтера\r\n", "Ремонт принтера.ics"),
        ("SUMMARY:Printer\\, again 11/2026\r\n", "Printer, again 11_2026.ics"),
        ("SUMMARY:../../etc/passwd\r\n", "_.._etc_passwd.ics"),
        ("SUMMARY:bill\u202efdp.exe\r\n", "billfdp.exe.ics"),
        ("SUMMARY:...\r\n", "invitation.ics"),
        ("", "invitation.ics"),
    ],
)
def test_an_invitation_is_called_by_its_summary(summary, name):
    event = f"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n{summary}END:VEVENT\r\nEND:VCALENDAR\r\n"
    assert names(unnamed(b"text/calendar; charset=utf-8", event.encode())) == [name]


def test_no_two_files_without_a_name_are_called_the_same():
    named = part(b"x", b"image/png; name=Picture-2.PNG")
    mails = [part(letter(subject=b"bill"), b"message/rfc822")] * 2
    pictures = [unnamed(b"image/png")] * 3
    assert names(*pictures, named, *mails) == [
        *("picture.png", "picture-3.png", "picture-4.png", "Picture-2.PNG"),
        *("bill.eml", "bill-2.eml"),
    ]


def test_many_files_without_a_name_are_numbered_however_long_their_title():
    mails = [part(letter(subject="я".encode() * 600), b"message/rfc822")] * 12
    assert names(*mails)[11] == "я" * 193 + "-12.eml"


def test_names_that_the_sender_gave_are_his_even_twice():
    assert names(*[part(b"x", b"image/png; name=logo.png")] * 2) == ["logo.png", "logo.png"]


def test_the_parts_of_a_digest_are_mails():
    digest = multipart(b"digest", b"\r\n" + letter(subject=b"one"), b"\r\n" + letter(subject=b"two"))
    mail = incoming.parse(digest)
    assert (mail.text, [each.filename for each in mail.attachments]) == ("", ["one.eml", "two.eml"])


def test_an_image_that_the_html_shows_is_inline():
    html = part(b'<p>see <img src="cid:logo@x"></p>', b"text/html")
    image = part(b"PNG", b"image/png", b"Content-ID: <logo@x>")
    mail = incoming.parse(multipart(b"related", html, image))
    assert (mail.attachments[0].inline, mail.attachments[0].content_id) == (True, "logo@x")
    assert mail.html is not None
    assert 'src="cid:logo@x"' in mail.html


def test_a_pdf_in_a_related_part_is_no_inline_image():
    mail = incoming.parse(
        multipart(b"related", part(b"<p>see</p>", b"text/html"), part(b"%PDF", PDF, b"Content-Disposition: attachment"))
    )
    assert not mail.attachments[0].inline


def test_uuencoded_files_in_the_text_become_attachments():
    mail = incoming.parse(letter(b"see\r\n\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\n\r\nbye"))
    assert (mail.text, mail.attachments[0].filename, mail.attachments[0].content) == ("see\n\n\nbye", "cat.txt", b"Cat")


def test_words_that_only_begin_like_uuencode_stay_text():
    assert incoming.parse(letter(b"begin 100 days\r\nwith us\r\nend")).text == "begin 100 days\nwith us\nend"


def attribute(level: int, name: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, name, len(data)) + data + b"\0\0"


def winmail(*attributes: bytes) -> bytes:
    content = b"\x78\x9f\x3e\x22\x01\x00" + b"".join(attributes)
    return multipart(
        b"mixed",
        part(b"see below"),
        part(
            base64.encodebytes(content), b"application/ms-tnef; name=winmail.dat", b"Content-Transfer-Encoding: base64"
        ),
    )


def test_winmail_dat_is_unpacked():
    mail = incoming.parse(
        winmail(
            attribute(2, 0x00069002, b"\0" * 14),
            attribute(2, 0x00018010, b"BILL~1.PDF\0"),
            attribute(2, 0x0006800F, b"%PDF"),
        )
    )
    assert [(each.filename, each.content) for each in mail.attachments] == [("BILL~1.PDF", b"%PDF")]


def test_winmail_dat_names_its_files_by_their_long_names():
    name = "счёт.pdf".encode("utf-16-le") + b"\0\0"
    told = struct.pack("<IHHII", 1, 0x001F, 0x3707, 1, len(name)) + name + b"\0" * (-len(name) % 4)
    mail = incoming.parse(
        winmail(attribute(2, 0x00069002, b""), attribute(2, 0x0006800F, b"%PDF"), attribute(2, 0x00069005, told))
    )
    assert mail.attachments[0].filename == "счёт.pdf"


def test_a_winmail_dat_that_is_none_stays_a_file():
    mail = incoming.parse(
        multipart(b"mixed", part(b"x"), part(b"no such thing", b"application/ms-tnef; name=winmail.dat"))
    )
    assert [each.filename for each in mail.attachments] == ["winmail.dat"]


def test_a_winmail_dat_in_which_nothing_is_found_stays_a_file() -> None:
    damaged = incoming.parse(winmail(b"\x01\x06\x90\x08\0 all that is left of Carla's report"))
    assert [each.filename for each in damaged.attachments] == ["winmail.dat"]


def test_a_winmail_dat_whose_line_ends_were_rewritten_is_read_on():
    """Its lengths are too long then, and what follows the first of them would be lost."""
    damaged = winmail(
        attribute(2, 0x00069002, b""),
        attribute(2, 0x00018010, b"a.txt\0"),
        attribute(2, 0x0006800F, b"one\r\ntwo\r\nthree").replace(b"\r\n", b"\n"),
        attribute(2, 0x00069002, b""),
        attribute(2, 0x00018010, b"b.txt\0"),
        attribute(2, 0x0006800F, b"four"),
    )
    found = [(each.filename, each.content) for each in incoming.parse(damaged).attachments]
    assert found == [("a.txt", b"one\ntwo\nthree"), ("b.txt", b"four")]


def test_a_winmail_dat_that_is_cut_off_yields_what_it_has():
    cut = winmail(
        attribute(2, 0x00069002, b""),
        attribute(2, 0x00018010, b"a.txt\0"),
        attribute(2, 0x0006800F, b"text"),
        struct.pack("<BII", 2, 0x00069005, 4_000_000_000),
    )
    assert [each.filename for each in incoming.parse(cut).attachments] == ["a.txt"]
