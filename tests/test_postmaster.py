"""A mail arrives: on which ticket it lands, once, and who hears of it."""

from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from chalicelib import config, desk, desk_lists, files, lists, records, store
from chalicelib.article import SENT, SYSTEM, Address
from chalicelib.composing import Saying
from chalicelib.desk_lists import Wanted
from chalicelib.store import Whole
from dev.cloud import Cloud
from tests.cast import ANN, CARLA, EVE, HOUR, MONDAY
from tests.posting import mail

pytestmark = pytest.mark.usefixtures("cloud")


def tickets() -> list[Whole]:
    numbers = [row["number"] for queue in config.config().queues for row in every_row(queue)]
    return sorted((store.whole(number) for number in numbers), key=lambda found: found.ticket.created)


def every_row(queue: str) -> list[lists.Row]:
    return lists.open_rows([queue]) + lists.closed_rows(queue, 100)


def only_ticket() -> Whole:
    (found,) = tickets()
    return found


def answers(cloud: Cloud) -> list[EmailMessage]:
    return [message_from_bytes(sent.raw, policy=policy.default) for sent in cloud.outbox]  # type: ignore[misc]


def kinds(found: Whole) -> list[str]:
    return [article.kind for article in found.articles]


def close(number: str) -> None:
    now = MONDAY + HOUR
    held = desk.lock(number, ANN, False, now)
    desk.change(number, ANN, held.version, {"state": "closed successful"}, now)


def test_a_letter_becomes_a_ticket_with_its_words(take_in: Callable[..., None]) -> None:
    take_in(mail())
    found = only_ticket()
    assert (found.ticket.title, found.ticket.queue, found.ticket.state) == ("The printer is on fire", "support", "new")
    assert found.ticket.customer == CARLA
    assert "full of smoke" in found.articles[0].text


def test_the_customer_hears_the_tickets_number(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail())
    number = only_ticket().ticket.number
    (answer,) = answers(cloud)
    assert answer["to"] == "Carla <carla@customer.example>"
    assert f"[Ticket#{number}]" in answer["subject"]
    assert number in answer.get_content()
    assert answer["auto-submitted"] == "auto-replied"


def test_a_russian_letter_is_answered_in_russian(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail("Помогите, пожалуйста: принтер горит, и весь офис в дыму.", "Принтер горит"))
    (answer,) = answers(cloud)
    assert "Здравствуйте" in answer.get_content()


def test_the_answer_is_marked_as_sent(take_in: Callable[..., None]) -> None:
    take_in(mail())
    delivery = only_ticket().articles[1].delivery
    assert delivery and delivery.state == SENT


def test_the_history_tells_whose_words_they_were(take_in: Callable[..., None]) -> None:
    take_in(mail())
    told = [(event.type, event.by) for event in only_ticket().history]
    assert told == [("NewTicket", "customer"), ("EmailCustomer", "customer"), ("SendAutoReply", "system")]


def test_the_object_has_moved_from_in_to_mail(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail(), "in/abc")
    assert cloud.objects("in/") == []
    assert files.read("mail/abc") == mail()


def test_the_same_object_twice_is_one_article(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail(), "in/abc")
    take_in(mail(), "in/abc")
    assert kinds(only_ticket()) == ["mail", "auto"]
    assert len(cloud.outbox) == 1


def test_thanks_without_id_and_date_may_be_said_twice(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail(), "in/abc")
    thanks = mail("Thanks!", "Re", message_id=None, headers={"References": "<first@customer.example>"})
    thanks = thanks.replace(b"Date: Mon, 23 Nov 2026 08:59:58 +0000\n", b"")
    take_in(thanks, "in/def")
    take_in(thanks, "in/ghi")
    assert kinds(only_ticket()) == ["mail", "auto", "mail", "mail"]


def test_the_same_mail_over_another_hop_is_one_article(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail(), "in/abc")
    take_in(mail(headers={"Received": "from a by b; Mon, 23 Nov 2026 09:05:00 +0000"}), "in/def")
    assert kinds(only_ticket()) == ["mail", "auto"]


def test_the_impatient_customer_gets_no_second_ticket(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail(), "in/abc")
    take_in(mail(subject="Re: The PRINTER is on fire", message_id="<second@customer.example>"), "in/def")
    assert kinds(only_ticket()) == ["mail", "auto", "mail"]
    assert len(cloud.outbox) == 1


def test_see_below_over_another_forward_is_another_ticket(take_in: Callable[..., None]) -> None:
    for n in range(2):
        forwarded = (
            f"See below.\n\n---------- Forwarded message ----------\nFrom: Dan <dan@example.org>\n\nMatter {n}\n"
        )
        take_in(mail(forwarded, "Fwd: A complaint", message_id=f"<{n}@customer.example>"), f"in/{n}")
    assert len(tickets()) == 2


