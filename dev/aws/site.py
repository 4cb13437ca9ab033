"""The pages in their bucket: what is new, then the entrances that lead to it; what is no longer needed stays for open tabs."""

import hashlib
import mimetypes
from concurrent.futures import ThreadPoolExecutor

from dev.aws.account import Account, now
from dev.aws.stack import Stack

FOR_EVER = "public, max-age=31536000, immutable"  # the build puts a digest into these names
ASK_AGAIN = "no-cache"
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html; charset=utf-8", ".svg": "image/svg+xml",
         ".woff2": "font/woff2", ".json": "application/json", ".webmanifest": "application/manifest+json"}  # fmt: skip


def publish(account: Account, stack: Stack, pages: dict[str, bytes], unsure: bool = False) -> int:
    """How many files were put; CloudFront forgets the entrances where there were any, or may have been in a run that died."""
    bucket = stack.output("SiteBucketName")
    there = present(account, bucket)
    new = {path: content for path, content in pages.items() if there.get(path) != hashlib.md5(content).hexdigest()}
    entrances = {path for path in new if not is_for_ever(path)}
    put_all(account, bucket, {path: new[path] for path in new.keys() - entrances})
    put_all(account, bucket, {path: new[path] for path in entrances})  # last: they name the others
    if entrances or unsure:
        forget(account, stack)
    return len(new)


def present(account: Account, bucket: str) -> dict[str, str]:
    """ETags by path; ours are MD5 sums, since nothing is put in parts."""
    pages = account.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {each["Key"]: each["ETag"].strip('"') for page in pages for each in page.get("Contents", ())}


def is_for_ever(path: str) -> bool:
    return path.startswith("assets/")


def put_all(account: Account, bucket: str, files: dict[str, bytes]) -> None:
    client = account.client("s3")

    def put(path: str) -> None:
        told = FOR_EVER if is_for_ever(path) else ASK_AGAIN
        client.put_object(Bucket=bucket, Key=path, Body=files[path], ContentType=type_of(path), CacheControl=told)

    with ThreadPoolExecutor(8) as several:
        list(several.map(put, sorted(files)))


def type_of(path: str) -> str:
    ending = path[path.rfind(".") :]
    return TYPES.get(ending) or mimetypes.guess_type(path)[0] or "application/octet-stream"


def forget(account: Account, stack: Stack) -> None:
    everything = {"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": f"{now().timestamp()}"}
    account.client("cloudfront").create_invalidation(
        DistributionId=stack.output("SiteId"), InvalidationBatch=everything
    )
