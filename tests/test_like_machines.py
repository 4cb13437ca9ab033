"""People write about bounces, delays and errors, too: their letters are letters."""

from collections.abc import Callable

import pytest

from chalicelib import config, counter, store, threads
from chalicelib.article import Address
from dev.cloud import Cloud
from tests.cast import CARLA, CARLA_HERSELF, SUPPORT
from tests.posting import mail
from tests.test_postmaster import close, only_ticket

pytestmark = pytest.mark.usefixtures("cloud")
TakeIn = Callable[..., None]
PASTED = """This came back to me, can you help?

Reporting-MTA: dns; mx.customer.example
Final-Recipient: rfc822; support@desk.localhost
Action: failed
Status: 5.1.1
"""


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        (Address("anna@bounce.example", "Anna"), "Our order is delayed", "It did not come. Please refund."),
        (Address("sysadmin@firm.example", "Sysadmin"), "Error when printing invoices", "It says error 5."),
        (Address("it@firm.example", "ACME Sysadmin"), "Login fails", "The login has failed for user unknown."),
        (Address("root@firm.example", "System Administrator"), "Quota question", "My mailbox is full, what now?"),
        (Address("complaints@firm.example"), "Delivery failed", "The parcel could not be delivered."),
        (CARLA, "Undelivered Mail Returned to Sender", PASTED),
    ],
)
def test_a_person_who_writes_like_a_machine_is_answered_and_read(
    sender: Address, subject: str, text: str, take_in: TakeIn, cloud: Cloud
) -> None:
    take_in(mail(text, subject, sender))
    found = only_ticket()
    assert (found.articles[0].report, found.articles[0].visible) == (None, True)
    assert [sent.to for sent in cloud.outbox] == [(sender.email,)]


def test_a_report_that_carla_pastes_into_her_answer_opens_her_closed_ticket(take_in: TakeIn) -> None:
    take_in(mail())
    number = only_ticket().ticket.number
    close(number)
    token = threads.reply_address(SUPPORT.address, number, config.config().secret)
    take_in(mail(PASTED, "Re: printer", to=token, message_id="<2@customer.example>"), "in/2")
    found = store.whole(number)
    assert found.ticket.state == "open"
    assert [each.delivery.state for each in found.articles if each.delivery] == ["sent"]
    assert "This came back to me" in counter.show(number, CARLA_HERSELF)[1][-1].text
