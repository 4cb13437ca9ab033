"""Frozen dataclasses to plain JSON values and back. The shape is declared once, in the dataclass."""

import types
import zlib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")

# What all rows of lists have in common, in its order (store.ROW): each is squeezed against it, so that a queue of 2,500 tickets is
# less than the megabyte of one query. It never changes: what was squeezed against it would be lost.
ALIKE = (
    b'":null,"@example.com"},"pending reminder","pending auto close+","closed successful","closed unsuccessful","2026-11-2T:00.000000Z'
    b'{"number":"20261","title":"Re: ","queue":"support","state":"open","priority":3,"owner":null,"responsible":null,"lock":null,'
    b'"customer":{"email":"","name":""},"created":"2026-11-","changed":"2026-11-","pending_until":null,"closed_at":null,"due":null,'
    b'"article_count":2,"last_customer_seq":1,"news_seq":1,"tags":[],"version":1,"time_units":0}'
)


def pack(value: Any) -> Any:
    """Plain JSON values; what has its default is left out of a dataclass. Sets come out sorted."""
    if is_dataclass(value) and not isinstance(value, type):
        found = ((name, getattr(value, name), default) for name, default in defaults(type(value)))
        return {name: pack(item) for name, item, default in found if item != default}
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): pack(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(pack(item) for item in value)
    if isinstance(value, (list, tuple)):
        return [pack(item) for item in value]
    return value


def instant(moment: datetime) -> str:
    """ISO 8601 in UTC, always of the same width, so that it sorts as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@cache
def defaults(shape: type) -> tuple[tuple[str, Any], ...]:
    """Each field with its default; MISSING (equal to nothing else) where it has none."""
    return tuple(
        (each.name, each.default_factory() if each.default_factory is not MISSING else each.default)
        for each in fields(shape)
    )


def unpack(shape: type[T], value: Any) -> T:
    """The dataclass that `pack` made `value` of. Unknown keys are dropped: a newer release may have written them."""
    found: T = reader(shape)(value)  # type: ignore[arg-type]
    return found


@cache
def reader(shape: Any) -> Callable[[Any], Any]:
    if is_dataclass(shape) and isinstance(shape, type):
        return dataclass_reader(shape)
    if shape is datetime:
        return datetime.fromisoformat
    if shape is date:
        return date.fromisoformat
    if get_origin(shape) in (Union, types.UnionType):
        inner = reader(next(arg for arg in get_args(shape) if arg is not types.NoneType))
        return lambda value: None if value is None else inner(value)
    return collection_reader(shape)


def dataclass_reader(shape: type) -> Callable[[Any], Any]:
    hints = get_type_hints(shape)
    readers = {each.name: reader(hints[each.name]) for each in fields(shape)}

    def read(value: Mapping[str, Any]) -> Any:
        return shape(**{name: readers[name](item) for name, item in value.items() if name in readers})

    return read


def collection_reader(shape: Any) -> Callable[[Any], Any]:
    origin, args = get_origin(shape), get_args(shape)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        each = reader(args[0])
        return lambda value: tuple(each(item) for item in value)
    if origin is tuple:
        several = [reader(arg) for arg in args]
        return lambda value: tuple(read(item) for read, item in zip(several, value, strict=True))
    if origin is frozenset:
        member = reader(args[0])
        return lambda value: frozenset(member(item) for item in value)
    if origin is not None and issubclass(origin, Mapping):
        key, item_reader = args[0], reader(args[1])
        return lambda value: {key(name): item_reader(item) for name, item in value.items()}
    return lambda value: value


def squeezed(text: str) -> bytes:
    """A row of a list, at a third of its size."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=ALIKE)
    return squeezer.compress(text.encode()) + squeezer.flush()


def expanded(row: str | bytes) -> str:
    """The text again; rows of older desks were not squeezed. Raises zlib.error."""
    return row if isinstance(row, str) else zlib.decompressobj(-zlib.MAX_WBITS, zdict=ALIKE).decompress(row).decode()
