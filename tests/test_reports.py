"""A report about a mail of ours is recognised in whatever manner it is written; what a customer writes is never one."""

from email import message_from_string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import reports
from chalicelib.reports import Report

ORIGINAL = """Return-Path: <support@desk.example>
Received: from desk.example by mx.example; Mon, 3 Feb 2025 10:00:00 +0000
From: Support <support@desk.example>
To: Carla <carla@customer.example>
Message-ID: <reply-1@desk.example>
References: <t.1001.token@desk.example>
 <first@customer.example>
Subject: Re: The printer

Dear Carla, did it help?
"""


def report(
    status: str, said: str = "Sorry.", sender: str = "MAILER-DAEMON@mx.example", kind: str = "delivery-status"
) -> Report | None:
    """A report with all its standard parts."""
    message = f"""From: {sender}
To: support@desk.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type={kind}; boundary="b"

--b
Content-Type: text/plain

{said}
--b
Content-Type: message/{kind}

{status}
--b
Content-Type: message/rfc822

{ORIGINAL}
--b--
"""
    return reports.read(message_from_string(message), said)


def plain(
    text: str, subject: str = "Undelivered mail", sender: str = "mailer-daemon@mx.example", more: str = ""
) -> Report | None:
    """A report in mere words, as old programs write it."""
    head = f"From: {sender}\nTo: support@desk.example\nSubject: {subject}\n{more}\n"
    return reports.read(message_from_string(head + text), text)


RULE = "*" * 22
FAILED = "Final-Recipient: rfc822; carla@customer.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 No such user\n"


def emails(found: Report | None) -> list[str]:
    assert found
    return [each.email for each in found.recipients]


def test_a_standard_bounce_names_recipient_status_and_sentence() -> None:
    found = report("Reporting-MTA: dns; mx.example\n\n" + FAILED)
    assert found and found.kind == "bounce"
    assert found.recipients == (reports.Recipient("carla@customer.example", "5.1.1", True, "550 5.1.1 No such user"),)


def test_a_bounce_names_the_mail_that_it_is_about() -> None:
    found = report("Reporting-MTA: dns; mx.example\n\n" + FAILED)
    assert found and found.original_message_id == "reply-1@desk.example"
    assert found.original_references == ("t.1001.token@desk.example", "first@customer.example")


def test_a_full_mailbox_is_not_for_ever() -> None:
    found = report(FAILED.replace("5.1.1", "4.2.2"))
    assert found and found.recipients[0].permanent is False


def test_a_delay_is_not_a_bounce() -> None:
    found = report(FAILED.replace("failed", "delayed").replace("5.1.1", "4.4.1"))
    assert found and (found.kind, found.recipients[0].permanent) == ("delay", False)


def test_a_mail_that_arrived_is_no_bounce() -> None:
    assert report(FAILED.replace("failed", "delivered").replace("5.1.1", "2.0.0")) is None


def test_the_recipient_is_named_as_we_wrote_to_him() -> None:
    inner = FAILED.replace("carla@customer.example", "c17@inner.customer.example")
    assert emails(report("Original-Recipient: rfc822;carla@customer.example\n" + inner)) == ["carla@customer.example"]


def test_two_recipients_without_an_empty_line_between_them_are_two() -> None:
    assert emails(report(FAILED + FAILED.replace("carla", "ben"))) == ["carla@customer.example", "ben@customer.example"]


def test_fields_behind_an_empty_line_belong_to_the_recipient_above() -> None:
    found = report(FAILED.replace("Action", "\nAction"))
    assert found and [each.status for each in found.recipients] == ["5.1.1"]


def test_a_report_whose_fields_name_nobody_is_read_by_its_words() -> None:
    assert emails(report("Reporting-MTA: dns; mx.example\n", "Nobody is called\n\n  <carla@customer.example>\n")) == [
        "carla@customer.example"
    ]


