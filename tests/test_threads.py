"""The tag, the token and the reference: found again by whoever answers, forged by nobody."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from chalicelib import threads
from tests.cast import NUMBER, SUPPORT

SECRET = b"nobody knows"
HOOK = "Ticket#"
NUMBERS = some.text("0123456789", min_size=1, max_size=40)


# -- tokens


@given(NUMBERS)
def test_an_answer_to_the_reply_address_finds_the_ticket(number: str) -> None:
    address = threads.reply_address(SUPPORT.address, number, SECRET)
    found = threads.read_token(address.upper())
    assert found and found[0] == number and threads.valid(*found, SECRET)


@given(NUMBERS)
def test_an_answer_that_keeps_only_the_references_finds_the_ticket(number: str) -> None:
    reference = threads.reference(number, SECRET, "desk.localhost")
    for seen in (reference, reference.strip("<>")):
        found = threads.read_reference(seen)
        assert found and found[0] == number and threads.valid(*found, SECRET)


@given(NUMBERS, some.text("abcdefghijklmnopqrstuvwxyz234567", min_size=16, max_size=16) | some.text())
@example(NUMBER, threads.token(NUMBER, b"another desk"))
@example(NUMBER, threads.token("202611231234568", SECRET))
@example(NUMBER, threads.token(NUMBER, SECRET)[:-1])
@example(NUMBER, threads.token(NUMBER, SECRET) + "a")
@example(NUMBER, "")
@example(NUMBER, "\ud800" * 16)
def test_a_forged_token_is_never_valid(number: str, forged: str) -> None:
    assert not threads.valid(number, forged, SECRET)


@pytest.mark.parametrize(
    "address",
    [
        "support@desk.localhost",
        "support+@desk.localhost",
        f"support+{NUMBER}@desk.localhost",
        f"support+{NUMBER}.short@desk.localhost",
        f"support+x{NUMBER}.aaaaaaaaaaaaaaaa@desk.localhost",
        "support+١٢٣.aaaaaaaaaaaaaaaa@desk.localhost",
        f"support+{NUMBER}.aaaaaaaaaaaaaaaſ@desk.localhost",
        "support+../#.aaaaaaaaaaaaaaaa@desk.localhost",
    ],
)
def test_what_only_looks_like_a_token_is_none(address: str) -> None:
    assert threads.read_token(address) is None


@given(some.text(max_size=200))
def test_reading_never_fails(text: str) -> None:
    threads.read_token(text)
    threads.read_reference(text)
    assert all(number.isascii() and number.isdigit() for number in threads.number_in(text, HOOK))


# -- subjects


@pytest.mark.parametrize(
    "subject",
    [
        f"[Ticket#{NUMBER}] The printer is on fire",
        f"Re: Ticket# {NUMBER}",
        f"ticket#:{NUMBER} again",
        f"Re: [Ticket#: {NUMBER}]",
        f"Re: [Ticket# \t{NUMBER}]",
    ],
)
def test_the_number_is_found_in_every_form_that_otrs_knows(subject: str) -> None:
    assert threads.number_in(subject, HOOK) == [NUMBER]


def test_several_numbers_keep_their_order() -> None:
    assert threads.number_in("[Ticket#3] Fwd: [Ticket#12] [Ticket#3]", HOOK) == ["3", "12"]


def test_another_desks_hook_is_not_ours() -> None:
    assert threads.number_in(f"[Request#{NUMBER}]", HOOK) == []
    assert threads.number_in(f"[Call.{NUMBER}]", "Call.") == [NUMBER]
    assert threads.number_in(f"[Callx{NUMBER}]", "Call.") == []


@pytest.mark.parametrize(
    "subject",
    [
        "The printer is on fire",
        "Re: The printer is on fire",
        f"Re: [Ticket#{NUMBER}] Re: The printer is on fire",
        f"AW: WG: [Ticket#{NUMBER}] RE: The printer is on fire",
        f"[Ticket#{NUMBER}] Re[4]: Re(2): Re^3: The printer is on fire",
        f"Отв: HA: Пересл: Ticket# {NUMBER} The printer is on fire",
        "回复：答复: 转发：The printer is on fire",
        "  re :The   printer\tis on fire ",
        "Re:\r\n The printer is on fire",
    ],
)
def test_an_answer_has_one_tag_and_one_prefix(subject: str) -> None:
    expected = f"[Ticket#{NUMBER}] Re: The printer is on fire"
    assert threads.reply_subject(NUMBER, subject, HOOK) == expected
    assert threads.reply_subject(NUMBER, expected, HOOK) == expected


@pytest.mark.parametrize("subject", ["Regarding: the printer", "Printer: on fire", "Invoice 3: re: four"])
def test_what_is_no_prefix_stays(subject: str) -> None:
    assert threads.bare_subject(subject, HOOK) == subject


def test_a_first_mail_is_tagged_without_a_prefix() -> None:
    assert threads.new_subject("1", "Your invoice", HOOK) == "[Ticket#1] Your invoice"


def test_an_empty_subject_leaves_the_tag() -> None:
    assert threads.new_subject("1", "Re: ", HOOK) == "[Ticket#1]"


@given(some.text(some.characters(codec=None)))
@example("Hi\r\nBcc: victim@example.org\x00")
@example("\u202egnp.exe")
@example("Re: " * 100_000)
@example("[Ticket# " * 20_000)
def test_any_subject_is_one_line_that_can_be_sent_and_found_again(subject: str) -> None:
    tagged = threads.reply_subject(NUMBER, subject, HOOK)
    assert len(tagged) <= threads.LONGEST_SUBJECT + 40
    assert not set(tagged) & set("\r\n\0\u2028\u202e\x85") and tagged.encode()
    assert threads.number_in(tagged, HOOK)[0] == NUMBER


def test_a_long_subject_is_cut() -> None:
    assert threads.bare_subject("fire " * 100, HOOK).endswith("fire [...]")
