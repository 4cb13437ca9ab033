"""The short way from botocore to moto's DynamoDB (see dev/moto_safe.py).

moto looks through the patterns of all its services, and through all names of the handler's class, for each call, and takes the
request for one that may have come from a browser. botocore signs what nobody checks, and says each time anew who it is.
"""

import re
import secrets
from functools import lru_cache
from typing import Any

from botocore.signers import RequestSigner
from botocore.useragent import UserAgentString
from moto.core import responses as core
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.exceptions import HTTPException
from moto.core.models import botocore_stubber
from moto.dynamodb import responses

shortcut = re.compile(r"https://([0-9]+\.ddb|dynamodb)\.[a-z0-9-]+\.amazonaws\.com/")
stock_process = BotocoreStubber.process_request
stock_names = core.method_names_from_class
stock_sign = RequestSigner.sign
stock_agent = UserAgentString.to_string
stock_id = core.gen_amzn_requestid_long


class Names(dict[str, str]):
    """Headers, which are the same in capitals."""

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name.lower(), default)

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.lower())


class Plain:
    """A request with a body of JSON, as far as moto's DynamoDB asks for one."""

    from_wsgi_server = False
    content_encoding = None
    path = raw_path = "/"

    def __init__(self, request: Any) -> None:
        self.method, self.url = request.method, request.url
        self.form: dict[str, Any] = {}  # as a browser fills it in, like the next two
        self.files: dict[str, Any] = {}
        self.values: dict[str, Any] = {}
        self.data = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
        said = request.headers.items()
        self.headers = Names({name.lower(): its.decode() if isinstance(its, bytes) else its for name, its in said})
        self.headers.setdefault("host", request.url.split("/")[2])
        self.content_type = self.headers.get("Content-Type")


def process_request(self: Any, request: Any) -> Any:
    if not shortcut.fullmatch(request.url):
        return stock_process(self, request)
    plain = Plain(request)
    try:
        return responses.DynamoHandler.dispatch(plain, plain.url, plain.headers)
    except HTTPException as error:
        return error.code, error.get_headers(), error.get_body()


def sign(self: Any, operation: str, request: Any, *rest: Any, **named: Any) -> None:
    """DynamoDB's calls stay unsigned while moto answers them; to S3, an unsigned call is one of a stranger."""
    if not (botocore_stubber.enabled and self.signing_name == "dynamodb"):
        stock_sign(self, operation, request, *rest, **named)


def agent(self: Any) -> str:
    if not botocore_stubber.enabled:
        return stock_agent(self)
    said: str = self.__dict__.get("_said") or stock_agent(self)
    self._said = said
    return said


def request_id(headers: dict[str, Any] | None = None) -> str:
    """As long as AWS's; stock draws each letter for itself."""
    drawn = secrets.token_hex(26).upper()
    if headers is not None:
        headers["x-amzn-requestid"] = drawn
    return drawn


def install() -> None:
    BotocoreStubber.process_request = process_request  # type: ignore[method-assign]
    core.method_names_from_class = lru_cache(stock_names)  # type: ignore[assignment]
    RequestSigner.sign = sign
    UserAgentString.to_string = agent
    core.gen_amzn_requestid_long = request_id


def uninstall() -> None:
    BotocoreStubber.process_request = stock_process  # type: ignore[method-assign]
    core.method_names_from_class = stock_names
    RequestSigner.sign = stock_sign
    UserAgentString.to_string = stock_agent
    core.gen_amzn_requestid_long = stock_id
