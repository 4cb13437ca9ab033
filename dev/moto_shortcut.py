"""The short way from botocore to moto's DynamoDB (see dev/moto_safe.py).

moto looks through the patterns of all its services, and through all names of the handler's class, for each call.
"""

import re
from functools import lru_cache
from typing import Any

from moto.core import responses as core
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.exceptions import HTTPException
from moto.core.request import normalize_request
from moto.dynamodb import responses

shortcut = re.compile(r"https://([0-9]+\.ddb|dynamodb)\.[a-z0-9-]+\.amazonaws\.com/")
stock_process = BotocoreStubber.process_request
stock_names = core.method_names_from_class


def process_request(self: Any, request: Any) -> Any:
    if not shortcut.fullmatch(request.url):
        return stock_process(self, request)
    plain = normalize_request(request)
    try:
        return responses.DynamoHandler.dispatch(plain, plain.raw_url, plain.headers)
    except HTTPException as error:
        return error.code, error.get_headers(), error.get_body()


def install() -> None:
    BotocoreStubber.process_request = process_request  # type: ignore[method-assign]
    core.method_names_from_class = lru_cache(stock_names)  # type: ignore[assignment]


def uninstall() -> None:
    BotocoreStubber.process_request = stock_process  # type: ignore[method-assign]
    core.method_names_from_class = stock_names
