"""A desk in a real account: what the template cannot do is done once, and again only where it is missing. On moto."""

import argparse
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.stub import Stubber

from chalicelib import cognito, config
from chalicelib.access import ADMIN, Agent
from dev.aws import inside, mail, outside, release, site
from dev.aws.account import Account, Stopped
from dev.aws.deploy import main as deploy
from dev.aws.outside import Answer
from dev.aws.release import Deployed
from dev.aws.stack import Stack
from dev.cloud import Cloud

OUTPUTS = {
    "RuleSetToActivate": "otklik-prod",
    "SiteBucketName": "otklik-site",
    "SiteId": "SITE",
    "SiteName": "d1.cloudfront.net",
    "MailBucket": "otklik-mail",
    "APIHandlerName": "otklik-prod-APIHandler",
}
THERE = Stack(
    "CREATE_COMPLETE", (("Domain", "help.example.com"), ("SiteDomain", "desk.example.com")), tuple(OUTPUTS.items())
)
PAGES = {"index.html": b"<html>", "portal.html": b"<html>p", "assets/index-abc.js": b"js", "favicon.svg": b"<svg>"}


@pytest.fixture
def to(cloud: Cloud) -> Account:
    return Account("prod", "eu-west-1", sleep=lambda seconds: None)


# -- releases


def packed(**files: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as zipped:
        for name, text in files.items():
            zipped.writestr(name, text)
    return made.getvalue()


CODE = packed(app="print(1)")
TEMPLATE = {"Resources": {"Tick": {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"S3Bucket": "x"}}}}}
RELEASE = release.release_of(CODE, TEMPLATE, PAGES)


def test_the_same_release_has_the_same_name_whenever_it_was_packed() -> None:
    again = io.BytesIO()
    with zipfile.ZipFile(again, "w") as zipped:
        zipped.writestr(zipfile.ZipInfo("app", (2031, 1, 1, 0, 0, 0)), "print(1)")
    assert release.release_of(again.getvalue(), TEMPLATE, PAGES).id == RELEASE.id
    assert release.release_of(packed(app="print(2)"), TEMPLATE, PAGES).id != RELEASE.id
    assert release.release_of(CODE, TEMPLATE, PAGES | {"index.html": b"new"}).id != RELEASE.id


def test_new_pages_alone_change_no_function(to: Account) -> None:
    other = release.release_of(CODE, TEMPLATE, PAGES | {"index.html": b"new"})
    assert release.ready(other, to) == release.ready(RELEASE, to)


def test_a_release_that_was_put_away_comes_back_whole(to: Account) -> None:
    for _ in range(2):  # the second run finds the shelf as it is
        release.make_shelf(to)
        url = release.put_away(RELEASE, to)
    assert release.fetched(to, RELEASE.id) == (url, release.ready(RELEASE, to), PAGES)
    closed = to.client("s3").get_public_access_block(Bucket=to.shelf)["PublicAccessBlockConfiguration"]
    assert all(closed.values())


def test_the_shelf_knows_what_is_there_and_what_was_before(to: Account) -> None:
    assert release.deployed(to) == Deployed()
    release.make_shelf(to)
    for name in ("one", "two", "two", "three"):
        was = release.deployed(to)
        release.remember(to, was, was.after(name))
    assert release.deployed(to) == Deployed("three", ("one", "two"))
    assert release.deployed(to).back() == Deployed("two", ("one",))
    with pytest.raises(Stopped, match="no earlier release"):
        Deployed("one").back()


# -- pages


