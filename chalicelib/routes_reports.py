"""Reports: the owner's questions as figures, for the screen and for spreadsheets; and what an hour of work costs."""

from dataclasses import replace
from typing import Any

from chalice.app import Blueprint

from chalicelib import config, log, shown
from chalicelib.doors import ADMIN, AGENT, Asked, Door, Reply
from chalicelib.errors import Refused
from chalicelib.settings import settings

blueprint = Blueprint(__name__)
door = Door(blueprint, AGENT)


@door("GET", "/reports/{name}", query="ReportWanted", answer="Report")
def report(asked: Asked) -> dict[str, Any] | Reply:
    """days, backlog, times, hours, outcomes, topics, customers or work; with `Accept: text/csv` or `format=csv` as a sheet."""
    from chalicelib.figures import report, sheet
    from chalicelib.search.engine import Away

    query, name = asked.query, asked.values["name"]
    try:
        period, table = report.report(
            name, asked.by, query.from_, query.to, query.queue, query.by == "queue", asked.now
        )
    except Away:
        message = "The figures cannot be counted just now; please try again in a moment."
        raise Refused(message, code="search_away") from None
    if asked.sheet or query.format == "csv":
        text = sheet.text([column.name for column in table.columns], table.rows)
        file = f"{name}-{period.first}-{period.last}.csv"
        headers = {"Content-Type": "text/csv; charset=utf-8", "Content-Disposition": f'attachment; filename="{file}"'}
        return Reply(text, headers=headers)
    return {
        "name": name,
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "zone": settings().zone,
        "columns": [{"name": column.name, "kind": column.kind} for column in table.columns],
        "rows": [list(row) for row in table.rows],
        "finds": [list(finds) for finds in table.finds],
        "about": table.about,
        "currency": table.currency,
    }


@door("GET", "/admin/settings/reports", who=ADMIN, answer="RatesShown")
def rates(asked: Asked) -> dict[str, Any]:
    """What an hour of work costs, and where figures go by themselves."""
    return dict(shown.plain(config.config().rates))


@door("PUT", "/admin/settings/reports", who=ADMIN, body="RatesSet", answer="RatesShown")
def put_rates(asked: Asked) -> dict[str, Any]:
    """Changes what is named. Whoever gets figures by mail need not be an agent."""
    changes = {each: getattr(asked.body, each) for each in asked.body.model_fields_set}
    if wrong := next((each for each, value in changes.items() if value is None), None):
        raise Refused(f"{wrong} cannot be empty.", code="malformed", fields={wrong: "cannot be empty"})
    unknown = set(changes.get("agents", {})) - set(config.config().agents)
    if unknown:
        message = f"There is no agent {', '.join(sorted(unknown))}."
        raise Refused(message, code="malformed", fields={"agents": "names somebody who is no agent"})
    config.put_rates(replace(config.config().rates, **changes))
    log.event("rates_put", by=asked.by.login, fields=sorted(changes))
    return dict(shown.plain(config.config().rates))