def test_another_letter_is_another_ticket(take_in: Callable[..., None]) -> None:
    take_in(mail(), "in/abc")
    take_in(mail("Where is my invoice?", "Invoice", message_id="<second@customer.example>"), "in/def")
    assert len(tickets()) == 2


def test_the_same_id_over_other_words_is_another_mail(take_in: Callable[..., None]) -> None:
    take_in(mail(), "in/abc")
    take_in(mail("Where is my invoice?", "Invoice", sender=EVE), "in/def")
    assert len(tickets()) == 2


# -- follow-ups, by each clue


def follow_up_of(cloud: Cloud, **changes: object) -> bytes:
    fields: dict[str, object] = {
        "text": "It still burns.",
        "subject": "Burning",
        "message_id": "<next@customer.example>",
    }
    return mail(**(fields | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("clue", ["token", "reference", "ses id", "own id", "subject"])
def test_a_follow_up_lands_on_its_ticket_by_each_clue(clue: str, take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail(), "in/abc")
    (answer,) = answers(cloud)
    delivery = only_ticket().articles[1].delivery
    letter: dict[str, dict[str, object]] = {
        "token": {"to": Address(str(answer["reply-to"]).split("<")[-1].strip(">")).email},
        "reference": {"headers": {"References": str(answer["references"]).split()[0]}},
        "ses id": {"headers": {"In-Reply-To": f"<{delivery.message_id}@eu-west-1.amazonses.com>" if delivery else ""}},
        "own id": {"headers": {"References": "<first@customer.example>"}},
        "subject": {"subject": f"Re: {answer['subject']}"},
    }
    take_in(follow_up_of(cloud, **letter[clue]), "in/def")
    assert kinds(only_ticket()) == ["mail", "auto", "mail"]


def test_carlas_answer_opens_a_closed_ticket_again(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail(), "in/abc")
    number = only_ticket().ticket.number
    close(number)
    take_in(follow_up_of(cloud, headers={"References": "<first@customer.example>"}), "in/def")
    assert (only_ticket().ticket.state, only_ticket().ticket.closed_at) == ("open", None)


@pytest.mark.parametrize(("precedence", "state"), [("list", "open"), ("bulk", "closed successful")])
def test_what_carla_writes_by_a_list_opens_it_and_a_mailing_does_not(
    precedence: str, state: str, take_in: Callable[..., None]
) -> None:
    take_in(mail(), "in/abc")
    number = only_ticket().ticket.number
    close(number)
    by_list = {"List-Id": "<office.customer.example>", "Precedence": precedence}
    take_in(
        mail("It burns again.", f"Re: [Ticket#{number}]", message_id="<again@customer.example>", headers=by_list),
        "in/def",
    )
    assert only_ticket().ticket.state == state


def test_an_out_of_office_note_does_not_open_it(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail(), "in/abc")
    close(only_ticket().ticket.number)
    note = {"References": "<first@customer.example>", "Auto-Submitted": "auto-replied"}
    take_in(follow_up_of(cloud, headers=note), "in/def")
    assert only_ticket().ticket.state == "closed successful"
    assert kinds(only_ticket()) == ["mail", "auto", "mail"]


def test_a_forward_of_an_old_mail_is_a_new_matter(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail(), "in/abc")
    forward = follow_up_of(
        cloud, subject="Fwd: The printer is on fire", headers={"References": "<first@customer.example>"}
    )
    take_in(forward, "in/def")
    old, new = (each.ticket.number for each in tickets())
    assert [(link.number, link.kind) for link in store.whole(new).links] == [(old, "follow-up")]


def test_a_forward_of_our_own_letter_opens_no_closed_ticket(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail(), "in/abc")
    (answer,) = answers(cloud)
    close(only_ticket().ticket.number)
    quoted = {"In-Reply-To": str(answer["message-id"]), "References": str(answer["references"])}
    take_in(follow_up_of(cloud, subject=f"Fwd: {answer['subject']}", headers=quoted), "in/def")
    old, new = tickets()
    assert (old.ticket.state, kinds(old)) == ("closed successful", ["mail", "auto"])
    assert [(link.number, link.kind) for link in new.links] == [(old.ticket.number, "follow-up")]


def test_a_forward_to_the_tickets_own_address_goes_on_with_it(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail(), "in/abc")
    (answer,) = answers(cloud)
    own_address = Address(str(answer["reply-to"]).split("<")[-1].strip(">")).email
    take_in(follow_up_of(cloud, subject="Fwd: A complaint", to=own_address), "in/def")
    assert kinds(only_ticket()) == ["mail", "auto", "mail"]


@pytest.mark.parametrize("root", ["ours", "hers"])
def test_the_root_of_a_long_thread_leads_to_its_ticket(root: str, take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail(), "in/abc")
    (answer,) = answers(cloud)
    first = {"ours": str(answer["references"]).split()[0], "hers": "<first@customer.example>"}[root]
    thread = " ".join([first, *(f"<{n}@customer.example>" for n in range(60))])
    take_in(follow_up_of(cloud, headers={"References": thread}), "in/def")
    assert kinds(only_ticket()) == ["mail", "auto", "mail"]


# -- strangers


@pytest.mark.parametrize("verdict", ["PASS", "FAIL"])
def test_eve_cannot_join_by_knowing_the_number(verdict: str, take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail(), "in/abc")
    close(only_ticket().ticket.number)
    (answer,) = answers(cloud)
    take_in(follow_up_of(cloud, sender=EVE, subject=str(answer["subject"]), verdict=verdict), "in/def")
    first, second = tickets()
    assert first.ticket.state == "closed successful"
    assert [(link.number, link.kind) for link in second.ticket.links] == [(first.ticket.number, "follow-up")]


def test_eve_cannot_join_in_carlas_name(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail(), "in/abc")
    take_in(follow_up_of(cloud, verdict="FAIL", headers={"References": "<first@customer.example>"}), "in/def")
    assert len(tickets()) == 2


def test_a_forged_sender_does_not_read_his_own_subject_back(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail(subject="Buy cheap watches", verdict="FAIL"))
    (answer,) = answers(cloud)
    assert "watches" not in str(answer)
    assert only_ticket().ticket.number in answer["subject"]


def test_spam_goes_to_junk_without_an_answer(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail(spam="FAIL"))
    assert only_ticket().ticket.queue == "junk"
    assert cloud.outbox == []


def test_a_newsletter_gets_no_answer(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail(headers={"Precedence": "bulk", "List-Id": "<news.example>"}))
    assert cloud.outbox == []


def test_mail_to_an_unknown_address_goes_to_the_default_queue(take_in: Callable[..., None]) -> None:
    take_in(mail(to="nobody@desk.localhost"))
    assert only_ticket().ticket.queue == "raw"


def test_a_mail_to_two_queues_makes_a_ticket_in_each(take_in: Callable[..., None]) -> None:
    two = mail(to="support@desk.localhost, billing@desk.localhost").replace(
        b" for <support@desk.localhost, billing@desk.localhost>", b""
    )
    take_in(two, "in/abc")
    assert {found.ticket.queue for found in tickets()} == {"support", "billing"}


# -- files and failures


def test_attachments_are_kept_byte_for_byte(take_in: Callable[..., None]) -> None:
    take_in(mail(files=(("счёт.pdf", b"%PDF-1.4 \x00\xff"),)))
    (kept,) = only_ticket().articles[0].attachments
    assert kept.filename == "счёт.pdf"
    assert files.read(kept.key) == b"%PDF-1.4 \x00\xff"


@pytest.mark.parametrize("noise", [b"", b"\x00\xff" * 500_000, b"just some text\n"])
def test_what_is_no_mail_ends_in_the_list_of_failed_mails(
    noise: bytes, take_in: Callable[..., None], cloud: Cloud
) -> None:
    take_in(noise, "in/noise")
    assert tickets() == []
    assert [failed.id for failed in records.failed_mails()] == ["noise"]
    assert files.read("failed/noise") == noise
    assert cloud.objects("in/") == []


def test_the_note_of_ses_itself_is_deleted_quietly(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(b"Hello from SES", "in/AMAZON_SES_SETUP_NOTIFICATION")
    assert (tickets(), records.failed_mails(), cloud.objects("in/")) == ([], [], [])


def test_a_reply_to_of_the_customer_is_where_answers_go(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail(headers={"Reply-To": "office@customer.example"}))
    assert only_ticket().ticket.answer_to == Address("office@customer.example")


SITE = Address("noreply@shop.example", "Shop")


@pytest.mark.parametrize(("verdict", "to"), [("PASS", "anna@mail.example"), ("FAIL", SITE.email)])
def test_who_has_filled_in_a_sites_form_is_answered(
    verdict: str, to: str, take_in: Callable[..., None], cloud: Cloud
) -> None:
    form = {"Reply-To": "Anna <anna@mail.example>"}
    take_in(mail("Name: Anna\nMessage: I cannot pay", "Form", sender=SITE, headers=form, verdict=verdict))
    number = only_ticket().ticket.number
    cloud.outbox.clear()
    epoch = desk.lock(number, ANN, False, MONDAY).epoch
    desk.say(number, ANN, Saying("reply", "Pay by card.", epoch=epoch, seen=1), MONDAY)
    assert [sent.to for sent in cloud.outbox] == [(to,)]


def form(name: str, subject: str, n: int) -> bytes:
    """What the site's form sends when somebody fills it in."""
    elsewhere = {"Reply-To": f"{name} <{name.lower()}@mail.example>"}
    return mail(f"Name: {name}\nMessage: I cannot pay", subject, sender=SITE, headers=elsewhere, message_id=f"<{n}@x>")


def test_eve_cannot_turn_annas_answers_to_herself_by_the_same_form(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(form("Anna", "Form", 1), "in/1")
    annas = only_ticket().ticket.number
    take_in(form("Eve", f"[Ticket#{annas}]", 2), "in/2")
    assert [kinds(each) for each in tickets()] == [["mail"], ["mail"]]
    answer_to = store.ticket(annas).answer_to
    assert answer_to and answer_to.email == "anna@mail.example"
    take_in(form("Anna", f"[Ticket#{annas}]", 3), "in/3")
    assert kinds(store.whole(annas)) == ["mail", "mail"]


def test_who_has_filled_in_a_form_is_greeted_by_name_and_written_to_once(
    take_in: Callable[..., None], cloud: Cloud
) -> None:
    take_in(form("Anna", "Form", 1))
    number = only_ticket().ticket.number
    epoch = desk.lock(number, ANN, False, MONDAY).epoch
    anna = Address("anna@mail.example", "Anna")
    _, said = desk.say(number, ANN, Saying("reply", "Pay by card.", cc=(anna,), epoch=epoch, seen=1), MONDAY)
    assert (said.to, said.cc) == ((anna,), ())
    assert said.text.startswith("Hello Anna,")


@pytest.mark.parametrize("header", [{"List-Id": "<office.x>"}, {"Auto-Submitted": "auto-replied; vacation"}])
def test_neither_a_list_nor_a_note_says_where_answers_go(header: dict[str, str], take_in: Callable[..., None]) -> None:
    sender = CARLA if "List-Id" in header else SITE
    take_in(mail(sender=sender, headers={"Reply-To": "all@list.example", **header}))
    assert only_ticket().ticket.answer_to is None


def test_a_forged_letter_does_not_lead_our_answers_elsewhere(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail(headers={"Reply-To": "eve@evil.example"}, verdict="FAIL"))
    assert only_ticket().ticket.answer_to is None


def test_a_finnish_answer_is_an_answer(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail(), "in/abc")
    take_in(follow_up_of(cloud, subject="VS: Printer", headers={"References": "<first@customer.example>"}), "in/def")
    assert kinds(only_ticket()) == ["mail", "auto", "mail"]


@pytest.mark.parametrize(("verdict", "letters", "answered"), [("FAIL", 5, 3), ("PASS", 42, 40)])
def test_a_flood_is_answered_only_so_often(
    verdict: str, letters: int, answered: int, take_in: Callable[..., None], cloud: Cloud
) -> None:
    for n in range(letters):
        question = mail(f"Question number {n}", f"Question {n}", message_id=f"<{n}@customer.example>", verdict=verdict)
        take_in(question, f"in/{n}")
    assert (len(tickets()), len(cloud.outbox)) == (letters, answered)


@pytest.mark.parametrize(
    "bomb",
    [
        b"--b\r\n\r\nx\r\n" * 5000,
        b"".join(
            b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n or 0, n + 1) for n in range(200)
        ).replace(b"--b0", b"--b"),
        b"--b\r\n\r\n" + b"x" * 1_200_000,
        b"--b\r\n\r\n" + b"begin 644 a\r\n#0V%T\r\n`\r\nend\r\n" * 1100,
    ],
    ids=["parts", "depth", "text", "files"],
)
def test_a_bomb_becomes_a_ticket_with_the_original_attached(take_in: Callable[..., None], bomb: bytes) -> None:
    raw = mail().partition(b"Content-")[0] + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + bomb
    take_in(raw)
    [letter, *_] = only_ticket().articles
    last = letter.attachments[-1]
    assert (last.filename, last.content_type, last.size) == ("mail.eml", "message/rfc822", len(raw))
    assert letter.incomplete  # which agents are told


def test_a_letter_of_nobody_is_as_unread_as_any_other(take_in: Callable[..., None]) -> None:
    take_in(mail().replace(b"\nFrom: ", b"\nX-From: ").replace(b"\r\nReply-To: ", b"\r\nX-Reply-To: "))
    assert only_ticket().articles[0].sender == SYSTEM
    assert desk_lists.tickets(ANN, Wanted(), MONDAY).rows[0]["unread"]
