"""One line of JSON for each event, without bodies, subjects or addresses: logs are kept longer than mail should be.

Measurements are such lines too, in the form from which CloudWatch makes metrics by itself (embedded metric format): no call,
no agent. On the laptop nobody collects them, so they are not written.
"""

import json
import sys
import time

from chalicelib.settings import settings

NAMESPACE = "Otklik"
SECONDS = ("Age", "Lag")  # metrics whose names end so are times; all others count


def event(name: str, **fields: object) -> None:
    """`fields` are numbers, codes and names of ours, never a customer's words."""
    line = {"event": name, **fields}
    print(json.dumps(line, default=str, ensure_ascii=False), file=sys.stderr, flush=True)


def measure(**metrics: float) -> None:
    """Metrics of this desk, by their names."""
    if not settings().measured:
        return
    units = [{"Name": name, "Unit": "Seconds" if name.endswith(SECONDS) else "Count"} for name in metrics]
    declared = [{"Namespace": NAMESPACE, "Dimensions": [["Desk"]], "Metrics": units}]
    told = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": declared}
    event("measured", _aws=told, Desk=settings().table, **metrics)
