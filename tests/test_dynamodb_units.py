"""What DynamoDB counts, by the examples of its own guide."""

import pytest

from dev.dynamodb_units import Index, index_writes, item_size, read_units, write_units

LIST = Index("list", "lp", "ls", frozenset({"row"}))


@pytest.mark.parametrize(
    ("item", "size"),
    [
        ({"shirt-color": {"S": "R"}, "shirt-size": {"S": "M"}}, 23),
        ({"b": {"B": "MTIz"}}, 4),  # on the wire in base64, counted as bytes
        ({"pk": {"S": "Жук"}}, 8),  # bytes, not letters
        ({"n": {"N": "27"}}, 1 + 2),  # two digits to a byte, and one more
        ({"n": {"N": "1200"}}, 1 + 2),  # zeros at the ends are not kept
        ({"n": {"N": "0"}}, 1 + 1),
        ({"n": {"N": "-12.5"}}, 1 + 4),
        ({"z": {"B": b"12345"}}, 6),
        ({"b": {"BOOL": True}, "n": {"NULL": True}}, 4),
        ({"l": {"L": [{"S": "ab"}, {"N": "1"}]}}, 1 + 3 + 3 + 3),
        ({"m": {"M": {"a": {"S": "b"}}}}, 1 + 3 + 3),
        ({"s": {"SS": ["ab", "c"]}}, 4),
    ],
)
def test_an_item_is_as_long_as_its_names_and_values(item: dict[str, dict[str, object]], size: int) -> None:
    assert item_size(item) == size


def test_writes_are_counted_by_the_kilobyte_and_twice_in_a_transaction() -> None:
    assert [write_units(size) for size in (0, 1, 1024, 1025, 3500)] == [1, 1, 1, 2, 4]
    assert write_units(1025, transactional=True) == 4


def test_reads_are_counted_by_four_kilobytes_and_half_where_they_may_be_old() -> None:
    assert [read_units(size) for size in (0, 4096, 4097)] == [0.5, 0.5, 1.0]
    assert read_units(4097, consistent=True) == 2.0


def row(**attributes: str) -> dict[str, dict[str, str]]:
    return {name: {"S": value} for name, value in ({"pk": "T#1", "sk": "#"} | attributes).items()}


@pytest.mark.parametrize(
    ("before", "after", "writes"),
    [
        (None, row(), 0),  # not in the index, before or after
        (None, row(lp="O#a", ls="1"), 1),
        (row(lp="O#a", ls="1"), row(lp="O#a", ls="1", rest="x"), 0),  # what it does not hold has changed
        (row(lp="O#a", ls="1"), row(lp="O#a", ls="1", row="x"), 1),
        (row(lp="O#a", ls="1"), row(lp="K#a", ls="1"), 2),  # another place: taken away, and put
        (row(lp="O#a", ls="1"), None, 1),
        (row(lp="O#a", ls="1"), row(), 1),
    ],
)
def test_an_index_is_written_where_its_row_changes(before: object, after: object, writes: int) -> None:
    assert len(list(index_writes(LIST, before, after))) == writes  # type: ignore[arg-type]


def test_a_row_of_an_index_is_counted_by_what_the_index_holds() -> None:
    [(held, units)] = index_writes(LIST, None, row(lp="O#a", ls="1", row="r" * 1100, rest="x" * 9000))
    assert set(held) == {"pk", "sk", "lp", "ls", "row"} and units == 2
