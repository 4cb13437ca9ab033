"""The API: a blueprint for each audience, without the prefix /api, which is the name of the stage."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib import (
    doors,
    routes_admin,
    routes_agent,
    routes_customer,
    routes_files,
    routes_health,
    routes_links,
    routes_mails,
    routes_reports,
    routes_search,
    routes_session,
)

AUDIENCES = (
    routes_session,
    routes_agent,
    routes_links,
    routes_search,
    routes_reports,
    routes_mails,
    routes_customer,
    routes_files,
    routes_admin,
    routes_health,
)


def attach(app: Any, clock: Callable[[], datetime]) -> None:
    """To a Chalice app; `clock` is the desk's now."""
    doors.clock = clock
    app.register_middleware(doors.in_our_form, "http")
    for each in AUDIENCES:
        app.register_blueprint(each.blueprint)
