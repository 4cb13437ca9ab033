"""What would be deployed: Chalice's package with infra/ merged in, translated as CloudFormation does it."""

import json
import os
import re
import zipfile
from collections.abc import Iterator
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash
from pathlib import Path
from typing import Any

import pytest

from dev import package

pytestmark = pytest.mark.long
Resource = dict[str, Any]
FUNCTIONS = {
    "APIHandler": "ApiHandlerRole",
    "TakeIn": "TakeInRole",
    "Tick": "TickRole",
    "SesEvents": "SesEventsRole",
    "Index": "IndexRole",
    "SweepIndex": "SweepIndexRole",
}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("build")
    package.package(folder)
    return folder


@pytest.fixture(scope="module")
def resources(build: Path) -> dict[str, Resource]:
    made: dict[str, Resource] = json.loads((build / "cloudformation.json").read_text())["Resources"]
    return made


def of_type(resources: dict[str, Resource], kind: str) -> dict[str, Resource]:
    """The properties of all resources of a type."""
    return {name: each["Properties"] for name, each in resources.items() if each["Type"] == f"AWS::{kind}"}


XRAY = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]


def statements(properties: Resource) -> Iterator[Resource]:
    """Also those that hang on a condition."""
    for policy in properties.get("Policies", [properties]):
        for statement in policy["PolicyDocument"]["Statement"]:
            yield statement["Fn::If"][1] if "Fn::If" in statement else statement


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_the_linter_finds_nothing_in_either_template(build: Path) -> None:
    assert package.lint(build / "sam.json") + package.lint(build / "cloudformation.json") == 0


def test_every_route_of_the_app_is_packaged_and_no_other(resources: dict[str, Resource]) -> None:
    from app import app

    paths = resources["RestAPI"]["Properties"]["Body"]["paths"]
    packaged = {(path, method.upper()) for path, methods in paths.items() for method in methods if method != "options"}
    assert packaged == {
        (path, method) for path, methods in app.routes.items() for method in methods if method != "OPTIONS"
    }


def test_the_stage_is_called_api_since_cloudfront_sends_the_path_unchanged(resources: dict[str, Resource]) -> None:
    [stage] = of_type(resources, "ApiGateway::Stage").values()
    assert stage["StageName"] == "api"
    assert not any("StageName" in deployment for deployment in of_type(resources, "ApiGateway::Deployment").values())
    assert resources["RestAPI"]["Properties"]["EndpointConfiguration"] == {"Types": ["REGIONAL"]}


def test_what_the_gateway_refuses_itself_is_said_in_the_desks_form(resources: dict[str, Resource]) -> None:
    answers = resources["RestAPI"]["Properties"]["Body"]["x-amazon-apigateway-gateway-responses"]
    told = {kind: json.loads(answer["responseTemplates"]["application/json"]) for kind, answer in answers.items()}
    assert told["MISSING_AUTHENTICATION_TOKEN"]["code"] == "not_found"
    assert {"DEFAULT_4XX", "DEFAULT_5XX", "THROTTLED"} < set(told)
    assert all(set(body) == {"code", "message"} for body in told.values())


def test_there_are_these_functions_and_each_has_a_role_of_its_own(resources: dict[str, Resource]) -> None:
    roles = {name: each["Role"]["Fn::GetAtt"][0] for name, each in of_type(resources, "Lambda::Function").items()}
    assert roles == FUNCTIONS
    assert set(of_type(resources, "IAM::Role")) == set(FUNCTIONS.values())


def test_no_policy_allows_a_whole_service_or_every_resource(resources: dict[str, Resource]) -> None:
    for kind in ("IAM::Role", "S3::BucketPolicy", "SQS::QueuePolicy", "SNS::TopicPolicy"):
        for properties in of_type(resources, kind).values():
            for statement in statements(properties):
                assert statement["Effect"] == "Deny" or not any("*" in action for action in listed(statement["Action"]))
                # X-Ray knows no resources: its two actions are the only ones that name none.
                assert "*" not in listed(statement["Resource"]) or statement["Action"] == XRAY


