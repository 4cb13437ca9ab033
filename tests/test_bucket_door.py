"""The bucket's door on the laptop is as narrow as S3's: signed, in time, and exactly as agreed."""

import base64

import pytest

from chalicelib import files
from chalicelib.article import StoredFile
from dev.bucket import Bucket
from dev.cloud import Cloud
from dev.gateway import Answer, Request

ORIGIN = "http://127.0.0.1:8025"


@pytest.fixture
def door(one_cloud: Cloud) -> Bucket:
    one_cloud.empty()
    return Bucket(one_cloud.bucket, ORIGIN)


def ask(door: Bucket, method: str, target: str, body: bytes = b"", **headers: str) -> Answer:
    return door.answer(Request(method, target, headers, body))


def test_a_download_that_the_desk_signed_is_served_as_it_says(door: Bucket, one_cloud: Cloud) -> None:
    answer = ask(door, "GET", signed(door, "files/Счёт.pdf"))
    headers = dict(answer.headers)
    assert (answer.status, answer.body) == (200, b"data")
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''%D0%A1.pdf"


def signed(door: Bucket, key: str, seconds: int = 60) -> str:
    """The address that the desk would answer, after its own as this server's."""
    door.client.put_object(Bucket=door.name, Key=key, Body=b"data")
    asked = {"ResponseContentDisposition": "attachment; filename*=UTF-8''%D0%A1.pdf", "ResponseContentType": "x/y"}
    parameters = {"Bucket": door.name, "Key": key} | asked
    url = door.client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=seconds)
    return door.local(url.encode()).decode().removeprefix(ORIGIN)


def test_the_desk_signs_for_the_address_of_the_region(one_cloud: Cloud) -> None:
    # The global address sends young buckets' guests on to the region's, where its signatures do not hold.
    address = f"https://{one_cloud.bucket}.s3.eu-west-1.amazonaws.com/"
    assert files.download_url(StoredFile("files/1", "a.txt", "text/plain", 1)).startswith(address)
    assert files.upload_form("ann", "a.txt", "text/plain", 1)["url"] == address


def test_a_download_with_another_key_is_refused(door: Bucket) -> None:
    signed(door, "secret")
    assert ask(door, "GET", signed(door, "files/1").replace("files/1", "secret")).status == 403


def test_a_download_shown_as_a_page_is_refused(door: Bucket) -> None:
    assert ask(door, "GET", signed(door, "files/1").replace("x%2Fy", "text%2Fhtml")).status == 403


def test_a_download_that_is_too_old_is_refused(door: Bucket) -> None:
    assert ask(door, "GET", signed(door, "files/1", seconds=-1)).status == 403


def test_the_bucket_without_a_signature_is_closed(door: Bucket) -> None:
    signed(door, "files/1")
    assert ask(door, "GET", "/dev/bucket/files/1").status == 403


def upload(door: Bucket, content: bytes, **changed: str) -> Answer:
    conditions = [{"Content-Type": "text/plain"}, {"x-amz-meta-name": "bg"}, ["content-length-range", 5, 5]]
    fields = {"Content-Type": "text/plain", "x-amz-meta-name": "bg"}
    client, name = door.client, door.name
    form = client.generate_presigned_post(name, "up/x", Fields=fields, Conditions=conditions)["fields"] | changed
    parts = [f'--B\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in form.items()]
    file = b'--B\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + content + b"\r\n--B--\r\n"
    return ask(
        door, "POST", "/dev/bucket/", b"".join(parts) + file, **{"content-type": "multipart/form-data; boundary=B"}
    )


def test_an_upload_arrives_with_its_name_and_type(door: Bucket) -> None:
    assert upload(door, b"a\r\n--").status == 204
    found = door.client.get_object(Bucket=door.name, Key="up/x")
    assert (found["Body"].read(), found["ContentType"], found["Metadata"]) == (b"a\r\n--", "text/plain", {"name": "bg"})


@pytest.mark.parametrize(
    ("content", "changed"),
    [
        (b"longer", {}),
        (b"less", {}),
        (b"12345", {"Content-Type": "text/html"}),
        (b"12345", {"key": "in/forged"}),
        (b"12345", {"x-amz-meta-more": "1"}),
        (b"12345", {"policy": base64.b64encode(b'{"conditions": []}').decode()}),
    ],
)
def test_an_upload_that_is_not_as_agreed_is_refused(
    door: Bucket, one_cloud: Cloud, content: bytes, changed: dict[str, str]
) -> None:
    assert upload(door, content, **changed).status in (400, 403)
    assert one_cloud.objects() == []
