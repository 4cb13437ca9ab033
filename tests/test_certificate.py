"""A name of one's own for the pages: its certificate is asked for once, where CloudFront looks for it, and used when it is there."""

from typing import Any

import pytest

from dev.aws import mail
from dev.aws.account import Account
from dev.aws.deploy import Wishes, own_name, parameters
from dev.cloud import Cloud
from tests.fake_stack import answered
from tests.test_deploy import THERE

NAME, ARN = "desk.example.com", "arn:aws:acm:us-east-1:123456789012:certificate/1"
RECORD = {"Name": f"_a.{NAME}.", "Type": "CNAME", "Value": "_b.acm-validations.aws."}


@pytest.fixture
def to(cloud: Cloud) -> Account:
    return Account("prod", "eu-west-1", sleep=lambda seconds: None)


def acm(to: Account, known: list[dict[str, str]], *looks: dict[str, Any]) -> list[str]:
    """`looks` are what describing the certificate answers, one after the other. What was asked for is noted."""
    asked: list[str] = []
    waiting = list(looks)

    def request(each: dict[str, Any]) -> dict[str, Any]:
        asked.append(each["DomainName"])
        return {"CertificateArn": ARN}

    answers = {
        "ListCertificates": lambda each: {"CertificateSummaryList": known},
        "RequestCertificate": request,
        "DescribeCertificate": lambda each: {"Certificate": waiting.pop(0) if waiting[1:] else waiting[0]},
    }
    answered(to.client("acm", "us-east-1"), "acm", answers)
    return asked


def test_a_new_name_gets_a_certificate_and_the_record_that_proves_it(to: Account) -> None:
    proven = {
        "Status": "PENDING_VALIDATION",
        "DomainValidationOptions": [{"DomainName": NAME, "ResourceRecord": RECORD}],
    }
    asked = acm(to, [], {"Status": "PENDING_VALIDATION"}, proven)
    wishes = Wishes(name=NAME)
    assert own_name(to, wishes) == {} and asked == [NAME]
    assert f"CNAME _a.{NAME} -> _b.acm-validations.aws" in wishes.left[0]


def test_one_that_is_there_is_used_and_one_that_is_issued_goes_before_one_that_waits(to: Account) -> None:
    known = [{"CertificateArn": "waits", "DomainName": NAME, "Status": "PENDING_VALIDATION"},
             {"CertificateArn": ARN, "DomainName": NAME, "Status": "ISSUED"},
             {"CertificateArn": "other", "DomainName": "example.com", "Status": "ISSUED"}]  # fmt: skip
    asked = acm(to, known, {"Status": "ISSUED"})
    assert own_name(to, Wishes(name=NAME)) == {"SiteDomain": NAME, "CertificateArn": ARN} and asked == []


def test_where_aws_thinks_of_no_record_the_console_is_named(to: Account) -> None:
    acm(to, [], {"Status": "PENDING_VALIDATION"})
    assert mail.certificate(to, NAME) == ("", None)


def test_a_dry_run_asks_for_no_certificate(to: Account) -> None:
    asked = acm(to, [], {"Status": "PENDING_VALIDATION"})
    assert "CertificateArn" not in parameters(to, THERE, Wishes(name=NAME, dry=True)) and asked == []