def test_only_the_api_may_sign_agents_in_and_only_those_that_send_may_send(resources: dict[str, Resource]) -> None:
    def who_may(service: str) -> set[str]:
        return {
            role
            for role, properties in of_type(resources, "IAM::Role").items()
            for statement in statements(properties)
            if any(action.startswith(f"{service}:") for action in statement["Action"])
        }

    assert who_may("cognito-idp") == {"ApiHandlerRole"}
    assert who_may("ses") == {"ApiHandlerRole", "TakeInRole", "TickRole", "SweepIndexRole"}
    assert who_may("sqs") == {"TakeInRole", "SesEventsRole"}
    assert who_may("iam") == set()


def test_every_function_knows_where_the_desk_lives(resources: dict[str, Resource]) -> None:
    from chalicelib import settings

    for properties in of_type(resources, "Lambda::Function").values():
        variables = properties["Environment"]["Variables"]
        assert variables["OTKLIK_TABLE"] == {"Ref": "Table"}
        assert variables["OTKLIK_BUCKET"] == {"Ref": "Bucket"}
        # What the settings read is what the template gives, by the names in their own source.
        source = Path(settings.__file__).read_text()
        assert {name for name in variables if f'"{name}"' in source} == set(variables)


def test_every_queue_that_a_function_reads_has_dead_letters_and_time_enough(resources: dict[str, Resource]) -> None:
    queues = of_type(resources, "SQS::Queue")
    functions = of_type(resources, "Lambda::Function")
    every = of_type(resources, "Lambda::EventSourceMapping").values()
    sources = [each for each in every if "Fn::Sub" in each["EventSourceArn"]]
    assert len(sources) == 2
    for source in sources:
        queue = queues[source["EventSourceArn"]["Fn::Sub"].removeprefix("${").removesuffix(".Arn}")]
        assert source["BatchSize"] == 1
        assert source["ScalingConfig"]["MaximumConcurrency"] <= 20
        assert queue["RedrivePolicy"]["maxReceiveCount"] == 5
        assert queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0] in queues
        assert queue["VisibilityTimeout"] >= 6 * functions[source["FunctionName"]["Ref"]]["Timeout"]


def test_the_index_hears_of_tickets_alone_and_never_stops_at_one_that_it_cannot_read(
    resources: dict[str, Resource],
) -> None:
    every = of_type(resources, "Lambda::EventSourceMapping").values()
    [source] = [each for each in every if "Fn::GetAtt" in each["EventSourceArn"]]
    assert source["EventSourceArn"]["Fn::GetAtt"] == ["Table", "StreamArn"]
    pattern = json.loads(source["FilterCriteria"]["Filters"][0]["Pattern"])
    assert pattern == {"dynamodb": {"Keys": {"pk": {"S": [{"prefix": "T#"}]}, "sk": {"S": ["#"]}}}}
    # What is given up here, the hourly sweep finds: the table is the truth, not the stream.
    assert source["BisectBatchOnFunctionError"] is True
    assert source["MaximumRetryAttempts"] == 10


