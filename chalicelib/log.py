"""One line of JSON for each event, without bodies, subjects or addresses: logs are kept longer than mail should be."""

import json
import sys


def event(name: str, **fields: object) -> None:
    """`fields` are numbers, codes and names of ours, never a customer's words."""
    print(json.dumps({"event": name, **fields}, default=str, ensure_ascii=False), file=sys.stderr, flush=True)
