"""The built web pages, as CloudFront serves them: the headers that infra/ declares, single pages, gzip."""

import gzip
import hashlib
import json
import mimetypes
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from dev.gateway import Answer, Request

ROOT = Path(__file__).parent.parent
DIST = ROOT / "web" / "dist"
HEADERS = ROOT / "infra" / "site-headers.json"
TEXT = ("text/", "application/json", "application/javascript", "image/svg+xml", "application/manifest+json")
KINDS = {".js": "text/javascript", ".webmanifest": "application/manifest+json", ".woff2": "font/woff2"}


def answer(request: Request, dist: Path = DIST) -> Answer:
    if request.method not in ("GET", "HEAD"):
        return Answer(405, b"Only GET.\n", (("Content-Type", "text/plain"), ("Allow", "GET, HEAD")))
    file = file_of(unquote(urlsplit(request.target).path), dist)
    if file is None:
        return Answer(404, b"There is no such page.\n", (("Content-Type", "text/plain"), *headers_of("/404")))
    name = "/" + file.relative_to(dist).as_posix()
    data = file.read_bytes()
    tag = f'"{hashlib.sha256(data).hexdigest()[:20]}"'
    lasting = "public, max-age=31536000, immutable" if name.startswith("/assets/") else "no-cache"
    headers = [*headers_of(name), ("ETag", tag), ("Cache-Control", lasting), ("Vary", "Accept-Encoding")]
    if request.headers.get("if-none-match") == tag:
        return Answer(304, b"", tuple(headers))
    kind = KINDS.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    text = kind.startswith(TEXT)
    headers.append(("Content-Type", f"{kind}; charset=utf-8" if text else kind))
    if text and "gzip" in request.headers.get("accept-encoding", ""):
        data = gzip.compress(data, 6)
        headers.append(("Content-Encoding", "gzip"))
    return Answer(200, data, tuple(headers))


def file_of(path: str, dist: Path) -> Path | None:
    """The file; for an address without an ending, the page that draws it. Never one outside of the folder."""
    parts = path.strip("/").split("/")
    if any(part in (".", "..") or "\0" in part or "\\" in part for part in parts):
        return None
    file = dist.joinpath(*parts)
    if path.strip("/") and file.is_file():
        return file
    if "." in parts[-1]:
        return None
    page = dist / ("portal.html" if parts[0] == "portal" else "index.html")
    return page if page.is_file() else None


def headers_of(name: str) -> list[tuple[str, str]]:
    declared = declaration()
    found = declared.get(name, declared["default"])
    # The bucket is this very server here, and plain http knows nothing of strict transport.
    return [(word, value.replace(" ${BucketOrigin}", "")) for word, value in found.items() if "Transport" not in word]


@lru_cache
def declaration() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(HEADERS.read_text()) if HEADERS.exists() else {"default": {}}
    return found
