"""The arrows: app -> stories -> world and pure files; never upwards, never sideways between stories."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EDGE = set(
    "answers api asking cursors doors found_answers mail_answers models once openapi own_answers questions refusals routes_admin routes_agent routes_customer routes_files routes_health routes_links routes_mails routes_reports routes_search routes_session "
    "setup_answers setup_models shown shown_own ticket_answers".split()
)
STORIES = set(
    "accounts admin checkup counter desk desk_files desk_lists desk_merge desk_sent feedback figures.report postmaster rereading search.indexing search.searching tending".split()
)
WORLD = set(
    "cognito composing config files letters lists log merging outbox outgoing records figures.asked figures.facts figures.letter figures.people figures.tickets search.engines search.highlighting search.opensearch search.inside search.shelf search.tantivy_engine sessions settings store table undelivered whose_ticket".split()
)
SDK = {"boto3", "botocore"}


def files() -> dict[str, Path]:
    home = ROOT / "chalicelib"
    paths = [path for path in home.rglob("*.py") if path.stem != "__init__"]
    return {".".join(path.relative_to(home).with_suffix("").parts): path for path in paths}


FOLDERS = {"chalicelib": "", "chalicelib.search": "search.", "chalicelib.figures": "figures."}


def named(module: str) -> str:
    own = module.removeprefix("chalicelib.")
    return own if own.startswith(("search.", "figures.")) else own.split(".")[0]


def imports(path: Path) -> set[str]:
    """What a file imports: our own modules by their name, others by their package."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {named(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module in FOLDERS:
            found |= {f"{FOLDERS[node.module]}{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(named(node.module))
    return found


PURE = set(files()) - EDGE - STORIES - WORLD


@pytest.mark.parametrize("name", sorted(PURE))
def test_a_pure_file_knows_neither_the_world_nor_the_clock(name: str) -> None:
    assert not imports(files()[name]) & (EDGE | STORIES | WORLD | SDK | {"chalice", "pydantic", "os"})


@pytest.mark.parametrize("name", sorted(WORLD & set(files())))
def test_a_file_of_the_world_knows_no_story(name: str) -> None:
    assert not imports(files()[name]) & (EDGE | STORIES | {"chalice", "pydantic"})


@pytest.mark.parametrize("name", sorted(STORIES & set(files())))
def test_a_story_never_calls_another_nor_the_cloud_itself(name: str) -> None:
    assert not imports(files()[name]) & ((EDGE | STORIES | SDK | {"chalice", "pydantic"}) - {name})


def test_only_the_doors_and_the_routes_know_chalice() -> None:
    knowing = {name for name, path in files().items() if "chalice" in imports(path)}
    assert knowing <= {"asking", "doors", *(name for name in EDGE if name.startswith("routes_"))}


def test_no_pure_rule_asks_what_time_it_is() -> None:
    clocks = ("datetime.now", "datetime.utcnow", "time.time(", "date.today")
    asking = {name for name in PURE if any(clock in files()[name].read_text(encoding="utf-8") for clock in clocks)}
    assert asking == set()


def test_the_page_of_mail_promises_names_tests_that_there_are() -> None:
    page = (ROOT / "docs" / "mail-promises.md").read_text(encoding="utf-8")
    for line in page.splitlines():
        modules = re.findall(r"`(test_\w+)`", line)
        tests = "".join(path.read_text(encoding="utf-8") for path in map(module_of, modules))
        for name in re.findall(r"(?<!\*)\*([^*]+)\*", line):
            words = re.sub(r"\W+", "_", name.lower()).strip("_")
            assert words in tests, f"{modules}: {name}"


def module_of(name: str) -> Path:
    return ROOT / "tests" / f"{name}.py"
