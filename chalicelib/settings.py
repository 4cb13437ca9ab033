"""The environment, read once; a wrong value is refused at cold start. Only here are the names of variables."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

GENERATORS = ("Damm", "AutoIncrement", "Date", "DateChecksum", "Random")


@dataclass(frozen=True)
class Settings:
    """Where the desk lives. `origin` is the site's address without a last slash, `hook` the word before a number,
    `site` what CloudFront adds to its requests, so that nobody else is believed about whose they are (empty: nobody is).
    `measured`: somebody collects what the log measures. `zone`: where the desk's days begin and end. `search`: the address of
    OpenSearch, empty for the engine of our own. `answers_an_hour`: automatic answers of the whole desk, to anybody; whatever is
    going on then, more would make it worse. `closings_a_day`: by themselves; a wrong setting must not empty the desk overnight.
    """

    table: str
    bucket: str
    domain: str
    user_pool: str
    user_pool_client: str
    configuration_set: str
    origin: str
    site: str
    hook: str
    numbers: str
    system_id: str
    zone: str = "UTC"
    search: str = ""
    answers_an_hour: int = 1000
    closings_a_day: int = 500
    measured: bool = False

    @property
    def secure(self) -> bool:
        """Cookies are Secure everywhere but on the laptop."""
        return self.origin.startswith("https://")


@cache
def settings() -> Settings:
    return read(os.environ)


def read(environment: Mapping[str, str]) -> Settings:
    """Raises ValueError with the name of the variable that is missing or wrong."""
    found = Settings(
        table=needed(environment, "OTKLIK_TABLE"),
        bucket=needed(environment, "OTKLIK_BUCKET"),
        domain=needed(environment, "OTKLIK_DOMAIN").lower(),
        user_pool=environment.get("OTKLIK_USER_POOL", ""),
        user_pool_client=environment.get("OTKLIK_USER_POOL_CLIENT", ""),
        configuration_set=environment.get("OTKLIK_CONFIGURATION_SET", ""),
        origin=environment.get("OTKLIK_ORIGIN", "").rstrip("/"),
        site=environment.get("OTKLIK_SITE", ""),
        hook=environment.get("OTKLIK_HOOK", "Ticket#"),
        numbers=environment.get("OTKLIK_NUMBERS", "Damm"),
        system_id=environment.get("OTKLIK_SYSTEM_ID", "10"),
        zone=environment.get("OTKLIK_ZONE", "") or "UTC",
        search=environment.get("OTKLIK_SEARCH", "").rstrip("/"),
        answers_an_hour=whole(environment, "OTKLIK_ANSWERS_AN_HOUR", 1000),
        closings_a_day=whole(environment, "OTKLIK_CLOSINGS_A_DAY", 500),
        measured="AWS_LAMBDA_FUNCTION_NAME" in environment,
    )
    if found.numbers not in GENERATORS:
        raise ValueError(f"OTKLIK_NUMBERS must be one of {', '.join(GENERATORS)}, not {found.numbers!r}.")
    if not re.fullmatch(r"[a-z0-9.-]+", found.domain):
        raise ValueError(f"OTKLIK_DOMAIN must be a domain, not {found.domain!r}.")
    try:
        ZoneInfo(found.zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"OTKLIK_ZONE must be a time zone such as Europe/Berlin, not {found.zone!r}.") from None
    if found.search and not found.search.startswith("https://"):
        raise ValueError("OTKLIK_SEARCH must be the https:// address of OpenSearch, or empty.")
    if not re.fullmatch(r"\d{1,5}", found.system_id):
        raise ValueError(f"OTKLIK_SYSTEM_ID must be a number of at most five digits, not {found.system_id!r}.")
    return found


def answers_requests() -> bool:
    """Whether this process is to answer the API's requests: all but the functions that Lambda starts by another handler."""
    return os.environ.get("_HANDLER", "app.app") == "app.app"


def needed(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise ValueError(f"The environment variable {name} is missing.")
    return value


def whole(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name, "").strip() or str(default)
    if not re.fullmatch(r"\d{1,9}", value):
        raise ValueError(f"{name} must be a whole number, not {value!r}.")
    return int(value)