MANNERS = {
    "qmail": "Hi. This is the mail program at mx.example.\nI could not deliver your message to this address.\n\n"
    "<carla@customer.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n",
    "exim": "A message that you sent could not be delivered. The following address(es) failed:\n\n  carla@customer.example\n"
    "    SMTP error from remote mail server after RCPT TO:<carla@customer.example>:\n    host mx.example [192.0.2.1]: 550 5.1.1 Who is that?\n\n"
    "------ This is a copy of the message, including all the headers. ------\n\n",
    "sendmail": "   ----- The following addresses had permanent fatal errors -----\n<carla@customer.example>\n    (reason: 550 5.1.1 Unknown user)\n\n"
    "   ----- Transcript of session follows -----\n... while talking to mx.example.:\n>>> DATA\n<<< 550 5.1.1 Unknown user\n\n",
    "postfix": "I'm sorry to have to tell you that your message could not be delivered.\n\n<carla@customer.example>: host mx.example[192.0.2.1] said: 550\n"
    "    5.1.1 <carla@customer.example>: User unknown (in reply to RCPT TO command)\n\n",
    "exchange": "Your message\n\n  To:      Carla\n  Subject: The printer\n\ndid not reach the following recipient(s):\n\n"
    "carla@customer.example on Mon, 3 Feb 2025 10:00:00 +0000\n    The recipient name is not recognized\n    5.1.1\n",
    "domino": "Your message\n\n  Subject: The printer\n\nwas not delivered to:\n\n  carla@customer.example\n\nbecause:\n\n  550 5.1.1 User carla not listed\n",
    "opensmtpd": "    An error has occurred while attempting to deliver a message for\n    the following list of recipients:\n\n"
    "carla@customer.example: 550 5.1.1 no such user\n\n    Below is a copy of the original message:\n\n",
    "a sentence": "Delivery to carla@customer.example failed after 20 attempts: 550 5.1.1 no such user\n\nOriginal message follows.\n\n",
    "an old server": "550 host unknown\n550 5.1.1 <carla@customer.example>... User unknown\n\n   ----- Unsent message follows -----\n",
    "russian": "К сожалению, Ваше письмо не может быть доставлено:\n\n  carla@customer.example\n    550 5.1.1 Нет такого адреса\n",
    "fields in the text": "An error occurred.\n\nTechnical report:\n\nAction: failed\nFinal-Recipient: rfc822; carla@customer.example\nStatus: 5.1.1\n",
}


@pytest.mark.parametrize("manner", MANNERS)
def test_old_programs_are_understood_by_their_words(manner: str) -> None:
    found = plain(MANNERS[manner] + ORIGINAL)
    assert emails(found) == ["carla@customer.example"]
    assert found and (found.kind, found.recipients[0].status, found.recipients[0].permanent) == (
        "bounce",
        "5.1.1",
        True,
    )
    assert found.original_message_id == "reply-1@desk.example"


def test_the_header_that_names_the_failed_recipients_is_believed() -> None:
    found = plain(
        "The mail could not be delivered.", more="X-Failed-Recipients: carla@customer.example, ben@customer.example\n"
    )
    assert emails(found) == ["carla@customer.example", "ben@customer.example"]


def test_a_report_that_names_nobody_is_about_whom_the_returned_mail_was_for() -> None:
    assert emails(plain("Your message could not be delivered.\n\n--- Original message follows.\n\n" + ORIGINAL)) == [
        "carla@customer.example"
    ]


def test_a_warning_in_words_is_a_delay() -> None:
    text = "Your message has not yet been delivered to\n\n  carla@customer.example\n\nYou do not need to resend it, we will keep trying."
    found = plain(text, "Warning: message delayed 24 hours")
    assert found and (found.kind, found.recipients[0].permanent) == ("delay", False)


def test_the_sentence_alone_can_tell_that_an_address_is_gone() -> None:
    found = plain("Your mail could not be delivered:\n\n<carla@customer.example>:\nThis account does not exist.\n")
    assert found and found.recipients[0].permanent is True


