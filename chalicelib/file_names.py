"""File names that harm nobody, and which endings belong to which types. Pure."""

import re
import unicodedata

MAX_NAME = 200
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
# Characters that turn the reading direction or are invisible can make `exe.pdf` of `fdp.exe`.
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# A table of our own, for Python's reads the machine's files. The first type of an ending, and the first ending of a type, count.
TYPES = [
    (pair.split()[0], pair.split()[1])
    for pair in """
.eml message/rfc822|.eml message/global|.txt text/plain|.txt message/delivery-status|.txt text/rfc822-headers|.html text/html|.htm text/html
.ics text/calendar|.vcf text/vcard|.csv text/csv|.xml application/xml|.xml text/xml|.json application/json|.pdf application/pdf|.rtf application/rtf
.jpg image/jpeg|.jpeg image/jpeg|.png image/png|.gif image/gif|.bmp image/bmp|.tif image/tiff|.webp image/webp|.svg image/svg+xml|.heic image/heic
.doc application/msword|.xls application/vnd.ms-excel|.ppt application/vnd.ms-powerpoint|.odt application/vnd.oasis.opendocument.text
.docx application/vnd.openxmlformats-officedocument.wordprocessingml.document
.xlsx application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
.pptx application/vnd.openxmlformats-officedocument.presentationml.presentation
.zip application/zip|.zip application/x-zip-compressed|.gz application/gzip|.gz application/x-gzip|.7z application/x-7z-compressed
.mp3 audio/mpeg|.wav audio/wav|.wav audio/x-wav|.ogg audio/ogg|.amr audio/amr|.mp4 video/mp4|.mov video/quicktime|.3gp video/3gpp
.asc application/pgp-signature|.asc application/pgp-encrypted|.p7s application/pkcs7-signature|.p7s application/x-pkcs7-signature
.p7m application/pkcs7-mime|.p7m application/x-pkcs7-mime|.dat application/ms-tnef|.bin application/octet-stream
""".replace("|", "\n")
    .strip()
    .splitlines()
]
ENDING = {kind: ending for ending, kind in reversed(TYPES)}
KIND = dict(reversed(TYPES))


def safe_name(name: str) -> str:
    """Without path, control or invisible characters, at most 200 characters, its extension kept; empty where nothing is left."""
    name = "".join(
        " " if char.isspace() else char
        for char in name
        if unicodedata.category(char) not in INVISIBLE or char.isspace()
    )
    name = last_component(name.strip())
    name = re.sub(r'[<>:"|?*]', "_", re.sub(r" +", " ", name)).strip(". ")
    return shortened("_" + name if RESERVED.match(name) else name)


def last_component(name: str) -> str:
    """Of a path its last part; a slash within an ordinary name (Invoice 11/2026) becomes an underscore."""
    if re.match(r"/|\.\.?/|[A-Za-z]:[/\\]|~/", name):
        name = name.rstrip("/").rpartition("/")[2]
    return name.rstrip("\\").rpartition("\\")[2].replace("/", "_")


def shortened(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if len(name) <= MAX_NAME or not dot or len(ending) > 20:
        return name[:MAX_NAME].rstrip(". ")
    return stem[: MAX_NAME - len(ending) - 1].rstrip(". ") + "." + ending


def guessed(name: str) -> str:
    return KIND.get("." + name.rpartition(".")[2].lower(), "application/octet-stream")
