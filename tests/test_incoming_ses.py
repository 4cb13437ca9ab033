"""Only SES's own topmost block says who wrote a mail; whatever the sender wrote below it is just text."""

import pytest

from chalicelib import incoming
from tests.letters import PASSED, RECEIVED, UNKNOWN, from_ses, letter

FORGED = (
    b"Authentication-Results: amazonses.com; spf=pass envelope-from=carla@carla.example; dkim=pass header.i=@carla.example;"
    b" dmarc=pass header.from=carla.example;\r\n"
)


def results(value: bytes, return_path: bytes = b"<carla@carla.example>") -> incoming.Mail:
    return incoming.parse(from_ses(letter(), b"Authentication-Results: " + value + b"\r\n", return_path=return_path))


def by_spf(envelope: bytes, told: bytes = b"pass", then: bytes = b"dkim=none; dmarc=none;") -> bytes:
    """What SES writes of a mail that only SPF may prove."""
    comment = b" (spfCheck: domain of carla.example designates 192.0.2.7 as permitted sender)"
    looked = b" client-ip=192.0.2.7; envelope-from=" + envelope + b"; helo=mail.carla.example;"
    return b"amazonses.com;\r\n spf=" + told + comment + looked + b"\r\n " + then


def test_carla_is_authenticated_by_what_ses_says():
    mail = incoming.parse(from_ses(letter()))
    assert mail.authenticated
    assert (mail.verdicts.spf, mail.verdicts.dkim, mail.verdicts.dmarc, mail.verdicts.spam) == (
        "pass",
        "pass",
        "pass",
        "pass",
    )


def test_the_envelope_recipient_is_the_one_that_ses_received_for():
    assert incoming.parse(from_ses(letter())).verdicts.recipient == "support@desk.example"


def test_the_sending_machine_cannot_name_a_recipient():
    received = RECEIVED.replace(b"from mail.carla.example", b"from x for <billing@desk.example>; y")
    assert incoming.parse(from_ses(letter(), received=received)).verdicts.recipient == "support@desk.example"


def test_a_null_return_path_is_told_from_a_missing_one():
    assert incoming.parse(from_ses(letter(), return_path=b"<>")).verdicts.return_path == ""
    assert incoming.parse(letter()).verdicts.return_path is None


def test_a_report_of_an_old_program_is_known_by_the_null_sender_that_ses_tells_of():
    words = b"The following address is unknown to us:\r\n\r\n  ivan@customer.example: no such user here\r\n"
    returned = letter(words, sender=b"Post office <office@mx.customer.example>", subject=b"Returned mail")
    assert incoming.parse(from_ses(returned)).report is None
    report = incoming.parse(from_ses(returned, return_path=b"<>")).report
    assert report and [each.email for each in report.recipients] == ["ivan@customer.example"]


def test_without_a_block_from_ses_nobody_is_authenticated():
    assert not incoming.parse(FORGED + letter()).authenticated


def test_a_copy_of_the_whole_block_below_ses_s_own_says_nothing():
    forged = from_ses(letter(sender=b"carla@carla.example"))
    assert not incoming.parse(from_ses(forged, UNKNOWN, return_path=b"<eve@evil.example>")).authenticated


def test_a_block_that_another_machine_wrote_is_not_ses_s():
    forged = from_ses(letter(), received=b"Received: from a by mx.evil.example for <support@desk.example>; today\r\n")
    assert not incoming.parse(forged).authenticated


def test_a_receipt_that_is_not_on_top_makes_no_block():
    assert not incoming.parse(b"X-Mailer: Eve\r\n" + from_ses(letter())).authenticated


@pytest.mark.parametrize(
    "value",
    [
        b'amazonses.com; spf=fail (spfCheck: domain of "a) dmarc=pass (b"@evil.example) envelope-from="a) dmarc=pass (b"@evil.example; dmarc=fail',
        b"amazonses.com; spf=fail; dmarc=fail header.from=carla.example; dmarc=pass header.from=carla.example",
        b"evil.example; dmarc=pass header.from=carla.example",
        b'amazonses.com; spf=none envelope-from="x; dmarc=pass header.from=carla.example; y"@evil.example; dkim=none; dmarc=fail',
        b"amazonses.com; dmarc=fail (dmarc=pass) header.from=carla.example",
        b"amazonses.com; spf=none reason=dmarc=pass header.from=carla.example",
        b"amazonses.com (; dmarc=pass header.from=carla.example",
        b"amazonses.com.evil.example; dmarc=pass header.from=carla.example",
        b"amazonses.com; x=1; " + b"y=1;" * 8000 + b" dmarc=pass header.from=carla.example",
    ],
)
def test_forged_results_authenticate_nobody(value):
    assert not results(value).authenticated