FEEDBACK = "Feedback-Type: {}\nUser-Agent: Loop/1.0\nVersion: 1\nOriginal-Rcpt-To: <Carla@customer.example>\n"


def test_who_calls_our_mail_spam_complains() -> None:
    found = report(FEEDBACK.format("abuse"), "This is an abuse report.", "fbl@provider.example", "feedback-report")
    assert found and (found.kind, found.original_message_id) == ("complaint", "reply-1@desk.example")
    assert emails(found) == ["carla@customer.example"]


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure"])
def test_not_every_feedback_is_a_complaint(kind: str) -> None:
    assert report(FEEDBACK.format(kind), "Just so you know.", "fbl@provider.example", "feedback-report") is None


def test_a_provider_that_only_sends_the_mail_back_complains_too() -> None:
    message = f"""From: staff@provider.example
To: support@desk.example
Subject: complaint about message from 192.0.2.1
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: message/rfc822

{ORIGINAL}
--b--
"""
    found = reports.read(message_from_string(message), "")
    assert found and (found.kind, found.original_message_id) == ("complaint", "reply-1@desk.example")
    assert emails(found) == ["carla@customer.example"]


def test_the_returned_headers_are_found_in_a_plain_text_as_well() -> None:
    message = f"""From: MAILER-DAEMON@mx.example
Subject: failure notice
Content-Type: multipart/mixed; boundary="b"

--b

Your message could not be delivered.
--b
Content-Type: text/plain; name=headers.txt

{ORIGINAL}
--b--
"""
    found = reports.read(
        message_from_string(message), "Your message could not be delivered to <carla@customer.example>"
    )
    assert found and found.original_message_id == "reply-1@desk.example"


def test_a_receipt_that_a_mail_was_read_is_no_bounce() -> None:
    note = "Final-Recipient: rfc822; carla@customer.example\nDisposition: manual-action/MDN-sent-manually; displayed\n"
    assert report(note, "Your message was read.", "Carla <carla@customer.example>", "disposition-notification") is None


def test_amazons_own_notification_is_a_bounce() -> None:
    said = (
        '{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[{"emailAddress":"carla@customer.example",'
        '"action":"failed","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 user unknown"}]}}'
    )
    found = plain(said, "AWS Notification Message", "no-reply@sns.amazonaws.com")
    assert found and found.recipients[0].status == "5.1.1"


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        (
            "carla@customer.example",
            "Your mail was returned",
            "Hello, I get this: <billing@desk.example>: 550 5.1.1 User unknown. Why?",
        ),
        (
            "carla@customer.example",
            "Fwd: Undelivered Mail Returned to Sender",
            "See below, it could not be delivered:\n<x@y.example>: unknown",
        ),
        ("carla@customer.example", "Delivery failed", "The parcel could not be delivered to me. Where is it?"),
        (
            "no-reply@parcel.example",
            "Delivery failed",
            "Your parcel could not be delivered. Please choose another day.",
        ),
        ("carla@customer.example", "Mailbox full?", "My mailbox is full, how do I get more space?"),
        ("postmaster@customer.example", "Question about our contract", "Dear Ann, what does the contract cost?"),
        ("carla@customer.example", "Out of office: delivery", "I cannot be reached until Monday."),
        (
            "carla@customer.example",
            "Mail to you is refused",
            "I get this back. Why?\n\nReporting-MTA: dns; mx.customer.example\nFinal-Recipient: rfc822; billing@desk.example\nAction: failed\n",
        ),
        ("Ben <ben@bounce.example>", "Our order is delayed", "It has not yet been delivered to ben@bounce.example."),
        (
            "Sysadmin <sysadmin@customer.example>",
            "Error when printing",
            "Mail to ben@customer.example failed to arrive, too.",
        ),
        (
            "ACME Sysadmin <it@customer.example>",
            "Login fails",
            "The login of ben@customer.example was rejected by you.",
        ),
        ("System Administrator <it@customer.example>", "Quota question", "The quota of ben@customer.example?"),
        ("complaints@customer.example", "Delivery failed", "The parcel for ben@customer.example was not delivered."),
        (
            "postmaster@customer.example",
            "Re: Undeliverable mail",
            "Your mail to ben@customer.example could not be delivered, because your server has no name.",
        ),
        ("postmaster@mx.example", "Undelivered mail", "Your mail could not be delivered."),  # to whom?
    ],
)
def test_what_people_write_is_no_report(sender: str, subject: str, text: str) -> None:
    assert plain(text, subject, sender) is None


