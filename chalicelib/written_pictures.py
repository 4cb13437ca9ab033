"""Pictures that are written into the HTML of a letter of ours (`data:`), as parts of the mail. Pure."""

import base64
import hashlib
import re

from chalicelib.article import StoredFile

PICTURE = re.compile(r'<img\b(?:[^">]|"[^"]*")*+>')
MOST = 100  # parts that one mail gets of them
WRITTEN = re.compile(r'(?i)\ssrc="data:image/([a-z.-]{1,20});base64,([^"]*)"')


def as_parts(page: str) -> tuple[str, list[tuple[StoredFile, bytes]]]:
    """The page with references in their place, and the parts: Gmail and Outlook show no others. What is no base64 is no picture."""
    found: dict[str, tuple[StoredFile, bytes]] = {}

    def reference(written: re.Match[str]) -> str:
        try:
            data = base64.b64decode(written[2] + "==")
        except ValueError:
            return ""
        if len(found) >= MOST:
            return written[0]
        cid = f"{hashlib.sha256(data).hexdigest()[:24]}@picture"
        kind = written[1].lower()
        found[cid] = StoredFile("", f"picture.{kind}", f"image/{kind}", len(data), True, cid), data
        return f' src="cid:{cid}"'

    page = PICTURE.sub(lambda tag: WRITTEN.sub(reference, tag[0]), page)
    return page, list(found.values())