@pytest.fixture
def forgotten(to: Account) -> Iterator[list[Any]]:
    """Each time that CloudFront was asked to forget the pages."""
    asked: list[Any] = []
    client = to.client("cloudfront")
    client.meta.events.register_first(
        "before-call.cloudfront.CreateInvalidation",
        lambda params, **_: asked.append(params["url_path"]) or (answer(201), {}),
    )
    to.client("s3").create_bucket(Bucket="otklik-site", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    yield asked


def answer(status: int) -> Any:
    from botocore.awsrequest import AWSResponse

    return AWSResponse("", status, {}, None)


def test_pages_are_put_once_and_entrances_are_asked_for_again(to: Account, forgotten: list[Any]) -> None:
    assert site.publish(to, THERE, PAGES) == 4
    assert site.publish(to, THERE, PAGES) == 0
    assert site.publish(to, THERE, PAGES | {"index.html": b"<html>new"}) == 1
    assert len(forgotten) == 2
    head = to.client("s3").head_object(Bucket="otklik-site", Key="assets/index-abc.js")
    assert (head["ContentType"], head["CacheControl"]) == ("text/javascript", site.FOR_EVER)
    assert to.client("s3").head_object(Bucket="otklik-site", Key="index.html")["CacheControl"] == "no-cache"


# -- mail


@pytest.fixture
def rules(to: Account) -> Any:
    return to.client("ses")


def test_where_no_rules_are_active_the_desks_are_made_so(to: Account, rules: Any) -> None:
    with Stubber(rules) as told:
        told.add_response("describe_receipt_rule_set", {"Rules": [{"Name": "otklik-prod-mail-in"}]})
        told.add_response("describe_active_receipt_rule_set", {})
        told.add_response("set_active_receipt_rule_set", {}, {"RuleSetName": "otklik-prod"})
        assert "there were no others" in mail.activate(to, THERE)
        told.assert_no_pending_responses()


OURS = {"Name": "otklik-prod-mail-in", "Enabled": True}
THEIRS = {"Name": "billing", "Enabled": True, "Actions": [{"StopAction": {"Scope": "RuleSet"}}]}


def test_rules_that_are_active_already_stay_and_ours_goes_behind_them(to: Account, rules: Any) -> None:
    with Stubber(rules) as told:
        told.add_response("describe_receipt_rule_set", {"Rules": [OURS]})
        told.add_response("describe_active_receipt_rule_set", {"Metadata": {"Name": "office"}, "Rules": [THEIRS]})
        told.add_response("create_receipt_rule", {}, {"RuleSetName": "office", "Rule": OURS, "After": "billing"})
        said = mail.activate(to, THERE)
    assert "“office”" in said and "Look at billing" in said


@pytest.mark.parametrize(("there", "calls"), [(OURS, []), (OURS | {"Enabled": False}, ["update_receipt_rule"])])
def test_a_second_run_leaves_our_rule_or_mends_it(there: Any, calls: list[str], to: Account, rules: Any) -> None:
    with Stubber(rules) as told:
        told.add_response("describe_receipt_rule_set", {"Rules": [OURS]})
        told.add_response(
            "describe_active_receipt_rule_set", {"Metadata": {"Name": "office"}, "Rules": [THEIRS, there]}
        )
        for call in calls:
            told.add_response(call, {}, {"RuleSetName": "office", "Rule": OURS})
        mail.activate(to, THERE)
        told.assert_no_pending_responses()


def test_our_rule_leaves_the_others_before_the_desk_goes(to: Account, rules: Any) -> None:
    with Stubber(rules) as told:
        told.add_response("describe_active_receipt_rule_set", {"Metadata": {"Name": "office"}, "Rules": [THEIRS, OURS]})
        told.add_response("delete_receipt_rule", {}, {"RuleSetName": "office", "RuleName": OURS["Name"]})
        assert "taken out" in mail.deactivate(to, THERE)


def identity(verified: bool, bounce: str = "SUCCESS") -> dict[str, Any]:
    return {
        "VerifiedForSendingStatus": verified,
        "DkimAttributes": {"Status": "SUCCESS" if verified else "PENDING", "Tokens": ["t1", "t2", "t3"]},
        "MailFromAttributes": {"MailFromDomain": "bounce.help.example.com", "MailFromDomainStatus": bounce,
                               "BehaviorOnMxFailure": "USE_DEFAULT_VALUE"},
    }  # fmt: skip


def test_the_records_are_shown_until_ses_sees_them(to: Account, capsys: pytest.CaptureFixture[str]) -> None:
    with Stubber(to.client("sesv2")) as told:
        for each in (identity(False), identity(False), identity(True, "PENDING"), identity(True)):
            told.add_response("get_email_identity", each)
        assert mail.wait_for_dns(to, "help.example.com", 5) == []
    shown = capsys.readouterr().out
    assert "t1._domainkey.help.example.com" in shown and "10 inbound-smtp.eu-west-1.amazonaws.com" in shown
    assert "_dmarc.help.example.com" in shown and "v=spf1 include:amazonses.com" in shown


def test_who_does_not_want_to_wait_is_told_what_is_missing(to: Account) -> None:
    with Stubber(to.client("sesv2")) as told:
        told.add_response("get_email_identity", identity(False, "PENDING"))
        assert len(mail.wait_for_dns(to, "help.example.com", 0)) == 2


# -- the first administrator


@pytest.fixture
def new_desk(cloud: Cloud) -> None:
    cloud.empty()
    config.forget()


@pytest.mark.usefixtures("new_desk")
def test_a_new_desk_gets_its_queues_and_one_administrator_once() -> None:
    password = inside.furnish("ada", "ada@example.com")
    assert password and inside.furnish("eve", "eve@example.com") is None
    config.forget()
    assert set(config.config().queues) == {"support", "billing", "junk", "raw"}
    assert [(agent.login, agent.role) for agent in config.config().agents.values()] == [("ada", ADMIN)]
    told = cognito.authenticate("ada", password)
    assert told and told.get("ChallengeName") == "NEW_PASSWORD_REQUIRED"


@pytest.mark.usefixtures("new_desk")
def test_a_run_that_was_broken_off_after_the_account_is_brought_to_its_end() -> None:
    assert cognito.create("ada", "forgotten-aZ7")
    password = inside.furnish("ada", "ada@example.com")
    assert password
    told = cognito.authenticate("ada", password)
    assert told and "AuthenticationResult" in told


@pytest.mark.usefixtures("new_desk")
def test_without_an_administrator_somebody_must_be_named() -> None:
    with pytest.raises(Stopped, match="--admin"):
        inside.furnish("", "")


@pytest.mark.usefixtures("new_desk")
def test_an_administrator_who_has_left_is_none() -> None:
    config.put_agent(Agent("ada", "Ada", "ada@example.com", role=ADMIN, valid=False))
    assert inside.furnish("ben", "ben@example.com")


# -- from outside


def world(**wrong: Answer) -> outside.Fetch:
    shut = Answer(403, {})
    safe = {"content-security-policy": "default-src", "strict-transport-security": "max-age=1"}
    answers = {
        "health": Answer(200, {}, b'{"status": "ok"}'),
        "page": Answer(200, safe, b"<html>"),
        "tickets": Answer(401, {}),
    } | wrong

    def fetch(url: str) -> Answer:
        name = {"/api/health": "health", "/": "page", "/api/tickets": "tickets"}.get(
            url.removeprefix("https://d1.cloudfront.net")
        )
        return answers[name] if name else answers.get("bucket", shut)

    return fetch


def test_a_desk_that_is_well_has_nothing_against_it(to: Account) -> None:
    assert list(outside.looked_at(to, THERE, world())) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"health": Answer(0, {})}, "does not say that the desk is well"),
        ({"health": Answer(200, {}, b"<html>")}, "does not say that the desk is well"),
        ({"page": Answer(403, {})}, "does not show the desk"),
        ({"page": Answer(200, {}, b"<html>")}, "without its security headers"),
        ({"tickets": Answer(200, {})}, "does not ask who is there"),
        ({"bucket": Answer(200, {})}, "Anybody can list"),
    ],
)
def test_what_is_open_or_silent_is_said(wrong: dict[str, Answer], said: str, to: Account) -> None:
    assert any(said in each for each in outside.looked_at(to, THERE, world(**wrong)))


