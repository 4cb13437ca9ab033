"""The fake cloud in a process of its own, so that what it costs is not counted as the desk's.

Prints one line of JSON, {"address", "environment"}, and answers AWS's wire protocols on 127.0.0.1 until it is ended.
"""

import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from moto.core.models import botocore_stubber

from dev import people
from dev.cloud import fake_cloud
from dev.template import REGION

HOSTS = {"ses": "email"}  # where the host is not called as the service is in signatures


class Door(BaseHTTPRequestHandler):
    """Hands each request to moto as if it had been sent to AWS; for whom it is stands in its signature."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet, or the kernel waits 40 ms for more to send

    def handle_expect_100(self) -> bool:
        """S3's clients wait a second for this word before they send a body."""
        super().handle_expect_100()
        self.wfile.flush()
        return True

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        service = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/", self.headers.get("Authorization", ""))
        host = f"{HOSTS.get(service[1], service[1]) if service else 's3'}.{REGION}.amazonaws.com"
        headers = HTTPHeaders()
        for name, value in self.headers.items():
            headers[name] = host if name == "Host" else value
        request = AWSPreparedRequest(self.command, f"https://{host}{self.path}", headers, body, False)
        status, told, content = botocore_stubber.process_request(request)
        self.reply(status, dict(told), content.encode() if isinstance(content, str) else content)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = answer

    def reply(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        length = headers.get("content-length", headers.get("Content-Length")) if self.command == "HEAD" else None
        for name, value in headers.items():
            if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                self.send_header(name, str(value))
        self.send_header("Content-Length", length or str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        """Silence: two thousand requests are of no interest."""


def main() -> None:
    with fake_cloud() as cloud:
        people.settle(cloud.domain, cloud.user_pool)
        server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        server.daemon_threads = True
        told = {"address": f"http://127.0.0.1:{server.server_port}", "environment": cloud.environment}
        print(json.dumps(told), flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
