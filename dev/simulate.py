"""`./desk simulate`: which limit comes first at 10, 100 and 1,000 mails a second and with ten million tickets, in docs/scale.md.

The desk's own stories, recorded on the fake cloud, make seconds of traffic under keys that are drawn anew (dev/scale). With
other rates, seconds or another seed than the page's the result is only printed.
"""

import argparse
import io
import json
import sys
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

from dev.cloud import fake_cloud
from dev.dynamodb_units import indexes
from dev.scale import million
from dev.scale.limits import Limit, limits
from dev.scale.page import page
from dev.scale.result import Result, simulated
from dev.template import template

PAGE = Path(__file__).parent.parent / "docs" / "scale.md"
RATES, SEED = [10.0, 100.0, 1000.0], 2026


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./desk simulate", description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--rate", type=float, nargs="+", default=RATES, metavar="N", help="mails a second")
    parser.add_argument("--seconds", type=int, default=None, metavar="N", help="of traffic, at each rate")
    parser.add_argument("--json", action="store_true", help="one line, and no page")
    asked = parser.parse_args(arguments)
    result = found(asked.rate, asked.seconds, asked.seed)
    if asked.json:
        print(json.dumps(told(result)))
        return 0
    text = page(result)
    if (asked.rate, asked.seconds, asked.seed) == (RATES, None, SEED):
        PAGE.write_text(text, encoding="utf-8")
    print(text)
    return 0


def found(rates: list[float], seconds: int | None, seed: int) -> Result:
    """What the page is made of."""
    declared = indexes(template()["Resources"]["Table"]["Properties"])
    quiet = redirect_stderr(io.StringIO())  # the desk's own log
    with quiet, fake_cloud() as cloud:
        return simulated(cloud, declared, rates, seconds, seed)


def told(result: Result) -> dict[str, Any]:
    """For scripts: limits by rate, the fullest first, and those of ten million tickets."""
    rates = {f"{scene.rate:g}": [plain(each) for each in limits(scene)] for scene in result.scenes}
    return {
        "seed": result.seed,
        "rates": rates,
        "tickets": [plain(each) for each in million.limits(result.weight, result.customer)],
    }


def plain(limit: Limit) -> dict[str, Any]:
    figures = {"load": round(limit.load, 3), "most": round(limit.most, 3), "share": round(limit.share, 4)}
    return {"limit": limit.key, **figures, "unit": limit.unit, "whose": limit.whose}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
