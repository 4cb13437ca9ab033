"""A release: the zip, the template and the pages that belong together, under a name made of what they hold.

They lie on the shelf, a bucket of the account: `releases/<id>/{deployment.zip,template.json,site.zip}` and `deployed.json`,
which says which one is there now, which ones were before, and which one a run that was broken off was about to bring.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from dev import package
from dev.aws.account import Account, Stopped, code_of

SITE = package.ROOT / "web" / "dist"
KEPT = 10  # releases that can be gone back to
Template = dict[str, Any]


@dataclass(frozen=True)
class Release:
    """`pages` are the site's files by path."""

    id: str
    code: bytes
    template: Template
    pages: dict[str, bytes]


@dataclass(frozen=True)
class Deployed:
    """`current` is the release that is there; `before` those that were, the newest last; `coming`: one that is half there."""

    current: str = ""
    before: tuple[str, ...] = ()
    coming: str = ""

    def towards(self, release: str) -> "Deployed":
        return self if release == self.current else replace(self, coming=release)

    def after(self, release: str) -> "Deployed":
        if release in ("", self.current):
            return replace(self, coming="")
        return Deployed(release, (*self.before, self.current)[-KEPT:] if self.current else self.before)

    def back(self) -> "Deployed":
        """From a release that is half there to the one that was; else to the one before. Raises Stopped where there is none."""
        if self.coming and self.coming not in self.before and self.current:
            return replace(self, coming="")
        if not self.before:
            raise Stopped("There is no earlier release to go back to.")
        return Deployed(self.before[-1], self.before[:-1])


def built(folder: Path = package.BUILD, site: Path = SITE) -> Release:
    """Of the working copy. Raises Stopped where the pages are not built or the template is not clean."""
    if not (site / "index.html").exists():
        raise Stopped("The web desk is not built; `./desk deploy` builds it, or `npm run build` in web/.")
    template = package.package(folder)
    if package.lint(folder / "cloudformation.json"):
        raise Stopped("The template has the findings above; nothing was deployed.")
    pages = {str(file.relative_to(site)): file.read_bytes() for file in sorted(site.rglob("*")) if file.is_file()}
    return release_of((folder / "deployment.zip").read_bytes(), template, pages)


def release_of(code: bytes, template: Template, pages: dict[str, bytes]) -> Release:
    """Its id tells what is in it; the times at which a zip was packed do not count, nor bytecode, which differs by the run."""
    with zipfile.ZipFile(io.BytesIO(code)) as packed:
        entries = sorted(
            (entry.filename, entry.CRC, entry.file_size)
            for entry in packed.infolist()
            if not entry.filename.endswith(".pyc")
        )
    digests = {path: hashlib.sha256(content).hexdigest() for path, content in pages.items()}
    told = json.dumps([entries, template, digests], sort_keys=True)
    return Release(hashlib.sha256(told.encode()).hexdigest()[:16], code, template, pages)


def ready(release: Release, account: Account) -> Template:
    """The template with the code where the account has it."""
    template: Template = json.loads(json.dumps(release.template))
    key = f"releases/{code_id(release)}/deployment.zip"
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function":
            resource["Properties"]["Code"] = {"S3Bucket": account.shelf, "S3Key": key}
    return template


def code_id(release: Release) -> str:
    """The same code keeps its place, so that new pages alone change no function."""
    return release_of(release.code, {}, {}).id


# -- the shelf


def make_shelf(account: Account) -> None:
    """Private, encrypted, versioned; making it again changes nothing."""
    client = account.client("s3")
    place = {} if account.region == "us-east-1" else {"LocationConstraint": account.region}
    try:
        client.create_bucket(Bucket=account.shelf, **({"CreateBucketConfiguration": place} if place else {}))
    except ClientError as error:
        if code_of(error) != "BucketAlreadyOwnedByYou":
            raise
    closed = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    client.put_public_access_block(Bucket=account.shelf, PublicAccessBlockConfiguration=closed)
    client.put_bucket_versioning(Bucket=account.shelf, VersioningConfiguration={"Status": "Enabled"})


def put_away(release: Release, account: Account) -> str:
    """All of the release lies on the shelf; the address of its template."""
    template = f"releases/{release.id}/template.json"
    there = set(keys(account))  # a name says what is in it: nothing has to be sent twice, nor kept in two versions
    for key, content in (
        (f"releases/{code_id(release)}/deployment.zip", release.code),
        (f"releases/{release.id}/site.zip", zipped(release.pages)),
        (template, json.dumps(ready(release, account), separators=(",", ":")).encode()),
    ):
        if key not in there:
            put(account, key, content)
    return f"https://{account.shelf}.s3.{account.region}.amazonaws.com/{template}"


def fetched(account: Account, release_id: str) -> tuple[str, Template, dict[str, bytes]]:
    """Address, template and pages of a release that lies on the shelf."""
    template = json.loads(get(account, f"releases/{release_id}/template.json"))
    with zipfile.ZipFile(io.BytesIO(get(account, f"releases/{release_id}/site.zip"))) as packed:
        pages = {name: packed.read(name) for name in packed.namelist()}
    address = f"https://{account.shelf}.s3.{account.region}.amazonaws.com/releases/{release_id}/template.json"
    return address, template, pages


def deployed(account: Account) -> Deployed:
    try:
        found = json.loads(get(account, "deployed.json"))
    except ClientError as error:
        if code_of(error) in ("NoSuchKey", "NoSuchBucket"):
            return Deployed()
        raise
    return Deployed(found["current"], tuple(found["before"]), found.get("coming", ""))


def remember(account: Account, was: Deployed, now_there: Deployed) -> None:
    if now_there != was:
        put(account, "deployed.json", json.dumps(asdict(now_there)).encode())


def keys(account: Account) -> Iterator[str]:
    pages = account.client("s3").get_paginator("list_objects_v2").paginate(Bucket=account.shelf)
    return (each["Key"] for page in pages for each in page.get("Contents", ()))


def put(account: Account, key: str, content: bytes) -> None:
    account.client("s3").put_object(Bucket=account.shelf, Key=key, Body=content, ServerSideEncryption="AES256")


def get(account: Account, key: str) -> bytes:
    content: bytes = account.client("s3").get_object(Bucket=account.shelf, Key=key)["Body"].read()
    return content


def zipped(pages: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, content in sorted(pages.items()):
            packed.writestr(zipfile.ZipInfo(path), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