def test_the_table_can_be_brought_back_and_is_kept(resources: dict[str, Resource]) -> None:
    table = resources["Table"]
    assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == "Retain"
    assert table["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["Properties"]["SSESpecification"] == {"SSEEnabled": True}
    assert table["Properties"]["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}
    assert [index["IndexName"] for index in table["Properties"]["GlobalSecondaryIndexes"]] == [
        "list",
        "customer",
        "due",
    ]


def test_no_bucket_is_open_or_takes_plain_http_and_all_are_encrypted(resources: dict[str, Resource]) -> None:
    policies = {each["Bucket"]["Ref"]: each for each in of_type(resources, "S3::BucketPolicy").values()}
    for name, bucket in of_type(resources, "S3::Bucket").items():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert bucket["BucketEncryption"]
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
        denied = [statement for statement in statements(policies[name]) if statement["Effect"] == "Deny"]
        assert denied[0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert all(queue["SqsManagedSseEnabled"] for queue in of_type(resources, "SQS::Queue").values())


def test_whoever_may_tell_or_put_must_come_from_this_account(resources: dict[str, Resource]) -> None:
    for kind in ("S3::BucketPolicy", "SQS::QueuePolicy", "SNS::TopicPolicy"):
        for properties in of_type(resources, kind).values():
            for statement in statements(properties):
                if statement["Effect"] == "Allow":
                    asked = {key for condition in statement["Condition"].values() for key in condition}
                    assert asked & {"aws:SourceAccount", "aws:SourceArn"}


def test_mail_goes_from_the_rule_to_the_bucket_to_the_queue(resources: dict[str, Resource]) -> None:
    [rule] = of_type(resources, "SES::ReceiptRule").values()
    assert rule["Rule"]["Actions"] == [{"S3Action": {"BucketName": {"Ref": "Bucket"}, "ObjectKeyPrefix": "in/"}}]
    assert rule["Rule"]["Recipients"] == [{"Ref": "Domain"}]
    [notice] = resources["Bucket"]["Properties"]["NotificationConfiguration"]["QueueConfigurations"]
    assert notice["Filter"]["S3Key"]["Rules"] == [{"Name": "prefix", "Value": "in/"}]
    assert notice["Queue"] == {"Fn::GetAtt": ["MailQueue", "Arn"]}
    # SES writes into the bucket when the rule is made, and the bucket looks for the queue's leave when it is made.
    assert resources["MailRule"]["DependsOn"] == ["BucketPolicy"]
    assert resources["Bucket"]["DependsOn"] == ["MailQueuePolicy"]


def test_nobody_signs_himself_up(resources: dict[str, Resource]) -> None:
    pool = resources["UserPool"]["Properties"]
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]
    assert "ALLOW_ADMIN_USER_PASSWORD_AUTH" in resources["UserPoolClient"]["Properties"]["ExplicitAuthFlows"]


def test_logs_are_not_kept_for_ever_and_functions_have_limits(resources: dict[str, Resource]) -> None:
    groups = of_type(resources, "Logs::LogGroup")
    assert all(group["RetentionInDays"] == {"Ref": "LogDays"} for group in groups.values())
    functions = of_type(resources, "Lambda::Function")
    assert {each["LoggingConfig"]["LogGroup"]["Ref"] for each in functions.values()} == set(groups)
    assert functions["APIHandler"]["ReservedConcurrentExecutions"]["Fn::If"][1] == {"Ref": "ApiConcurrency"}
    assert functions["APIHandler"]["Timeout"] == 29
    assert {each["Architectures"][0] for each in functions.values()} == {"arm64"}


def test_every_function_is_traced_and_has_an_alarm_for_its_errors(resources: dict[str, Resource]) -> None:
    functions = of_type(resources, "Lambda::Function")
    assert {each["TracingConfig"]["Mode"] for each in functions.values()} == {"Active"}
    [stage] = of_type(resources, "ApiGateway::Stage").values()
    assert stage["TracingEnabled"] is True
    errors = [each for each in of_type(resources, "CloudWatch::Alarm").values() if each.get("MetricName") == "Errors"]
    assert {each["Dimensions"][0]["Value"]["Ref"] for each in errors} == set(functions)


def test_every_alarm_tells_somebody_and_says_in_a_sentence_what_is_wrong(resources: dict[str, Resource]) -> None:
    for alarm in of_type(resources, "CloudWatch::Alarm").values():
        assert alarm["AlarmActions"] == [{"Ref": "Alarms"}]
        assert alarm["AlarmDescription"].endswith(".") and alarm["TreatMissingData"]


def test_what_the_desk_measures_itself_is_what_the_alarms_wait_for(resources: dict[str, Resource]) -> None:
    """A metric that nobody writes any more would leave its alarm silent for ever."""
    told = json.dumps(of_type(resources, "CloudWatch::Alarm") | of_type(resources, "CloudWatch::Dashboard"))
    waited = set(re.findall(r'"Namespace": "Otklik", "MetricName": "(\w+)"', told))
    waited |= set(re.findall(r'\[\\"Otklik\\",\\"(\w+)\\"', told))
    source = "".join(file.read_text() for file in (package.ROOT / "chalicelib").glob("*.py"))
    assert waited and {name for name in waited if not re.search(rf'\b{name}=|"{name}"', source)} == set()


HEARD_OF = {
    "AWS/SQS": {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"},
    "AWS/SES": {"Reputation.BounceRate", "Reputation.ComplaintRate", "PublishFailure", "PublishExpired"},
    "AWS/Lambda": {"Errors", "Throttles", "Invocations"},
    "AWS/ApiGateway": {"5XXError"},
    "Otklik": {
        "OldestMailAge",
        "MailsFailed",
        "OutboxAge",
        "TimerLag",
        "SendUnknown",
        "BackupAge",
        "Mails",
        "AnswersStopped",
    },
}


def test_these_are_the_things_that_somebody_is_told_of(resources: dict[str, Resource]) -> None:
    """Queues and functions by their own names; what the desk measures by the table's, as the log writes it."""
    told: dict[str, set[str]] = {}
    for alarm in of_type(resources, "CloudWatch::Alarm").values():
        metric = alarm if "MetricName" in alarm else alarm["Metrics"][0]["MetricStat"]["Metric"]
        told.setdefault(metric["Namespace"], set()).add(metric["MetricName"])
        if metric["Namespace"] == "Otklik":
            assert metric["Dimensions"] == [{"Name": "Desk", "Value": {"Ref": "Table"}}]
    assert told == HEARD_OF
    [subscription] = [each for each in of_type(resources, "SNS::Subscription").values() if each["Protocol"] == "email"]
    assert subscription == {"TopicArn": {"Ref": "Alarms"}, "Protocol": "email", "Endpoint": {"Ref": "AlarmEmail"}}


def test_money_has_a_guard(resources: dict[str, Resource]) -> None:
    [budget] = of_type(resources, "Budgets::Budget").values()
    assert [each["Notification"]["Threshold"] for each in budget["NotificationsWithSubscribers"]] == [50, 80, 100]


def test_the_site_sends_the_same_headers_as_the_laptop(resources: dict[str, Resource]) -> None:
    sets = json.loads((package.INFRA / "site-headers.json").read_text())
    config = resources["Site"]["Properties"]["DistributionConfig"]
    used = {each["PathPattern"]: each.get("ResponseHeadersPolicyId") for each in config["CacheBehaviors"]}
    used["default"] = config["DefaultCacheBehavior"]["ResponseHeadersPolicyId"]
    assert {path: policy["Ref"] for path, policy in used.items() if policy} == {
        path: package.policy_name(path) for path in sets
    }
    for path, headers in sets.items():
        policy = resources[package.policy_name(path)]["Properties"]["ResponseHeadersPolicyConfig"]
        told = json.dumps(policy["SecurityHeadersConfig"]["ContentSecurityPolicy"])
        assert "script-src 'unsafe" not in headers["Content-Security-Policy"]
        assert headers["Content-Security-Policy"].partition("${")[0] in told


def test_cloudfront_proves_itself_to_the_api(resources: dict[str, Resource]) -> None:
    [origin] = [
        each for each in resources["Site"]["Properties"]["DistributionConfig"]["Origins"] if each["Id"] == "api"
    ]
    [header] = origin["OriginCustomHeaders"]
    assert header["HeaderName"].lower() == "x-otklik-site"
    assert header["HeaderValue"] == resources["APIHandler"]["Properties"]["Environment"]["Variables"]["OTKLIK_SITE"]


def test_the_zip_is_small_and_holds_the_app_and_neither_the_sdk_nor_the_laptop(build: Path) -> None:
    with zipfile.ZipFile(build / "deployment.zip") as archive:
        names = archive.namelist()
    assert {"app.py", "chalicelib/ticket.py"} <= set(names)
    assert not [name for name in names if name.split("/")[0] in ("boto3", "botocore", "dev", "tests", "moto")]
    assert os.path.getsize(build / "deployment.zip") < 12_000_000


def test_what_starts_is_compiled_already_from_the_very_sources(build: Path) -> None:
    with zipfile.ZipFile(build / "deployment.zip") as archive:
        ours = [
            name for name in archive.namelist() if name.startswith(("app.py", "chalicelib/")) and name.endswith(".py")
        ]
        for name in ours:
            compiled = archive.read(cache_from_source(name))
            assert compiled[:8] == MAGIC_NUMBER + b"\1\0\0\0", name  # by its source's hash, and not compared with it
            assert compiled[8:16] == source_hash(archive.read(name)), name
    assert len(ours) > 100
