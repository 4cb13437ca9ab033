"""An AWS that is not ours, and not moto: ministack on loopback, with IAM enforced, for as long as a `with` lasts.

It lives in a virtual environment of its own, and so do the functions that it starts.
"""

import contextlib
import io
import json
import os
import signal
import socket
import subprocess
import sysconfig
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from dev import apart
from dev.package import ROOT

MINISTACK = "ministack==1.5.33"
HOME = ROOT / ".venv-emulator"
REGION = "eu-west-1"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}  # the root's, as ministack knows it
RULES = "rules-of-the-emulator"

Template = dict[str, Any]


@contextlib.contextmanager
def emulator() -> Iterator[str]:
    """Its address. Whatever it started is gone with it."""
    # boto3, in the version that ministack confines: Lambda's runtime brings it, and the functions run with this Python.
    python = apart.set_up(HOME, MINISTACK, "boto3")
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        process = subprocess.Popen([python, "-m", "ministack"], env=environment(port, folder), cwd=folder,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)  # fmt: skip
        try:
            wait_for(lambda: answers(port), 30, "the emulator")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
            with contextlib.suppress(ProcessLookupError):  # its workers are of its group
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def environment(port: int, folder: str) -> dict[str, str]:
    own = {
        "AUTH": "true",
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "IOT_MTLS_ENABLED": "0",  # it would listen to the world, whatever BIND_HOST says
        "LAMBDA_EXECUTOR": "local",
        "MINISTACK_REGION": REGION,
        "S3_DATA_DIR": f"{folder}/s3",
        "STATE_DIR": f"{folder}/state",
        "TMPDIR": folder,
    }
    return {"PATH": os.environ["PATH"], "HOME": folder} | KEYS | own


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/_ministack/health", timeout=2):
        return True
    return False


def wait_for(found: Callable[[], Any], seconds: float, what: str) -> Any:
    """The first true answer. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not (answer := found()):
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come within {seconds:.0f} seconds.")
        time.sleep(0.2)
    return answer


# -- what it lacks: each exception from the template and the zip that are deployed, with its reason

UNKNOWN = {
    "AWS::SES::ReceiptRuleSet": "The emulator keeps receipt rules by the API, but no such type; a set is made by the API.",
    "AWS::SES::ReceiptRule": "The same. It delivers nothing: mail is put where SES would put it.",
    "AWS::Budgets::Budget": "It knows no such type.",
}


def without_what_it_lacks(template: Template) -> Template:
    """The rest is deployed as it was made."""
    made: Template = json.loads(json.dumps(template))
    resources = made["Resources"]
    for name in [name for name, each in resources.items() if each["Type"] in UNKNOWN or calculates(each)]:
        del resources[name]
    for each in resources.values():
        if statements := each["Properties"].get("PolicyDocument", {}).get("Statement"):
            each["Properties"]["PolicyDocument"]["Statement"] = [
                one for one in statements if not forbids_plain_http(one)
            ]
        for policy in each["Properties"].get("Policies", ()) if each["Type"] == "AWS::IAM::Role" else ():
            policy["PolicyDocument"]["Statement"] = [
                knowing_no_sender(one) for one in policy["PolicyDocument"]["Statement"]
            ]
    # It gives identities no DKIM names to tell.
    made["Outputs"] = {name: each for name, each in made["Outputs"].items() if "Dkim" not in json.dumps(each)}
    made["Outputs"]["RuleSetToActivate"]["Value"] = RULES
    return made


def forbids_plain_http(statement: Template) -> bool:
    """It speaks nothing else."""
    return "aws:SecureTransport" in json.dumps(statement)


def knowing_no_sender(statement: Template) -> Template:
    """It asks whether SES may be used at all, of no identity and from no address: test_template.py looks at these."""
    if statement.get("Sid") != "SendsFromTheDomain":
        return statement
    return {name: each for name, each in statement.items() if name != "Condition"} | {"Resource": "*"}


def calculates(resource: Template) -> bool:
    """Alarms over metric math are beyond it."""
    return resource["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in resource["Properties"]


def for_this_machine(code: bytes, more: dict[str, bytes]) -> bytes:
    """With `more` files. The zip holds compiled modules for Lambda's arm64; the emulator runs them here, with those of this machine in their place."""
    site = Path(sysconfig.get_path("platlib"))
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(code)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        compiled = {name for name in old.namelist() if name.endswith(".so")}
        for name in sorted(set(old.namelist()) - compiled):
            new.writestr(name, old.read(name))
        for folder in sorted({name.split("/")[0] for name in compiled}):
            for file in sorted((site / folder).rglob("*.so")):
                new.write(file, str(file.relative_to(site)))
        for name, content in more.items():
            new.writestr(name, content)
    return made.getvalue()


def takes_its_template(client: Any, address: str) -> None:
    """It looks for the bucket of a TemplateURL in the path only."""

    def in_its_way(params: dict[str, Any], **_: Any) -> None:
        host, _sign, key = params["TemplateURL"].removeprefix("https://").partition("/")
        params["TemplateURL"] = f"{address}/{host.split('.')[0]}/{key}"

    client.meta.events.register("provide-client-params.cloudformation.CreateChangeSet", in_its_way)
