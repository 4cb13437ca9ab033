"""`./desk restore-drill`: could the desk be brought back? Its export goes into an empty desk on the fake cloud, and out again.

A backup that nobody has ever brought back is a hope. What comes out must be what went in, byte for byte.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from chalicelib import checkup
from dev import export, restore
from dev.at_hand import HOME, NoDesk, desk_at
from dev.aws.account import now
from dev.progress import Progress

SHOWN = 10  # differences


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="./desk restore-drill", description="Brings the desk back from its export, beside it, and compares."
    )
    parser.add_argument("--data", type=Path, default=HOME, metavar="DIR", help="where the desk keeps everything")
    parser.add_argument(
        "--export",
        type=Path,
        metavar="DIR",
        help="an export that was made before (e.g. by ./desk export --stage prod DIR)",
    )
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="otklik-drill-") as folder:
        try:
            return drill(Path(folder), asked.data, asked.export)
        except (NoDesk, restore.Refused) as error:
            sys.exit(str(error))


def drill(folder: Path, data: Path, made: Path | None = None) -> int:
    """1 where something is missing or different. The desk itself is only read."""
    source, again, began = made or folder / "export", folder / "again", time.monotonic()
    if made is None:
        with desk_at(data):
            export.export(source)
    with desk_at(folder / "desk", new=True):
        told = restore.restore(source, Progress(folder / "progress.json", "Bringing it back"))
        export.export(again)
        troubles = [finding.what for finding in checkup.examine(now(), now()) if finding.urgent]
    wrong = list(differences(source, again))
    for each in wrong[:SHOWN]:
        print(f"! {each}")
    for each in troubles:
        print(f"- the desk that was brought back says: {each}")
    took = time.monotonic() - began
    print(
        f"{told['tickets']} tickets, {told['items']} other items, {told['objects']} files; {len(wrong)} differences; {took:.1f} s"
    )
    return 1 if wrong else 0


def differences(one: Path, two: Path) -> list[str]:
    first, second = files_of(one), files_of(two)
    lost = [f"{name} did not come back" for name in sorted(first.keys() - second.keys())]
    new = [f"{name} was not there before" for name in sorted(second.keys() - first.keys())]
    both = sorted(first.keys() & second.keys())
    return (
        lost + new + [f"{name} is different" for name in both if first[name].read_bytes() != second[name].read_bytes()]
    )


def files_of(folder: Path) -> dict[str, Path]:
    return {str(each.relative_to(folder)): each for each in folder.rglob("*") if each.is_file()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