def test_the_first_results_count_and_no_later_ones():
    assert not incoming.parse(from_ses(letter(), UNKNOWN + FORGED)).authenticated


def test_a_dmarc_pass_for_another_domain_is_none_for_carla():
    assert not results(b"amazonses.com; dmarc=pass header.from=evil.example").authenticated


def test_two_senders_are_no_sender_that_a_verdict_could_speak_of():
    mail = from_ses(letter(sender=b"carla@carla.example, eve@evil.example"), PASSED)
    assert not incoming.parse(mail).authenticated


def test_a_second_from_header_takes_the_authority_away():
    assert not incoming.parse(from_ses(b"From: eve@evil.example\r\n" + letter())).authenticated


@pytest.mark.parametrize(
    ("envelope", "known"),
    [
        (b"carla@carla.example", True),
        (b"bounce@mail.carla.example", True),
        (b"eve@evil.example", False),
        (b"eve@notcarla.example", False),
        (b'"x; envelope-from=carla@carla.example;"@evil.example', False),
        (b'"x; envelope-from=carla@carla.example; spf=pass"@evil.example', False),
        (b"x;envelope-from=carla@carla.example;@evil.example", False),
        (b"carla@carla.example;@evil.example", False),
        (b"carla@carla.example;spf=pass;envelope-from=carla@carla.example;@evil.example", False),
        (b"", False),
    ],
)
def test_spf_proves_carla_by_the_domain_of_the_envelope(envelope, known):
    mail = results(by_spf(envelope), b"<" + envelope + b">")
    assert (mail.verdicts.spf_aligned, mail.authenticated) == (known, known)


@pytest.mark.parametrize(
    ("told", "then"),
    [
        (b"softfail", b"dkim=none; dmarc=none;"),
        (b"pass", b"dkim=none; dmarc=fail header.from=carla.example;"),
        (b"pass", b"spf=fail envelope-from=carla@carla.example; dmarc=none;"),
        (b"fail", b"spf=pass; envelope-from=carla@carla.example; dmarc=none;"),
    ],
)
def test_an_spf_pass_that_is_not_the_last_word_proves_nothing(told, then):
    assert not results(by_spf(b"carla@carla.example", told, then)).authenticated


def test_a_way_back_to_another_domain_than_spf_has_looked_at_proves_nothing():
    assert not results(by_spf(b"carla@carla.example"), b"<eve@evil.example>").authenticated


@pytest.mark.parametrize(
    "helo",
    [
        b"mail",
        b"dmarc=pass",
        b"x; envelope-from=carla@carla.example",
        b"x; dkim=pass header.i=@carla.example",
        b"x;dkim=pass(a)header.i=@carla.example",
        b"x;dmarc=pass",
    ],
)
def test_the_name_of_the_sending_machine_proves_nothing(helo):
    """SES tells it twice: where it came from, and what SPF has looked at."""
    told = by_spf(b"eve@evil.example").replace(b"helo=mail.carla.example", b"helo=" + helo)
    received = RECEIVED.replace(b"from mail.carla.example", b"from " + helo)
    mail = from_ses(letter(), b"Authentication-Results: " + told + b"\r\n", received, b"<eve@evil.example>")
    assert not incoming.parse(mail).authenticated


@pytest.mark.parametrize(
    ("value", "known"),
    [
        (b"amazonses.com; spf=pass envelope-from=carla@mail.carla.example; dmarc=none", False),
        (b"amazonses.com; spf=pass envelope-from=carla@carla.example; dmarc=none", True),
        (b"amazonses.com; dkim=pass header.i=@carla.example; dmarc=none", True),
        (b"amazonses.com; dkim=pass header.i=@evil.example; dkim=fail header.i=@carla.example; dmarc=none", False),
        (b"amazonses.com; dkim=pass header.i=@example; dmarc=none", False),
        (b"amazonses.com; spf=pass envelope-from=carla@carla.example; dmarc=fail header.from=carla.example", False),
        (b"amazonses.com; spf=softfail envelope-from=carla@carla.example; dmarc=none", False),
    ],
)
def test_without_a_dmarc_record_spf_or_dkim_count_when_they_are_aligned(value, known):
    assert results(value).authenticated is known


def test_spam_and_virus_verdicts_are_ses_s_own():
    mail = from_ses(letter(x_ses_spam_verdict=b"PASS")).replace(b"Spam-Verdict: PASS", b"Spam-Verdict: FAIL", 1)
    assert incoming.parse(mail).verdicts.spam == "fail"


def test_ses_s_headers_are_not_among_the_sender_s():
    assert "authentication-results" not in incoming.parse(from_ses(letter())).headers
