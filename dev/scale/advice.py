"""What happens when a limit is reached, and what to turn. One entry for each limit; a limit without one fails the run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Advice:
    """`turn`: settings, constants and quotas by their names; `names`: (file, word) that must be there, so that it stays true."""

    then: str
    turn: str
    names: tuple[tuple[str, str], ...] = ()


LETTERS_WAIT = "Letters wait in SQS (14 days) and in `in/`; none is lost, `MailLateAlarm` rings."
BACK_PRESSURE = (
    "DynamoDB throttles the table because of its index: writes are tried four times, then letters go back to SQS, "
    "and agents are told to try again. Nothing is half written."
)
ADVICE = {
    "automatic answers": Advice(
        "No automatic answer leaves for the rest of the hour; tickets are made all the same. On purpose: it is what ends a mail storm.",
        "`--set AnswersAnHour=N`, with SES's quota in mind.",
        (("infra/functions.json", '"AnswersAnHour"'), ("dev/aws/deploy.py", '"AnswersAnHour"')),
    ),
    "closings by themselves": Advice(
        "The others are held back for a day, and again each day: the open lists grow, and each of them is a timer every day. On "
        "purpose: a wrong setting must not empty the desk overnight.",
        "`--set ClosingsADay=N`; or queues whose `state_after_reply` is `closed successful`.",
        (("infra/functions.json", '"ClosingsADay"'), ("chalicelib/queues.py", "state_after_reply")),
    ),
    "SES, a day": Advice(
        "SES refuses; each mail is due again after 2, 4, ... 64 minutes, for about a day (24 times), then it has failed and stands in the outbox.",
        "SES console: ask for more mails in 24 hours, before the mail comes. Queues need not answer automatically (`auto_responses`).",
        (("chalicelib/outgoing.py", "MOST_ATTEMPTS"), ("chalicelib/queues.py", "auto_responses")),
    ),
    "SES, a second": Advice(
        "As for the day: what was refused leaves some minutes later, by the tick, in the order of the shards.",
        "SES console: ask for a higher sending rate.",
    ),
    "SES, sandbox": Advice(
        "As for the day; and only to addresses that you have verified.",
        "SES console: “Request production access” (infra/README.md, step 5), before anything else.",
        (("infra/README.md", "Request production access"),),
    ),
    "API Gateway": Advice("As for the desk's own throttle.", "Service Quotas, API Gateway, “Throttle rate”."),
    "counts beside the queues": Advice(
        "Whoever looks at the desk makes one of them count: all open tickets of all queues are read. Above 25,000 the counts are older "
        "(100,000: 20 s; a million: three minutes); above about a million nobody comes to an end of it, and they stay as they are.",
        "As for the list. `OFTEN` in `chalicelib/lists.py` for how often.",
        (("chalicelib/lists.py", "OFTEN"),),
    ),
    "list of the fullest queue": Advice(
        "A list is read whole so that every column sorts right: 2,500 tickets are a page, a million are half a minute, and then the API gives up (504). "
        "Mail, answers and search go on.",
        "Fewer open tickets: `auto_close_days`, closing with the reply, several queues. Beyond that lists must show the newest only "
        "(docs/decisions/0014-scale.md).",
        (("chalicelib/queues.py", "auto_close_days"),),
    ),
    "ticket numbers of a day": Advice(
        "A number that is taken is drawn again, eight times; then the letter goes back to SQS. From about half a million tickets a day one letter in a hundred does, at a "
        "million nearly all, and after five attempts they are dead letters: safe in `in/`, taken in after midnight (`./desk redrive`, or the sweep).",
        "`--set Numbers=Random` (ten digits) or `AutoIncrement` (a counter in a write of its own, 1,000 a second).",
        (("infra/functions.json", '"Numbers"'), ("infra/functions.json", "AutoIncrement")),
    ),
    "timers": Advice(
        "What is due waits for the next minutes: reminders, closings, locks that ran out, mails that SES refused. `TimersLateAlarm` rings.",
        "More memory for `tick` in `.chalice/config.json` (a half of it is CPU); `limit` of `due_keys` and `SHARDS`; beyond that a tick for each shard.",
        ((".chalice/config.json", '"tick"'), ("chalicelib/store.py", "SHARDS"), ("chalicelib/outbox.py", "limit")),
    ),
    "search follows": Advice(
        "Search and reports are late. After an hour the stream's records are given up, and the hourly sweep finds the tickets; a sweep that "
        "is never done stays behind. The desk itself notices nothing.",
        "One writer is the design (a conditional PUT), so not the concurrency of `Index`: `--set Search=https://...` and `SearchArn` (OpenSearch), then "
        "`ParallelizationFactor` up to 10.",
        (("infra/functions.json", '"SearchArn"'),),
    ),
    "API requests": Advice(
        "429, “Too many requests; please wait a little”: pages try again. `ApiThrottlesAlarm` rings.",
        "`ThrottlingRateLimit` and `ThrottlingBurstLimit` in `infra/functions.json`; 10,000 a second are the account's.",
        (("infra/functions.json", "ThrottlingRateLimit"),),
    ),
    "API functions": Advice(
        "Requests are refused, pages try again; `ApiThrottlesAlarm` rings. Mail is not touched.",
        "`--set ApiConcurrency=N`.",
        (("infra/functions.json", "ApiConcurrency"),),
    ),
    "functions that take mail in": Advice(
        f"{LETTERS_WAIT} It is what protects everything behind it.",
        "`MaximumConcurrency` of `TakeIn` in `infra/functions.json` (2 to 1,000; tests/test_template.py wants at most 20).",
        (("infra/functions.json", "MaximumConcurrency"),),
    ),
    "functions that hear SES": Advice(
        "News of mails wait in SQS: “sent” and “delivered” show late.",
        "`MaximumConcurrency` of `SesEvents` in `infra/functions.json`.",
        (("infra/functions.json", "SesEvents"),),
    ),
    "Lambda": Advice(
        f"All functions of the account wait for each other. {LETTERS_WAIT}",
        "Service Quotas, Lambda, “Concurrent executions”; `MaximumConcurrency` keeps mail from taking everything.",
    ),
    "Lambda, new account": Advice(
        f"All functions wait for each other, and none can have some for itself. {LETTERS_WAIT}",
        "Service Quotas, Lambda, “Concurrent executions”: ask for 1,000, then deploy again.",
    ),
    "objects below in/": Advice(
        "S3 answers “Slow Down”; SES tries for four hours, functions four times. S3 splits a busy prefix by itself within an hour.",
        "Nothing in the desk. Growing slowly is enough.",
    ),
    "table": Advice(
        "Writes are throttled: letters go back to SQS, agents are told to try again.",
        "Service Quotas, DynamoDB, “Table-level write throughput limit”.",
    ),
    "new table": Advice(
        "The same, until the table has grown: it gives twice its last peak, within half an hour.",
        "Let mail grow by no more than twice in half an hour, or set the table's warm throughput before a move.",
    ),
    "writes: list O#{queue}": Advice(
        f"{BACK_PRESSURE} Every letter, lock, reply and closing of the queue writes here.",
        "Several queues instead of one; beyond that `O#` with a shard as `D#` has (store.py, lists.py; docs/decisions/0014-scale.md).",
        (("chalicelib/store.py", "O#{ticket.queue}"),),
    ),
    "writes: list K#{queue}": Advice(
        f"{BACK_PRESSURE} Closings only.", "Several queues.", (("chalicelib/store.py", "K#{ticket.queue}"),)
    ),
    "writes: due X#{shard}": Advice(
        f"{BACK_PRESSURE} Mails that leave only: put, claimed (two writes) and settled make four.",
        "`SHARDS` in `chalicelib/store.py`: more can be added at any time, fewer only when the outbox is empty and no timer is set.",
        (("chalicelib/store.py", "SHARDS"),),
    ),
    "writes: due D#{shard}": Advice(f"{BACK_PRESSURE} Timers only.", "`SHARDS` in `chalicelib/store.py`."),
    "writes: table CUSTOMERS": Advice(
        "DynamoDB splits the partition by the address, by itself, within minutes; until then first letters go back to SQS.",
        "Nothing.",
        (("chalicelib/letters.py", "CUSTOMERS"),),
    ),
    "reads: table CUSTOMERS": Advice(
        "As for its writes: every letter reads its sender. It is throttled earlier while somebody looks for a customer, who reads all of them.",
        "Nothing.",
    ),
    "writes: customer C#{customer}": Advice(
        f"{BACK_PRESSURE} Of one customer only.",
        "Nothing: the one who writes so much is a program.",
    ),
    "writes: table T#{number}": Advice(
        "A mail loop in one ticket: its letters wait for each other, eight times, then they go back to SQS.",
        "Nothing: no automatic answer feeds it (one an hour), and other tickets do not notice.",
    ),
    "writes: table R#closings#{window}": Advice(
        "One item, which is never split. Its own cap is reached long before.", "Nothing."
    ),
    "writes: table SAME#{sender}": Advice("Of one customer only.", "Nothing."),
    "reads: table SAME#{sender}": Advice("Of one customer only: at most a hundred rows are read.", "Nothing."),
    "writes: table R#answers#{customer}#{window}": Advice("Of one customer only, one item a day.", "Nothing."),
    "index on the disk of a function": Advice(
        "The functions have no room for a copy: search is away, the lists of open tickets work.",
        "`--set IndexDisk=N` (MB, at most 10,240).",
        (("infra/functions.json", "IndexDisk"),),
    ),
    "index on the largest disk": Advice(
        "The same, and there is no larger disk. Reports, too, come from this index.",
        "`--set Search=...` (OpenSearch; never tried against a server), or an index in parts, by year.",
        (("infra/functions.json", '"Search"'),),
    ),
    "a report over all": Advice("Reports take longer, evenly.", "Ask for a shorter time."),
    "the night compares all": Advice(
        "The function is ended, the next night begins anew: what the stream has lost among old closed tickets is not found, and bundles of the index "
        "that nobody needs are not deleted. The hourly look at open and lately closed ones goes on.",
        "A part each night (docs/decisions/0014-scale.md).",
        (("chalicelib/search/indexing.py", "NIGHT"),),
    ),
    "facts for Athena, one month changed": Advice(
        "The function is ended before the months are written; only where the facts are switched on.",
        "Switch them off; let DynamoDB export the table to S3.",
    ),
    "a customer is looked for": Advice(
        "504 where agents look for a customer by name; the address of a known one works.",
        "Customers in the search index instead of one partition (docs/decisions/0014-scale.md).",
        (("chalicelib/desk_lists.py", "CUSTOMERS"),),
    ),
    "closed tickets, a page of 50": Advice("Nothing: a page is a page.", "Nothing."),
    "./desk export": Advice(
        "It takes days, and goes on where it was. Letters are fetched one by one.",
        "DynamoDB's own export to S3, and replication of the bucket; the desk's export for smaller ones.",
    ),
    "./desk reindex": Advice(
        "It takes days, and begins anew when interrupted; the old index answers meanwhile.",
        "From within the region (each ticket is one read); beyond the largest disk OpenSearch anyway.",
    ),
}


def about(key: str) -> Advice:
    """Raises KeyError: a limit that nobody knows what to do about has no place on the page."""
    return ADVICE[key]
