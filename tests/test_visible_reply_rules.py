"""What is folded of a reply, what stays, and what always holds; the manners of each language are in test_visible_reply."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib import incoming, visible_reply
from tests.letters import letter

NEW = "Thank you, the printer works again.\nOnly the second tray still jams."


def test_a_signature_behind_its_mark_is_folded() -> None:
    found = visible_reply.split(f"{NEW}\n-- \nCarla\nThe Bakery, 12 Mill Lane\n")
    assert (found.visible, found.signature) == (NEW, "-- \nCarla\nThe Bakery, 12 Mill Lane")


def test_answers_between_the_quotes_stay_with_what_they_answer() -> None:
    text = "> Which printer?\n\nThe blue one.\n\n> Since when?\n\nSince Monday."
    found = visible_reply.split("On 3 Feb 2025, at 10:15, Ann wrote:\n\n" + text)
    assert (found.visible, found.fold) == (text, None)


def test_a_quote_that_carla_made_herself_stays() -> None:
    text = "The manual says:\n\n> Open the tray.\n\nI did, and nothing happened."
    assert visible_reply.split(text).visible == text


@pytest.mark.parametrize(
    "text",
    [
        "On Monday I wrote to you:\nthe printer is broken.\nNothing happened since.",
        "My booking:\nFrom: Berlin\nTo: Prague\nDate: 3 February 2025\nPlease change it.",
        "Sent from my desk, which is more comfortable than the sofa.\nThe printer is broken.",
        "Dear Ann,\n\n2025-02-03 10:15 it broke\n15.02.2025 11:00 it broke again\n\nWhat now?",
        "Thanks,\nbut the printer is still broken, and now the second one is too. What shall I do?",
        "It printed this:\n>>> ERROR <<<\nWhat does it mean?",
        "The notice says --- do not open --- and so I did not.",
        "On Thursday:\nthe technician comes.\nOn Friday:\nwe are closed.",
    ],
)
def test_what_only_looks_like_a_quote_stays(text: str) -> None:
    assert visible_reply.split(text) == visible_reply.Split(text, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "> Did it help?\n> Ann",
        "-- \nCarla",
        "Best regards,\nCarla",
        "---------- Forwarded message ---------\nFrom: A <a@b.example>\nSubject: Bill\n\nThe bill.",
    ],
)
def test_a_mail_with_nothing_else_in_it_is_shown_whole(text: str) -> None:
    assert visible_reply.split(text) == visible_reply.Split(text, None, None)


def test_the_fold_is_where_the_visible_part_ends() -> None:
    text = f"{NEW}\n\nOn 3 Feb 2025, at 10:15, Ann <a@b.example> wrote:\n> Did it help?\n"
    found = visible_reply.split(text)
    assert text[: found.fold].strip() == found.visible == NEW


@pytest.mark.parametrize(
    "text",
    [
        "A fax has come.\n--------------------\nTime: 10:15\nPages: 3\nSender: +49 30 1234567",
        "Our list:\n===========\npaper\ntoner\nstaples",
        "Dear Ann,\n\nfirst this.\n\n---\n\nAnd then the second matter, about which I could write a lot more than would ever fit into a signature.\n"
        "Because it is long, it is.\nAnd longer.\nAnd longer still.\nWith details.\nAnd more details.\nAnd an end.",
    ],
)
def test_what_stands_below_a_line_of_dashes_may_be_the_matter_itself(text: str) -> None:
    assert visible_reply.split(text) == visible_reply.Split(text, None, None)


def test_a_lists_footer_is_folded() -> None:
    footer = "_______________________________________________\nusers mailing list\nusers@list.example\nhttps://list.example/users"
    assert visible_reply.split(f"{NEW}\n\n{footer}\n").visible == NEW


def test_a_quote_with_bars_is_a_quote() -> None:
    assert (
        visible_reply.split(f"{NEW}\n\nOn 3 Feb 2025, Ann <a@b.example> wrote:\n\n| Did it help?\n| Ann\n").visible
        == NEW
    )


def test_a_signature_below_the_quote_is_folded_with_it() -> None:
    found = visible_reply.split(f"{NEW}\n\nOn 3 Feb 2025, Ann wrote:\n> Did it help?\n\n-- \nCarla\n")
    assert (found.visible, found.signature) == (NEW, "-- \nCarla")


def test_what_was_wrapped_off_a_quoted_line_is_quoted() -> None:
    quote = (
        "> You will find all of it at the following address, which is long (https://desk.example/\nsome/where)\n> Ann\n"
    )
    assert visible_reply.split(f"{NEW}\n\nOn 3 Feb 2025, Ann wrote:\n\n{quote}").visible == NEW


def test_an_announcement_in_the_line_of_the_reply_is_told_from_it() -> None:
    assert (
        visible_reply.split("It works. On Mon, Feb 3, 2025 at 10:15, Ann <a@b.example> wrote:\n> Did it help?").visible
        == "It works."
    )


def test_a_comment_on_a_forward_is_what_was_written() -> None:
    text = (
        "Please pay this.\n\n---------- Forwarded message ---------\nFrom: A <a@b.example>\nSubject: Bill\n\nThe bill."
    )
    assert visible_reply.split(text).visible == "Please pay this."


def test_answers_between_gmails_quotes_stay() -> None:
    html = """<div dir="ltr"><div class="gmail_quote"><div class="gmail_attr">On Mon, 3 Feb 2025, Ann wrote:<br></div>
      <blockquote class="gmail_quote">Which printer?</blockquote><div>The blue one.</div>
      <blockquote class="gmail_quote">Since when?</blockquote><div>Since Monday.</div></div></div>"""
    assert "The blue one." in visible_reply.split_html(html).visible
    assert "Since Monday." in visible_reply.split_html(html).visible


HTML_QUOTES = [
    '<div class="gmail_quote"><div class="gmail_attr">On Mon, 3 Feb 2025 at 10:15, Ann wrote:</div><blockquote class="gmail_quote">Did it help?</blockquote></div>',
    '<div id="divRplyFwdMsg"><b>From:</b> Ann<br><b>Sent:</b> Monday</div><div>Did it help?</div>',
    '<div id="appendonsend"></div><hr><div><b>Von:</b> Ann</div><div>Did it help?</div>',
    '<div style="border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> Ann &lt;a@b.example&gt;<br><b>Sent:</b> Monday, 3 February 2025<br><b>To:</b> Carla<br>'
    "<b>Subject:</b> Printer</p></div><p>Did it help?</p>",
    '<div class="moz-cite-prefix">On 03.02.2025 10:15, Ann wrote:<br></div><blockquote type="cite" cite="mid:1">Did it help?</blockquote>',
    '<div class="ydp1yahoo_quoted"><div>On Monday, Ann wrote:</div><div>Did it help?</div></div>',
    '<br>Понедельник, 3 февраля 2025, 10:15 +03:00 от Ann &lt;a@b.example&gt;:<br><blockquote style="border-left:1px solid #0857A6">Did it help?</blockquote>',
    '<div>03.02.2025, 10:15, "Ann" &lt;a@b.example&gt;:</div><blockquote><p>Did it help?</p></blockquote>',
    '<div><br><blockquote type="cite"><div>On Feb 3, 2025, at 10:15, Ann &lt;a@b.example&gt; wrote:</div><br><div>Did it help?</div></blockquote></div>',
    '<div class="protonmail_quote">On Monday, Ann wrote:<blockquote type="cite">Did it help?</blockquote></div>',
]


@pytest.mark.parametrize("quote", HTML_QUOTES)
def test_the_quotes_of_html_mails_are_told_by_their_marks(quote: str) -> None:
    first, second = NEW.split("\n")
    assert (
        visible_reply.split_html(f"<html><body><div>{first}</div><div>{second}</div>{quote}</body></html>").visible
        == NEW
    )


PIECES = st.sampled_from(
    [
        "Hello,",
        "It is broken.",
        "",
        "",
        "> quoted",
        ">> deeper",
        "On 3 Feb 2025, Ann <a@b.example> wrote:",
        "-- ",
        "Best regards,",
        "Carla",
        "From: Ann <a@b.example>",
        "Sent: Monday",
        "Subject: Re: it",
        "-----Original Message-----",
        "Sent from my iPhone",
        "| bar",
        "____________",
        "2025-02-03 10:15 GMT+01:00 Ann <",
        "a@b.example>:",
        "Am 3.2.2025 schrieb Ann:",
        "\t",
        "日本",
        "###",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(PIECES, max_size=25).flatmap(
        lambda lines: st.sampled_from(["\n", "\r\n"]).map(lambda end: end.join(lines))
    ),
)


@given(TEXTS)
def test_what_is_visible_are_lines_of_the_text_in_their_order(text: str) -> None:
    lines = iter(text.replace("\r\n", "\n").split("\n"))
    for line in visible_reply.split(text).visible.replace("\r\n", "\n").split("\n"):
        assert any(line.strip() in each for each in lines)


@given(TEXTS)
def test_the_fold_splits_the_text_exactly(text: str) -> None:
    found = visible_reply.split(text)
    if found.fold is not None:
        assert text[: found.fold].strip() == found.visible and found.visible and text[found.fold :].strip()


@given(TEXTS)
def test_whoever_wrote_something_is_shown_something(text: str) -> None:
    assert bool(visible_reply.split(text).visible) == bool(text.strip())


@given(
    st.one_of(
        TEXTS,
        st.lists(
            st.sampled_from(
                [
                    "<div>",
                    "</div>",
                    "<blockquote>",
                    "</blockquote>",
                    "<",
                    "<!--",
                    "-->",
                    "a",
                    "<br>",
                    "<p class='gmail_quote'>",
                    "<style>",
                    "</style>",
                    "&amp;",
                    "<pre>\n",
                ]
            ),
            max_size=20,
        ).map("".join),
    )
)
@settings(max_examples=50)
def test_no_html_is_too_broken(html: str) -> None:
    assert visible_reply.split_html(html).fold is None


@pytest.mark.parametrize(
    "piece",
    [
        ">",
        "> a\n",
        "\n",
        "On 3 Jan 2020 at 10:00\n",
        "From: a@b\n",
        "_____\n",
        "<",
        "Name <\n",
        "-",
        "Regards,\n",
        "wrote ",
        "1.1.1.1 ",
        "[(<",
    ],
)
def test_a_megabyte_of_anything_is_read(piece: str) -> None:
    """In seconds; what is quadratic in the length takes hours, and would be noticed."""
    text = piece * (1_000_000 // len(piece))
    assert visible_reply.split(text).visible in text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "My issue:\n---\nThe door is stuck.\nIt does not open.",
        "The door again\n---\nIt is stuck.\nIt does not open.",
        "Here is the log:\n--\nERROR 42 in module 7\nERROR 43 in module 8",
        "Name: Carla\n_____\nPhone: 123\nProblem: no dial tone",
        "Thank you\n1. open app\n2. press Save\n3. crash",
        "Please unlock them.\nСпасибо.\nИванов И.И.\nПетров П. П.",
        "Please call our technician.\n\nJohn Smith\n+49 30 1234567",
        "Please add this new employee to the phone book:\n\nIvan Petrov\nTel: +7 495 1234567\nivan@firm.example",
    ],
)
def test_what_looks_like_a_signature_and_tells_the_matter_stays(text: str) -> None:
    assert visible_reply.split(text, sender="Carla Weiss carla@bakery.example") == visible_reply.Split(text, None, None)


@pytest.mark.parametrize(
    "signature",
    [
        "Carla Weiss\n+49 30 1234567",
        "C. Weiss-Braun\nThe Bakery\nwww.bakery.example",
        "The Bakery\n+49 30 1234567\ncarla@bakery.example",
        "Thanks:\n--\nCarla",
        "---\nCarla Weiss\nHead of Bread",
        "Спасибо.\nИванов И.И.\nТел. 123",
    ],
)
def test_the_contacts_of_the_sender_are_a_signature(signature: str) -> None:
    found = visible_reply.split(f"{NEW}\n\n{signature}", sender="Carla Weiss carla@bakery.example")
    assert (found.visible, found.signature) == (NEW, signature)


FRAUD = (
    "I got this mail:\n\nFrom: billing@desk.example\nSent: Monday, 3 February 2025 10:15\nTo: carla@bakery.example\nSubject: Pay now\n\n"
    "Pay 100 EUR at once.\n\nSo is it real or a fraud?"
)


@pytest.mark.parametrize(
    "text",
    [
        "The display shows:\n> Fatal error 7",
        "I typed this and it failed:\n\n> cd /tmp\n> make",
        "It did not work.\n\n> make\n> make: no such target\n> make all\n> make: no such target\n> make\n> ...",
        "Please book it:\n\nFrom: Berlin\nTo: Paris\nDate: 3 December\nSubject: business trip\n\nIt must be refundable.",
        FRAUD,
    ],
)
def test_what_carla_copied_into_a_letter_that_answers_nothing_stays(text: str) -> None:
    assert visible_reply.split(text, answers=False) == visible_reply.Split(text, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "The display still shows:\n> Fatal error 7",
        "Please book it too:\n\nFrom: Berlin\nTo: Paris\nDate: 12.12.2026\nSubject: business trip\n\nIt must be refundable.",
    ],
)
def test_what_carla_copied_into_an_answer_stays_where_no_program_writes_so(text: str) -> None:
    assert visible_reply.split(text) == visible_reply.Split(text, None, None)


@pytest.mark.parametrize(
    "quote",
    [
        "On 3 Feb 2025, at 10:15, Ann wrote:\n> Did it help?",
        "> On 3 Feb 2025, at 10:15, Ann wrote:\n> Did it help?",
        "________________________________\nFrom: Ann <a@b.example>\nSent: Monday\nSubject: Printer\n\nDid it help?",
        "-----Original Message-----\nFrom: Ann\n\nDid it help?",
    ],
)
def test_what_names_another_writer_is_folded_in_any_letter(quote: str) -> None:
    assert visible_reply.split(f"{NEW}\n\n{quote}", answers=False).visible == NEW


@pytest.mark.parametrize(
    ("headers", "folded"),
    [
        ({}, False),
        ({"subject": b"Rebate: 5 %"}, False),
        ({"subject": b"AW: Printer"}, True),
        ({"subject": b"[EXT] RE: Printer"}, True),
        ({"subject": b"[Ticket#20250203] Printer"}, True),
        ({"in_reply_to": b"<1@desk.example>"}, True),
        ({"references": b"<1@desk.example>"}, True),
    ],
)
def test_by_its_headers_a_letter_is_an_answer(headers: dict[str, bytes], folded: bool) -> None:
    mail = incoming.parse(letter(b"It jams again.\n\n> Did it help?\n", **headers))
    assert (mail.fold is not None) == folded


def test_answers_between_the_quotes_stay_in_a_letter_whose_headers_name_no_other() -> None:
    text = "On 3 Feb 2025, at 10:15, Ann wrote:\n\n> Which printer?\n\nThe blue one.\n\n> Since when?\n\nSince Monday."
    assert visible_reply.split(text, answers=False).visible == visible_reply.split(text).visible


def test_what_carla_typed_stays_above_her_signature() -> None:
    found = visible_reply.split("I typed this:\n> make\n\nRegards,\nCarla", answers=False)
    assert (found.visible, found.signature) == ("I typed this:\n> make", "Regards,\nCarla")
