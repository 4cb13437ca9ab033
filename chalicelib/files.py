"""S3: raw mails, attachments, uploads and bodies too large for an item. Only here is its client.

`in/` is what SES put and the desk has not taken in yet, `mail/` what it has, `failed/` what it could not.
"""

import base64
import hashlib
import secrets
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib import table
from chalicelib.article import StoredFile
from chalicelib.errors import NotFound, Refused
from chalicelib.settings import settings

LINK_SECONDS = 120
UPLOAD_SECONDS = 3600
LARGEST_UPLOAD = 100 * 1024 * 1024  # what does not fit into mail leaves as a link

# Signature 4 is the only one that newer regions take. "virtual" signs for the region's address: S3 sends guests of the global
# one on to it while a bucket is young, where the signature no longer holds and browsers refuse the upload.
settled = Config(
    signature_version="s3v4",
    s3={"addressing_style": "virtual"},
    connect_timeout=3,
    read_timeout=30,
    retries={"total_max_attempts": 4},
)


@cache
def client() -> Any:
    return boto3.client("s3", config=settled)


def read(key: str) -> bytes:
    """Raises NotFound."""
    try:
        data: bytes = client().get_object(Bucket=settings().bucket, Key=key)["Body"].read()
    except ClientError as error:
        raise missing(error) from error
    return zlib.decompress(data) if key.startswith("bodies/") else data


def put(key: str, data: bytes, content_type: str) -> None:
    client().put_object(Bucket=settings().bucket, Key=key, Body=data, ContentType=content_type)


def put_body(data: bytes) -> str:
    """Named by its content, so that saving it twice does no harm."""
    key = f"bodies/{hashlib.sha256(data).hexdigest()}"
    put(key, zlib.compress(data), "application/octet-stream")
    return key


def content_name(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def copy(old: str, new: str) -> None:
    """Raises NotFound."""
    try:
        client().copy_object(Bucket=settings().bucket, Key=new, CopySource={"Bucket": settings().bucket, "Key": old})
    except ClientError as error:
        raise missing(error) from error


def delete(key: str) -> None:
    client().delete_object(Bucket=settings().bucket, Key=key)


def move(old: str, new: str) -> None:
    copy(old, new)
    delete(old)


def waiting_in() -> list[tuple[datetime, str]]:
    """What lies in `in/`, and since when."""
    return listed("in/")


def listed(prefix: str) -> list[tuple[datetime, str]]:
    """Since when each object below `prefix` has been there, and its key."""
    pages = client().get_paginator("list_objects_v2").paginate(Bucket=settings().bucket, Prefix=prefix)
    return [(each["LastModified"], each["Key"]) for page in pages for each in page.get("Contents", [])]


# -- what several write


def newer(key: str, known: str | None) -> tuple[bytes, str] | None:
    """The object and its etag, None where it is still the one of the etag `known`. Raises NotFound."""
    unless = {"IfNoneMatch": known} if known else {}
    try:
        found = client().get_object(Bucket=settings().bucket, Key=key, **unless)
    except ClientError as error:
        if error.response["Error"]["Code"] in ("304", "NotModified"):
            return None
        raise missing(error) from error
    return found["Body"].read(), found["ETag"]


def put_over(key: str, data: bytes, etag: str | None) -> str:
    """Its new etag. Raises table.Changed where the object is not the one of `etag` (any more; None: where there is one)."""
    only = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
    try:
        put = client().put_object(Bucket=settings().bucket, Key=key, Body=data, ContentType="application/json", **only)
    except ClientError as error:
        # 409: another conditional write was under way; 404: it has been deleted meanwhile.
        if error.response["Error"]["Code"] in (
            "PreconditionFailed",
            "ConditionalRequestConflict",
            "NoSuchKey",
            "412",
            "409",
        ):
            raise table.Changed from error
        raise
    return str(put["ETag"])


def put_file(key: str, path: Path) -> None:
    with path.open("rb") as file:
        client().put_object(Bucket=settings().bucket, Key=key, Body=file, ContentType="application/octet-stream")


def chunks(key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
    """The object, or a part of it. Raises NotFound."""
    part = {} if length is None else {"Range": f"bytes={start}-{start + length - 1}"}
    if length == 0:
        return
    try:
        body = client().get_object(Bucket=settings().bucket, Key=key, **part)["Body"]
    except ClientError as error:
        raise missing(error) from error
    yield from body.iter_chunks(1 << 20)


# -- to and from browsers


def download_url(file: StoredFile) -> str:
    """Short-lived, and always as an attachment: what a stranger sent must never be shown on the desk's origin.

    Raises Refused(quarantined).
    """
    if file.quarantined:
        raise Refused("A virus was found in this mail; its files are kept, but given to nobody.", code="quarantined")
    name = quote(file.filename, safe="")
    parameters = {
        "Bucket": settings().bucket,
        "Key": file.key,
        "ResponseContentDisposition": f"attachment; filename*=UTF-8''{name}",
        "ResponseContentType": "application/octet-stream",
    }
    url: str = client().generate_presigned_url("get_object", Params=parameters, ExpiresIn=LINK_SECONDS)
    return url


def upload_form(who: str, filename: str, content_type: str, size: int) -> dict[str, Any]:
    """`upload` (an id for take_upload), `url` and `fields` of a POST that takes exactly this file from `who`."""
    if size > LARGEST_UPLOAD:
        raise Refused("Files of more than 100 MB cannot be attached.", code="too_large")
    upload = secrets.token_urlsafe(18)
    fields = {"Content-Type": content_type, "x-amz-meta-name": base64.urlsafe_b64encode(filename.encode()).decode()}
    conditions: list[Any] = [{name: value} for name, value in fields.items()]
    form = client().generate_presigned_post(
        settings().bucket,
        upload_key(who, upload),
        Fields=fields,
        Conditions=[*conditions, ["content-length-range", size, size]],
        ExpiresIn=UPLOAD_SECONDS,
    )
    return {"upload": upload, "url": form["url"], "fields": form["fields"]}


def uploaded(who: str, upload: str) -> StoredFile:
    """What `who` has uploaded, still in its waiting place. Raises Refused for what is not theirs or not there."""
    try:
        head = client().head_object(Bucket=settings().bucket, Key=upload_key(who, upload))
    except ClientError as error:
        raise Refused(
            "This upload is not there (any more); please attach the file again.", "malformed", why="upload_gone"
        ) from error
    name = base64.urlsafe_b64decode(head["Metadata"].get("name", "")).decode() or "file"
    return StoredFile(upload_key(who, upload), name, head["ContentType"], head["ContentLength"])


def keep(file: StoredFile, key: str) -> StoredFile:
    """Copied from its waiting place, which is emptied after a week, to where the article looks for it."""
    copy(file.key, key)
    return replace(file, key=key)


def upload_key(who: str, upload: str) -> str:
    # By the uploader, so that nobody attaches what another has uploaded; hashed, because customers are addresses.
    return f"up/{hashlib.sha256(who.encode()).hexdigest()[:16]}/{quote(upload, safe='')}"


def missing(error: ClientError) -> Exception:
    code = error.response["Error"]["Code"]
    return NotFound("This file is not there (any more).") if code in ("NoSuchKey", "404", "NotFound") else error
