"""What a list costs that is sorted by a column of which the table knows nothing: a part of `./desk bench search`."""

import time
from datetime import UTC, datetime

from dev.bench_letters import Words

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TICKETS = 2500  # of a queue


def lists() -> dict[str, tuple[float, float]]:
    """A queue of 2,500 open tickets, sorted by its subjects: queries, and CPU that is not botocore's or the cloud's."""
    from dev.cloud import fake_cloud

    with fake_cloud():
        from chalicelib import config, desk_lists, seeds, store, table, ticket
        from chalicelib.access import Agent
        from chalicelib.article import Address

        for queue in seeds.queues("desk.localhost"):
            config.put_queue(queue)
        words, support = Words(5), config.config().queues["support"]
        rows = []
        for n in range(TICKETS):
            opened = ticket.open_new(
                f"2026{n:011d}", " ".join(words.draw(6)), support, Address(f"c{n}@firm.example", "Carla Conti"), NOW
            )
            table.put(store.ticket_item(opened))
        rows = list(table.query("O#support", index="list"))
        ann = Agent("ann", "Ann", "", rights={"support": "write"})
        queries: list[str] = []
        table.client().meta.events.register("before-call.dynamodb.Query", lambda **_: queries.append("query"))
        desk_lists.lists.open_rows(["support"])
        desk_lists.lists.table.query = lambda *_, **__: iter(rows)  # type: ignore[assignment]
        desk_lists.records.seen = lambda login: {}  # type: ignore[assignment]
        began = time.process_time()
        desk_lists.tickets(ann, desk_lists.Wanted(queues=("Support",), sort="title"), NOW)
        cpu = (time.process_time() - began) * 1000
        size = (
            sum(
                len(name) + len(str(value)) if name != "row" else 3 + len(value)
                for row in rows
                for name, value in row.items()
            )
            / 1e6
        )
        return {"sort_2500_cpu_ms": (cpu, 100), "sort_2500_queries": (len(queries), 1), "sort_2500_rows_mb": (size, 1)}
