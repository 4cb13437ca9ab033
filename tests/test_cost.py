"""What a ticket costs: AWS's rules by its own examples, no call without a price, and a page that is not stale."""

import re
from collections.abc import Iterator
from math import isclose

import boto3
import pytest

from chalicelib import records, table
from chalicelib.settings import Settings
from dev import cost, cost_guard, cost_model
from dev.cloud import Cloud
from dev.cost_measure import measured, recorded
from dev.cost_meter import Bill, Unpriced
from dev.cost_model import PRICES, Desk, Told, by_service, dollars, month, summed
from dev.cost_page import page
from dev.cost_tables import DOUBT
from dev.cost_units import INDEXES, KB, Item, chunks, indexed, read, read_each, size, traces, written
from dev.template import INFRA, REGION
from tests.cast import ANN, MONDAY, NUMBER


def item(length: int, **more: str) -> Item:
    """Of so many bytes, Carla's."""
    keys = {name: {"S": value} for name, value in more.items()}
    return keys | {"x": {"B": b"." * (length - 1 - size(keys))}}


@pytest.fixture(scope="module")
def told(one_cloud: Cloud) -> Iterator[Told]:
    yield Told(measured(), recorded()[1])


# -- AWS's rules, with the examples of its documentation (the others: test_dynamodb_units.py)


def test_a_write_is_counted_by_the_larger_of_before_and_after() -> None:
    assert written(item(3 * KB), item(KB)) == written(item(3 * KB), None) == 3
    assert written(None, item(3 * KB), transaction=True) == 6  # aws.amazon.com/dynamodb/pricing/on-demand
    assert written(None, None) == 1  # also what is refused, or deletes nothing


def test_a_query_is_counted_by_all_that_it_reads() -> None:
    assert read([int(4.08 * KB)] * 10, True) == 44 / 4  # a query of 40.8 KB (read-write-operations.html)
    assert (read([64] * 1500, True), read([], True)) == (96 / 4, 1)


def test_what_is_read_in_a_batch_is_rounded_one_by_one() -> None:
    assert read_each([int(1.5 * KB), int(6.5 * KB)], True) == 12 / 4  # read-write-operations.html
    assert read_each([0], True) == 1


def test_an_index_is_written_only_where_its_entry_changes() -> None:
    one = item(900, pk="T#1", sk="#", lp="O#support", ls="1", row="new")
    assert indexed(None, one) == indexed(one, None) == 1
    assert indexed(one, one | {"x": {"S": "another text"}}) == 0  # not shown in the list
    assert indexed(one, one | {"row": {"S": "open"}}) == 1
    assert indexed(one, one | {"lp": {"S": "K#support"}}) == 2  # taken away here, put there
    assert indexed(None, item(900, pk="T#1", sk="A#000001")) == 0  # an article is in no list


def test_the_indexes_are_those_of_the_template() -> None:
    assert {(index.pk, index.sk) for index in INDEXES} == {keys for name, keys in table.INDEX_KEYS.items() if name}


def test_ses_counts_full_chunks_of_a_mail() -> None:
    assert [chunks(length * KB) for length in (1, 255, 256, 768)] == [0, 0, 1, 3]


def test_xray_records_the_first_in_a_second_and_one_in_twenty_of_the_others() -> None:
    assert (traces(50, 100), traces(300, 100)) == (50, 100 + 10)


# -- no call costs nothing by mistake


def test_a_call_without_a_price_is_an_error(cloud: Cloud) -> None:
    with Bill().reading():
        for unknown in (
            lambda: table.client().scan(TableName=cloud.table),
            lambda: cloud.s3.head_bucket(Bucket=cloud.bucket),
            lambda: boto3.client("sqs", region_name=REGION).list_queues(),
        ):
            with pytest.raises(Unpriced):
                unknown()


def test_the_meter_bills_what_anns_glance_costs(cloud: Cloud) -> None:
    with Bill().reading() as bill:
        records.see(ANN.login, NUMBER, 1, MONDAY)
        records.see(ANN.login, NUMBER, 1, MONDAY)  # the same again: a write that changes nothing is a write
        records.seen(ANN.login)
    assert bill.units == {"ddb write": 2, "ddb read": 1}


def test_what_was_refused_is_billed_too(cloud: Cloud) -> None:
    with Bill().reading() as bill:
        assert not table.put({"pk": "T#1", "sk": "#"}, "attribute_exists(pk)")
    assert bill.units["ddb write"] == 1


def test_api_gateway_keeps_no_metrics_of_each_route_which_nobody_has_counted() -> None:
    assert "MetricsEnabled" not in (INFRA / "functions.json").read_text()


def test_every_unit_of_the_stories_has_a_price(told: Told) -> None:
    for desk in map(Desk, cost_model.VOLUMES):
        assert set(summed(month(told, desk).values())) <= PRICES.keys()


# -- the page


def test_the_page_is_what_the_desk_costs_now(told: Told) -> None:
    now, then = (FIGURE.split(text) for text in (page(told, recorded()[0]), cost.RECORD.read_text()))
    assert now[::2] == then[::2], "Stale in words or calls; `./desk cost` writes it anew."
    # To one in a hundred, because another zlib packs some bytes more or less; a call or a unit more shows all the same.
    differing = [
        pair for pair in zip(now[1::2], then[1::2], strict=True) if not isclose(*map(figure, pair), rel_tol=0.01)
    ]
    assert differing == [], "Stale in figures; `./desk cost` writes it anew."


FIGURE = re.compile(r"(\d[\d,]*(?:\.\d+)?)")


def figure(text: str) -> float:
    return float(text.replace(",", ""))


def test_a_ticket_costs_the_sum_of_its_parts(told: Told) -> None:
    plain, filed = (
        sum(dollars(told.units(story)) for story in each) for each in (told.measured.plain, told.measured.filed)
    )
    share = cost_model.WITH_FILE
    assert isclose(dollars(told.life()), plain * (1 - share) + filed * share)
    assert isclose(dollars(told.life()), sum(by_service(told.life()).values()))


def test_every_price_has_its_date_and_source_and_a_doubt_is_shown() -> None:
    text = cost.RECORD.read_text()
    for price in (*PRICES.values(), *cost_model.LIST["peers"].values()):
        assert price["date"] <= cost_model.LIST["gathered"] and price["source"]
        doubted = [each for each in text.splitlines() if price["what"] in each and price["source"] in each]
        assert doubted and (DOUBT in doubted[0]) == (not price.get("confirmed", True))


def test_the_breaker_bounds_what_a_flood_may_cost(told: Told) -> None:
    assert cost_guard.answered_most() == Settings.answers_an_hour * 24
    assert sum(cost_guard.small_flood(told, Desk(2_000)).values()) < 25  # aws-and-data-design.md 4.3
