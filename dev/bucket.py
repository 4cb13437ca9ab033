"""The bucket's own door on the laptop: presigned downloads and uploads, checked as S3 checks them.

moto takes any signature, any expiry and any size. The desk signs for S3's address; answers show that address as
`/dev/bucket/` on this server, and here the signature is made again for the address that was signed.
"""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import boto3
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError

from chalicelib import files
from dev.gateway import Answer, Request
from dev.template import REGION

PLACE = "/dev/bucket/"
WORDS = {
    "response-content-type": "Content-Type",
    "response-content-disposition": "Content-Disposition",
    "response-cache-control": "Cache-Control",
}


class Bucket:
    """`origin` is this server's address."""

    def __init__(self, name: str, origin: str) -> None:
        self.name, self.origin = name, origin
        self.client = boto3.client("s3", region_name=REGION, config=files.settled)
        signed = self.client.generate_presigned_url("get_object", Params={"Bucket": name, "Key": "x"})
        form = self.client.generate_presigned_post(name, "x")["url"]
        self.hosts = {urlsplit(signed).netloc, urlsplit(form).netloc}
        self.host = urlsplit(signed).netloc

    def shown(self, answer: Answer) -> Answer:
        """The answer with S3's addresses as this server's."""
        return Answer(
            answer.status,
            self.local(answer.body),
            tuple((n, self.local(v.encode()).decode()) for n, v in answer.headers),
        )

    def local(self, text: bytes) -> bytes:
        for host in self.hosts:
            text = text.replace(f"https://{host}/".encode(), f"{self.origin}{PLACE}".encode())
        return text.replace(f"{PLACE}{self.name}/".encode(), PLACE.encode())

    def answer(self, request: Request) -> Answer:
        if request.method == "GET":
            return self.download(request)
        return self.upload(request) if request.method == "POST" else error(405, "MethodNotAllowed")

    # -- downloads

    def download(self, request: Request) -> Answer:
        parts = urlsplit(request.target)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        key = unquote(parts.path.removeprefix(PLACE))
        if refused := self.judged(key, query):
            return refused
        try:
            found = self.client.get_object(Bucket=self.name, Key=key)
        except ClientError:
            return error(404, "NoSuchKey")
        headers = {"Content-Type": found["ContentType"], "Cache-Control": "private, no-store"}
        headers |= {header: query[word] for word, header in WORDS.items() if word in query}
        return Answer(200, found["Body"].read(), tuple(headers.items()))

    def judged(self, key: str, query: dict[str, str]) -> Answer | None:
        try:
            signed = datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            until = signed + timedelta(seconds=int(query["X-Amz-Expires"]))
        except (KeyError, ValueError, OverflowError):
            return error(403, "AccessDenied")
        if not hmac.compare_digest(self.signature(key, query), query.get("X-Amz-Signature", "")):
            return error(403, "SignatureDoesNotMatch")
        return error(403, "AccessDenied", "Request has expired") if datetime.now(UTC) > until else None

    def signature(self, key: str, query: dict[str, str]) -> str:
        """What S3 would have signed: the same query without the signature, for its own address."""
        own = "&".join(f"{quote(n, safe='')}={quote(v, safe='')}" for n, v in query.items() if n != "X-Amz-Signature")
        request = AWSRequest("GET", f"https://{self.host}/{quote(key, safe='/~')}?{own}", headers={"host": self.host})
        auth = S3SigV4QueryAuth(credentials(), "s3", REGION)
        request.context["timestamp"] = query["X-Amz-Date"]
        words = auth.string_to_sign(request, auth.canonical_request(request))
        return str(auth.signature(words, request))

    # -- uploads

    def upload(self, request: Request) -> Answer:
        fields, content = form_of(request)
        if content is None:
            return error(400, "MalformedPOSTRequest")
        if refused := allowed(fields, len(content), self.name):
            return refused
        metadata = {name[11:]: value for name, value in fields.items() if name.startswith("x-amz-meta-")}
        kind = fields.get("content-type", "binary/octet-stream")
        self.client.put_object(Bucket=self.name, Key=fields["key"], Body=content, ContentType=kind, Metadata=metadata)
        return Answer(204)


def allowed(fields: dict[str, str], size: int, bucket: str) -> Answer | None:
    """The policy that came along: signed by us, still good, and every field as it says (S3's POST policy)."""
    policy = fields.get("policy", "")
    if not hmac.compare_digest(policy_signature(policy, fields), fields.get("x-amz-signature", "")):
        return error(403, "SignatureDoesNotMatch")
    told = json.loads(base64.b64decode(policy))
    if datetime.now(UTC) > datetime.fromisoformat(told["expiration"].replace("Z", "+00:00")):
        return error(403, "AccessDenied", "Invalid according to Policy: Policy expired.")
    own = fields | {"bucket": bucket}
    covered = {"x-amz-signature", "policy", "file"}
    for condition in told["conditions"]:
        if isinstance(condition, list) and condition[0] == "content-length-range":
            if not condition[1] <= size <= condition[2]:
                return error(400, "EntityTooLarge" if size > condition[2] else "EntityTooSmall")
            continue
        operator, name, value = named(condition)
        covered.add(name)
        given = own.get(name, "")
        if not (given.startswith(value) if operator == "starts-with" else given == value):
            return error(403, "AccessDenied", f"Invalid according to Policy: {name}")
    extra = set(fields) - covered
    return error(403, "AccessDenied", f"Extra input fields: {', '.join(sorted(extra))}") if extra else None


def named(condition: Any) -> tuple[str, str, str]:
    if isinstance(condition, dict):
        [(name, value)] = condition.items()
        return "eq", name.lower(), str(value)
    return condition[0], condition[1].lstrip("$").lower(), str(condition[2])


def policy_signature(policy: str, fields: dict[str, str]) -> str:
    key = b"AWS4" + credentials().secret_key.encode()
    for word in fields.get("x-amz-credential", "").split("/")[1:]:
        key = hmac.digest(key, word.encode(), hashlib.sha256)
    return hmac.new(key, policy.encode(), hashlib.sha256).hexdigest()


def credentials() -> Any:
    return boto3.Session().get_credentials()


def form_of(request: Request) -> tuple[dict[str, str], bytes | None]:
    """The fields of a multipart form by their lower-case names, and its file."""
    head = EmailMessage()
    head["Content-Type"] = request.headers.get("content-type", "")
    boundary = str(head.get_param("boundary") or "").encode()
    fields: dict[str, str] = {}
    content = None
    for part in request.body.split(b"--" + boundary)[1:-1] if boundary else []:
        lines, _, body = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        described = EmailMessage()
        described["Content-Disposition"] = next(
            (
                each[20:].strip().decode()
                for each in lines.split(b"\r\n")
                if each[:20].lower() == b"content-disposition:"
            ),
            "",
        )
        name = str(described.get_param("name", header="content-disposition") or "").lower()
        body = body.removesuffix(b"\r\n")
        if name == "file":
            content = body
        elif name:
            fields[name] = body.decode(errors="replace")
    return fields, content


def error(status: int, code: str, message: str = "") -> Answer:
    text = (
        f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code><Message>{message or code}</Message></Error>"
    )
    return Answer(status, text.encode(), (("Content-Type", "application/xml"),))