# -- what is asked for


@pytest.mark.parametrize("arguments", [["--stage", "PROD"], ["--stage", "prod", "--admin", "ada"], []])
def test_a_wrong_wish_is_refused_before_anything_is_done(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        deploy(arguments)


def test_another_domain_is_another_desk(to: Account) -> None:
    from dev.aws.deploy import Wishes, parameters

    with pytest.raises(Stopped, match="deploy another"):
        parameters(to, THERE, Wishes("other.example.com"))
    with pytest.raises(Stopped, match="--domain"):
        parameters(to, Stack(), Wishes())
    assert parameters(to, replace(THERE), Wishes(alarms="a@b.example"))["AlarmEmail"] == "a@b.example"


def test_settings_of_the_template_are_set_by_name_and_no_others(to: Account) -> None:
    from dev import package
    from dev.aws.deploy import SETTINGS, Wishes, parameters, setting

    wishes = Wishes(settings=(setting("Zone=Europe/Berlin"), setting("Search=")))
    assert parameters(to, replace(THERE), wishes) == {
        "Domain": THERE.parameter("Domain"),
        "Zone": "Europe/Berlin",
        "Search": "",
    }
    for wrong in ("Zone", "Domain=x.example", "=x"):
        with pytest.raises(argparse.ArgumentTypeError):
            setting(wrong)
    declared = package.additions()["Parameters"]
    assert set(SETTINGS) <= set(declared)


def test_a_first_deployment_that_failed_is_begun_with_all_of_its_settings(to: Account) -> None:
    from dev.aws.deploy import NOT_YET, Wishes, parameters

    failed = replace(THERE, status="ROLLBACK_COMPLETE")
    with Stubber(to.client("lambda")) as told:
        told.add_response("get_account_settings", {"AccountLimit": {"UnreservedConcurrentExecutions": 1000}})
        assert parameters(to, failed, Wishes("d.example")) == {"Domain": "d.example", "SiteDomain": NOT_YET}


def test_an_account_without_concurrency_to_reserve_reserves_none(to: Account) -> None:
    from dev.aws.deploy import NOT_YET, Wishes, parameters

    for free, wanted in ((10, {"ApiConcurrency": "0"}), (1000, {})):
        with Stubber(to.client("lambda")) as told:
            told.add_response("get_account_settings", {"AccountLimit": {"UnreservedConcurrentExecutions": free}})
            assert (
                parameters(to, Stack(), Wishes("d.example")) == {"Domain": "d.example", "SiteDomain": NOT_YET} | wanted
            )
