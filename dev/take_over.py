"""`./desk import`: what was elsewhere comes into the desk: an export of a desk, an old mailbox, an export of OTRS."""

import argparse
import sys
from pathlib import Path

from dev import restore
from dev.at_hand import HOME, NoDesk, desk_at
from dev.progress import Progress


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./desk import", description="Takes over what was elsewhere.")
    parser.add_argument("source", type=Path, metavar="DIR", help="what ./desk export wrote, for an empty desk")
    parser.add_argument("--data", type=Path, default=HOME, metavar="DIR", help="where the desk keeps everything")
    asked = parser.parse_args(arguments)
    try:
        with desk_at(asked.data, new=True):
            told = restore.restore(asked.source, Progress(asked.data / "import.json", "Importing"))
    except (NoDesk, restore.Refused) as error:
        sys.exit(str(error))
    print(f"{told['tickets']} tickets, {told['items']} other items and {told['objects']} files have been imported.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