def test_a_postmaster_who_uses_a_programs_title_is_one() -> None:
    found = plain("Nobody here:\n\n<carla@customer.example>\n", "Returned mail", "postmaster@mx.example")
    assert emails(found) == ["carla@customer.example"]


def test_what_is_in_the_answered_subject_has_not_happened_again() -> None:
    noted = "Return-Path: <>\nAuto-Submitted: auto-replied\n"
    text = "I am away. Please write to ben@customer.example."
    assert plain(text, "Re: Delivery failed", "carla@customer.example", noted) is None


def test_a_report_says_whether_only_a_program_can_have_written_it() -> None:
    standard, in_words = report(FAILED), plain(MANNERS["qmail"])
    assert standard and in_words and (standard.standard, in_words.standard) == (True, False)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Sorry, not delivered:\n\n<carla@customer.example>: 550 5.1.1 Who?\n", "550 5.1.1 Who?"),
        (
            "It could not be delivered to\n\n    carla@customer.example\n",
            "It could not be delivered to carla@customer.example",
        ),
    ],
)
def test_the_sentence_does_not_say_again_whom_it_is_about(text: str, sentence: str) -> None:
    found = plain(text)
    assert found and [(each.email, each.sentence) for each in found.recipients] == [
        ("carla@customer.example", sentence)
    ]


LINES = st.lists(
    st.sampled_from(
        ["<carla@customer.example>:", "550 5.1.1 no", "Final-Recipient: rfc822; a@b.example", "Action: failed", "Status: 4.2.2", "", "--b",
         "Content-Type: message/delivery-status", "Content-Type: message/rfc822", "Received: x", "could not be delivered", "@", "To: a@b.example"]
    ),
    max_size=25,
).map("\n".join)  # fmt: skip


@given(st.one_of(LINES, st.text(max_size=300)), st.booleans())
def test_no_report_is_too_broken(text: str, parted: bool) -> None:
    more = "Content-Type: multipart/report; boundary=b\n" if parted else ""
    message = message_from_string(
        f"From: MAILER-DAEMON@mx.example\nTo: support@desk.example\nSubject: failure notice\n{more}\n{text}"
    )
    found = reports.read(message, text)
    assert found is None or all("@" in each.email and each.email == each.email.lower() for each in found.recipients)


@pytest.mark.parametrize(
    "piece",
    [
        "a@",
        "a@b.example ",
        "Received: x\n",
        "Final-Recipient: rfc822; a@b.example\n",
        "--- original message ",
        "could not be ",
    ],
)
def test_a_megabyte_of_anything_is_read(piece: str) -> None:
    """In seconds; what is quadratic in the length takes hours, and would be noticed."""
    found = plain(piece * (1_000_000 // len(piece)))
    assert found is None or len(found.recipients) <= reports.MAX_RECIPIENTS


def test_a_reason_ends_at_the_line_that_is_drawn_below_it() -> None:
    said = f"Delivery failed:\n\n{RULE}\n\ncarla@customer.example\nuser not found\n\n{RULE}\n\nNobody reads what is answered to it.\n"
    found = plain(said)
    assert found and [each.sentence for each in found.recipients] == ["user not found"]
