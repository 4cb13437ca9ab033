"""`./desk cost`: what a ticket costs, printed and recorded in docs/cost.md. `--cpu` measures CPU time anew (dev/cost_cpu.json).

Without it the page is the same, byte for byte, until the desk's calls, sizes, prices or caps change; a test holds that it is not stale.
"""

import argparse
import sys

from dev.cost_measure import measure_cpu, measured, recorded
from dev.cost_model import ROOT, Told
from dev.cost_page import page

RECORD = ROOT / "docs" / "cost.md"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./desk cost", description="What a ticket costs in AWS.")
    parser.add_argument("--cpu", action="store_true", help="measures CPU time anew, on a quiet machine")
    if parser.parse_args(arguments).cpu:
        measure_cpu()
    text = written()
    RECORD.write_text(text)
    print(text)
    return 0


def written() -> str:
    """The page as it is now."""
    when, ms = recorded()
    return page(Told(measured(), ms), when)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
