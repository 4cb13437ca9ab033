"""The desk as the world sees it: what must answer answers, what must be shut is shut."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from dev.aws.account import Account
from dev.aws.stack import Stack


@dataclass(frozen=True)
class Answer:
    """`status` 0: nobody answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


Fetch = Callable[[str], Answer]


def fetch(url: str) -> Answer:
    request = urllib.request.Request(url, headers={"User-Agent": "otklik-deploy"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return Answer(answer.status, lowered(answer.headers), answer.read(1_000_000))
    except urllib.error.HTTPError as error:
        return Answer(error.code, lowered(error.headers), error.read(1_000_000))
    except OSError:
        return Answer(0, {})


def lowered(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def looked_at(account: Account, stack: Stack, fetch: Fetch = fetch) -> Iterator[str]:
    """What is not as it should be, in words; nothing where all is well."""
    site = f"https://{stack.output('SiteName')}"  # leads to the desk also before a name of its own does
    health = fetch(f"{site}/api/health")
    if health.status != 200 or not well(health.body):
        yield f"{site}/api/health does not say that the desk is well ({health.status})."
    page = fetch(f"{site}/")
    if page.status != 200 or b"<html" not in page.body.lower():
        yield f"{site}/ does not show the desk ({page.status})."
    elif "content-security-policy" not in page.headers or "strict-transport-security" not in page.headers:
        yield f"{site}/ comes without its security headers."
    if fetch(f"{site}/api/tickets").status != 401:
        yield f"{site}/api/tickets does not ask who is there."
    for name in ("MailBucket", "SiteBucketName"):
        bucket = stack.output(name)
        if fetch(f"https://{bucket}.s3.{account.region}.amazonaws.com/").status == 200:
            yield f"Anybody can list the bucket {bucket}."


def name_missing(stack: Stack, fetch: Fetch = fetch) -> Iterator[str]:
    """What the DNS of a name of the desk's own still lacks."""
    name, real = stack.parameter("SiteDomain"), stack.output("SiteName")
    if name != real and fetch(f"https://{name}/api/health").status != 200:
        yield f"{name} does not lead to the desk yet: it must be a CNAME (in Route 53 an alias) to {real}."


def well(body: bytes) -> bool:
    try:
        return bool(json.loads(body)["status"] == "ok")
    except (ValueError, KeyError, TypeError):
        return False
