"""`./desk simulate`: every write that the desk makes is known, none gets lost on the way, and docs/scale.md says what comes out."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dev import simulate
from dev.cloud import Cloud
from dev.dynamodb_units import Index
from dev.scale import advice, distribution, keys, limits, million, result, stories, traffic
from dev.scale.keys import Template, Touch, UnknownKey
from dev.scale.page import page
from dev.scale.recording import MAILS, OBJECTS, READS, WRITES, Call, Change, Recorder, UnknownCall
from dev.scale.stories import Told

ROOT = Path(__file__).parent.parent
SIGNING = {"generate_presigned_url", "generate_presigned_post", "get_paginator"}  # nothing is asked by these
SELDOM = {"describe_continuous_backups"}  # once an hour
WRITTEN = r'"pk": f?"([A-Z]+)|table\.(?:update|delete)\(\s*f?"([A-Z]+)|key=\(f?"([A-Z]+)|pk = f"([A-Z]+)#|return f"([A-Z]+)#\{'


@pytest.fixture(scope="module")
def found(one_cloud: Cloud) -> result.Result:
    """What the page is made of."""
    return simulate.found(simulate.RATES, None, simulate.SEED)


@pytest.fixture(scope="module")
def templates(found: result.Result) -> dict[str, Template]:
    return dict(found.scenes[0].templates)


def source() -> str:
    return "".join(path.read_text() for path in sorted((ROOT / "chalicelib").rglob("*.py")))


# -- what is recorded


def test_whatever_the_desk_asks_of_table_bucket_and_mail_is_counted() -> None:
    asked = set()
    for name in ("table", "records", "files", "outgoing"):
        asked |= set(re.findall(r"client\(\)\.(\w+)", (ROOT / "chalicelib" / f"{name}.py").read_text()))
    operations = {"".join(map(str.capitalize, name.split("_"))) for name in asked - SIGNING - SELDOM}
    assert operations <= {*WRITES, *READS, *OBJECTS, *MAILS}


def test_a_call_of_which_nothing_is_known_stops_the_recording() -> None:
    with pytest.raises(UnknownCall, match="BatchWriteItem"):
        Recorder().hear(lambda name, asked: {}, "BatchWriteItem", {})


def test_every_kind_of_item_that_the_desk_writes_is_in_a_story_or_known_to_be_rare(
    templates: dict[str, Template],
) -> None:
    kinds = {next(filter(None, groups)) for groups in re.findall(WRITTEN, source())}
    told = {each.pk.split("#")[0] for of in templates.values() for each in of.touches if each.units}
    assert {"T", "M", "SEEN", "I", "R", "QS", "CUSTOMERS"} <= kinds & told
    within_a_ticket = {"A"}
    assert kinds - told - set(stories.RARE) == within_a_ticket
    assert not told & set(stories.RARE)


def told_by(number: str, pk: str) -> Told:
    item = {"pk": {"S": pk}, "sk": {"S": "#"}}
    call = Call("PutItem", (Change((pk, "#"), None, item),))
    return Told("a story", (call,), {number: "number"})


def test_a_part_of_a_key_that_belongs_to_nobody_known_stops_the_simulation() -> None:
    assert keys.template([told_by("1", "T#1"), told_by("2", "T#2")], []).touches[0].pk == "T#{number}"
    with pytest.raises(UnknownKey, match="a story"):
        keys.template([told_by("1", "Z#alpha"), told_by("2", "Z#beta")], [])


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("T#202611231234567", "T#{number}"),
        ("D#5", "D#{shard}"),
        ("D#ann#reply", "D#ann#reply"),  # a draft's sort key, not a shard
        ("2026-11-23T10:00:00.000000Z#202611231234567#2", "{time}#{number}#2"),
        ("M#*#0123456789abcdef0123456789abcdef", "M#*#{unique}"),
        ("R#closings#20788", "R#closings#{window}"),
    ],
)
def test_keys_become_templates(key: str, name: str) -> None:
    assert keys.named(key, {"202611231234567": "number"}) == name


def test_a_story_costs_its_table_and_its_indexes() -> None:
    item = {"pk": {"S": "T#1"}, "sk": {"S": "#"}, "lp": {"S": "O#support"}, "ls": {"S": "1"}, "rest": {"S": "x" * 1500}}
    call = Call("TransactWriteItems", (Change(("T#1", "#"), None, item),))
    told = Told("a story", (call,), {"1": "number", "support": "queue"})
    made = keys.template([told], [Index("list", "lp", "ls")])
    assert made.touches == (
        Touch("table", "T#{number}", "#", 4, transaction=1),
        Touch("list", "O#{queue}", "{number}", 1),
    )


# -- traffic


def test_what_the_partitions_get_is_what_all_stories_write(found: result.Result) -> None:
    for scene in found.scenes:
        written = sum(scene.templates[name].units * many for name, many in scene.heat.events.items())
        assert scene.heat.total() == written > 0


def test_one_seed_gives_one_run(templates: dict[str, Template]) -> None:
    runs = [traffic.run(templates, 20, 2, seed, traffic.MIX) for seed in (1, 1, 2)]
    assert runs[0].written == runs[1].written != runs[2].written


def test_a_key_that_all_stories_share_is_found(templates: dict[str, Template]) -> None:
    hot = replace(templates[stories.OPENED], touches=(Touch("table", "ALL", "#", 3, transaction=1),))
    heat = traffic.run(templates | {stories.OPENED: hot}, 50, 4, 1, traffic.MIX)
    first = traffic.hottest(heat, heat.written)[0]
    assert (first.place, first.key) == ("table", "ALL")
    assert first.mean == 3 * heat.events[stories.OPENED] / 4
    assert traffic.shared_between_tickets(heat) == ["ALL | #"]
    assert result.splits({"x": hot}, "table", "ALL").startswith("no")


def test_no_transaction_of_the_desk_touches_what_another_ticket_touches(found: result.Result) -> None:
    assert [traffic.shared_between_tickets(scene.heat) for scene in found.scenes] == [[], [], []]


def test_letters_wait_for_a_function_that_is_free() -> None:
    assert traffic.waits([(0, 2), (1, 2), (1, 2)], 1) == [0, 1, 3]
    assert traffic.waits([(0, 2), (1, 2), (1, 2)], 3) == [0, 0, 0]


# -- numbers


def test_numbers_of_all_generators_spread_evenly(found: result.Result) -> None:
    assert all(shards.fair and parts.fair for shards, parts, _ in found.generators.values())
    assert not distribution.spread([0] * 90 + [1] * 10, 8).fair
    assert 900_000 < found.generators["Damm"][2] < 1_100_000  # six digits


# -- limits and the page


def test_limits_come_in_order_and_each_has_its_words(found: result.Result) -> None:
    for scene in found.scenes:
        shares = [each.share for each in limits.limits(scene)]
        assert shares == sorted(shares, reverse=True)
    every = [limits.limits(scene) for scene in found.scenes] + [million.limits(found.weight, found.customer)]
    assert {each.key for some in every for each in some} <= set(advice.ADVICE)


def test_what_is_to_be_turned_is_where_the_page_says() -> None:
    for each in advice.ADVICE.values():
        for file, word in each.names:
            assert word in (ROOT / file).read_text(), f"{word} is not in {file}"


def test_ten_times_the_mail_is_ten_times_the_load(found: result.Result) -> None:
    ten, hundred, _ = ({each.key: each.load for each in limits.limits(scene)} for scene in found.scenes)
    for key in ("SES, a day", "list of the fullest queue", "functions that take mail in", "table"):
        assert hundred[key] / ten[key] == pytest.approx(10, rel=0.1)


def test_the_page_says_what_the_simulation_gives_now(found: result.Result) -> None:
    committed = simulate.PAGE.read_text(encoding="utf-8")
    assert committed == page(found), "./desk simulate writes docs/scale.md anew"


def test_for_scripts_there_is_one_line(
    found: result.Result, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(simulate, "found", lambda *asked: found)
    assert simulate.main(["--json"]) == 0
    [line] = capsys.readouterr().out.splitlines()
    told: dict[str, Any] = json.loads(line)
    assert list(told["rates"]) == ["10", "100", "1000"]
    assert told["tickets"][0]["share"] > 1


def test_another_run_than_the_pages_leaves_the_page_alone(
    found: result.Result, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(simulate, "found", lambda *asked: found)
    monkeypatch.setattr(simulate, "PAGE", tmp_path / "scale.md")
    simulate.main(["--seed", "7"])
    assert not simulate.PAGE.exists()
    simulate.main([])
    assert simulate.PAGE.exists()
