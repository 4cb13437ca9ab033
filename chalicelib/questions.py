"""What may be asked of a list: the parameters behind the question mark. Nothing is clamped, nothing unknown is let pass."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from chalicelib.desk_lists import SORTS
from chalicelib.models import Email, State
from chalicelib.search.engine import RELEVANCE
from chalicelib.search.schema import SORTS as SEARCH_SORTS


def digits(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{1,9}", value):
        raise ValueError("must be a number")
    return value


def known_states(values: list[str]) -> list[str]:
    known = {*State.__args__, "closed", "pending"}  # type: ignore[attr-defined]
    found = [state.strip() for value in values for state in value.split(",")]
    if wrong := next((state for state in found if state not in known), None):
        raise ValueError(f"there is no state “{wrong[:40]}”")
    return found


def known_sort(value: str) -> str:
    if value.removeprefix("-") not in (*SORTS, "closed_at"):
        raise ValueError("must be a field of the row, with - before it for descending")
    return value


def known_search_sort(value: str) -> str:
    if value != RELEVANCE and value.removeprefix("-") not in SEARCH_SORTS:
        raise ValueError("must be relevance or a column, with - before it for descending")
    return value


class Query(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Listed(Query):
    """Part of every list."""

    limit: Annotated[int, BeforeValidator(digits), Field(ge=1, le=200)] = 50
    cursor: Annotated[str, StringConstraints(min_length=1, max_length=2000)] | None = None


class TicketsWanted(Listed):
    """`queue` (a full name) and `state` may come several times; `closed` and `pending` stand for their states."""

    queue: list[str] = []
    state: Annotated[list[str], AfterValidator(known_states)] = []
    owner: Annotated[str, StringConstraints(min_length=1, max_length=128)] | None = None
    lock: Literal["locked", "unlocked", "free", "mine"] | None = None
    priority: Annotated[int, BeforeValidator(digits), Field(ge=1, le=5)] | None = None
    tag: Annotated[str, StringConstraints(min_length=1, max_length=60)] | None = None
    customer: Email | None = None
    sort: Annotated[str, AfterValidator(known_sort)] | None = None
    changed_since: AwareDatetime | None = None


class CustomersWanted(Listed):
    q: Annotated[str, StringConstraints(max_length=200)] = ""


class SearchWanted(Listed):
    """`q` is the search box; `sort` a column or relevance."""

    q: Annotated[str, StringConstraints(max_length=2000)] = ""
    sort: Annotated[str, AfterValidator(known_search_sort)] = "relevance"


class OwnSearchWanted(Listed):
    q: Annotated[str, StringConstraints(max_length=2000)] = ""


class SuggestWanted(Query):
    prefix: Annotated[str, StringConstraints(max_length=60)] = ""
    field: Literal["text", "queue", "state", "owner", "tag", "customer"] = "text"


class SimilarWanted(Query):
    limit: Annotated[int, BeforeValidator(digits), Field(ge=1, le=20)] = 5


class ReportWanted(Query):
    """`from` and `to`: days of the desk, both included; `queue` (a full name) may come several times; `by=queue` tells each apart."""

    from_: date | None = Field(None, alias="from")
    to: date | None = None
    queue: list[str] = []
    by: Literal["queue"] | None = None
    format: Literal["json", "csv"] = "json"


class Anything(Query):
    """For what is not built yet."""

    model_config = ConfigDict(extra="allow", frozen=True, defer_build=True)


class TakeoverWanted(Query):
    takeover: Literal["true", "false", "1", "0"] | None = None
    unused: Annotated[int, BeforeValidator(digits), Field(ge=0, le=2**31)] | None = None
