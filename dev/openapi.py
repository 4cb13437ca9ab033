"""Writes web/openapi.json from the routes as they are declared: `python -m dev.openapi`; `--check` only tells whether it is stale."""

import json
import os
import sys
from pathlib import Path

FILE = Path(__file__).parent.parent / "web" / "openapi.json"


def text() -> str:
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")
    import app  # noqa: F401 - which declares them
    from chalicelib.doors import ROUTES
    from chalicelib.openapi import document
    from chalicelib.routes_health import VERSION

    return json.dumps(document(tuple(ROUTES), VERSION), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def stale() -> bool:
    return not FILE.exists() or FILE.read_text(encoding="utf-8") != text()


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit("web/openapi.json is stale; run: python -m dev.openapi" if stale() else 0)
    FILE.write_text(text(), encoding="utf-8")
