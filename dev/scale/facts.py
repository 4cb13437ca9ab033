"""What is not the desk's own: AWS's quotas, and times and habits that nobody has measured here. Each with its source.

A quota was read in a stored copy of the page named, on READ; what was not found there is marked. What the desk itself sets is read
from where it is set (`infra/`, the constants in chalicelib), so that this table cannot contradict it.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
READ = "28 Nov 2026"
GUIDE = "https://docs.aws.amazon.com"
PLAN = "aws-and-data-design.md"


@dataclass(frozen=True)
class Fact:
    """`confirmed`: the page says so. All others are assumptions, and each limit that rests on one can be no better."""

    value: float
    unit: str
    source: str
    confirmed: bool = False


FACTS = {
    "writes of a partition": Fact(
        1000, "write units/s", f"{GUIDE}/amazondynamodb/latest/developerguide/bp-partition-key-design.html", True
    ),
    "reads of a partition": Fact(
        3000, "read units/s", f"{GUIDE}/amazondynamodb/latest/developerguide/bp-partition-key-design.html", True
    ),
    "writes of a table": Fact(
        40_000, "write units/s", "https://repost.aws/knowledge-center/on-demand-table-throttling-dynamodb", True
    ),
    "writes of a new table": Fact(
        4000, "write units/s", "https://repost.aws/knowledge-center/on-demand-table-throttling-dynamodb", True
    ),
    "writes below a prefix": Fact(3500, "requests/s", "https://repost.aws/knowledge-center/http-5xx-errors-s3", True),
    "mails in 24 hours": Fact(
        50_000,
        "mails",
        "AWS's blog, “All about SES daily quota”: usual at first; AWS states no figure any more, the console has yours",
    ),
    "mails a second": Fact(14, "mails/s", "usual at first; the console has yours"),
    "mails in 24 hours, sandbox": Fact(200, "mails", f"{GUIDE}/ses/latest/dg/quotas.html", True),
    "functions at once": Fact(1000, "functions", f"{GUIDE}/lambda/latest/dg/gettingstarted-limits.html", True),
    "functions at once, new account": Fact(
        10, "functions", "“reduced”, says the page on Lambda's quotas; ten are seen"
    ),
    "requests of an account": Fact(10_000, "requests/s", f"{GUIDE}/apigateway/latest/developerguide/limits.html", True),
    "GetItem": Fact(0.004, "s", "assumed"),
    "BatchGetItem": Fact(0.006, "s", "assumed"),
    "Query": Fact(0.008, "s", "assumed"),
    "PutItem": Fact(0.006, "s", "assumed"),
    "UpdateItem": Fact(0.006, "s", "assumed"),
    "DeleteItem": Fact(0.006, "s", "assumed"),
    "TransactWriteItems": Fact(0.02, "s", "assumed"),
    "GetObject": Fact(0.025, "s", "assumed"),
    "HeadObject": Fact(0.02, "s", "assumed"),
    "ListObjectsV2": Fact(0.05, "s", "assumed"),
    "PutObject": Fact(0.04, "s", "assumed"),
    "CopyObject": Fact(0.05, "s", "assumed"),
    "DeleteObject": Fact(0.025, "s", "assumed"),
    "SendEmail": Fact(0.1, "s", "assumed"),
    "CPU of a story": Fact(0.043, "s", "docs/bench.md: 25 ms for a mail on a whole core; 1,024 MB have 0.58 of one"),
    "a page of a query": Fact(0.06, "s", "assumed: 1 MB"),
    "CPU for a row of a list": Fact(0.0000207, "s", "docs/bench.md: 30 ms for 2,500 rows on a whole core"),
    "an API request": Fact(0.1, "s", f"{PLAN} 2.7: 80 ms, and some for the network"),
    "API requests for a ticket": Fact(30, "requests", f"{PLAN} 2.7"),
    "a batch of the index": Fact(0.37, "s", "docs/bench.md: indexed, published and seen"),
    "CPU to index a ticket": Fact(0.01, "s", "assumed"),
    "index, bytes for a letter": Fact(533, "bytes", "docs/bench.md, a million letters"),
    "reports over a million tickets": Fact(0.196, "s", "docs/bench.md, the slowest"),
    "a question for 500 versions": Fact(0.02, "s", "assumed"),
    "days until an agent closes": Fact(1, "days", "assumed"),
    "months of ten million tickets": Fact(60, "months", "assumed: five years"),
}


def value(name: str) -> float:
    return FACTS[name].value


def functions() -> dict[str, Any]:
    """infra/functions.json."""
    found: dict[str, Any] = json.loads((ROOT / "infra" / "functions.json").read_text())
    return found


def parameter(name: str) -> dict[str, Any]:
    found: dict[str, Any] = functions()["Parameters"][name]
    return found


def concurrency(function: str) -> int:
    """MaximumConcurrency of the queue that the function reads."""
    [event] = functions()["Resources"][function]["Properties"]["Events"].values()
    return int(event["Properties"]["ScalingConfig"]["MaximumConcurrency"])


def together() -> int:
    """Changes that the index function gets at once."""
    [event] = functions()["Resources"]["Index"]["Properties"]["Events"].values()
    return int(event["Properties"]["BatchSize"])


def throttle() -> int:
    [method] = functions()["Resources"]["RestAPI"]["Properties"]["MethodSettings"]
    return int(method["ThrottlingRateLimit"])


def time_out(function: str) -> int:
    """Seconds, by .chalice/config.json."""
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    return int(config["stages"]["prod"]["lambda_functions"][function]["lambda_timeout"])
