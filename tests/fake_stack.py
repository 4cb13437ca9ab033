"""CloudFormation with one stack, which really makes and takes away what the desk's tools look at. Behind botocore's door, so
that every parameter is checked against the service's own model; buckets, rules and the like are moto's."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import ClientError
from moto.ses.models import ses_backends

from dev.template import ACCOUNT, REGION
from tests.cast import MONDAY

Asked = dict[str, Any]
RULE = {"Name": "otklik-prod-mail-in", "Enabled": True, "Recipients": ["help.example.com"], "Actions": []}
OUTPUTS = {
    "RuleSetToActivate": "otklik-prod",
    "SiteBucketName": "otklik-prod-site",
    "SiteId": "SITE",
    "SiteName": "d1.cloudfront.net",
    "MailBucket": "otklik-prod-mail",
    "APIHandlerName": "otklik-prod-APIHandler",
}


@dataclass(frozen=True)
class Http:
    status_code: int = 200


def answered(client: Any, service: str, answers: dict[str, Callable[[Asked], Asked]]) -> Callable[[], None]:
    """`answers` by operation take the place of the service; botocore still checks what is asked. Answers how to undo it."""
    asked: list[Asked] = []

    def remember(params: Asked, **_: Any) -> None:
        asked.append(dict(params))

    def answer(model: Any, **_: Any) -> Any:
        found = answers.get(model.name)
        if found is None:
            return None
        try:
            return Http(), found(asked[-1])
        except ClientError as error:
            return Http(400), error.response

    client.meta.events.register(f"before-parameter-build.{service}", remember)
    client.meta.events.register(f"before-call.{service}", answer)

    def undo() -> None:
        client.meta.events.unregister(f"before-parameter-build.{service}", remember)
        client.meta.events.unregister(f"before-call.{service}", answer)

    return undo


def refused(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": {}}, "")


@dataclass
class FakeStack:
    """`physical` are the names of what the stack keeps when it goes. `ends`: what a change under way comes to at the second look."""

    physical: dict[str, str]
    status: str = ""
    ends: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    template: str = ""
    sets: dict[str, Asked] = field(default_factory=dict)
    made: int = 0  # changes that were carried out

    def operations(self) -> dict[str, Callable[[Asked], Asked]]:
        names = ("DescribeStacks", "CreateChangeSet", "DescribeChangeSet", "ExecuteChangeSet", "DeleteChangeSet",
                 "DeleteStack", "GetTemplate", "DescribeStackResource")  # fmt: skip
        return {name: getattr(self, "".join(f"_{c.lower()}" if c.isupper() else c for c in name)[1:]) for name in names}

    def describe_stacks(self, asked: Asked) -> Asked:
        self.must_be_there(asked)
        if self.ends and self.status != self.ends and self.looked:
            self.status, self.ends = self.ends, ""
        self.looked = True
        if self.status == "":
            self.must_be_there(asked)
        told = {"StackName": "otklik-prod", "StackId": "stack", "CreationTime": MONDAY, "StackStatus": self.status}
        told |= {"Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in self.parameters.items()]}
        return {"Stacks": [told | {"Outputs": [{"OutputKey": k, "OutputValue": v} for k, v in OUTPUTS.items()]}]}

    looked = False

    def must_be_there(self, asked: Asked) -> None:
        if not self.status:
            raise refused("ValidationError", f"Stack with id {asked['StackName']} does not exist")

    def create_change_set(self, asked: Asked) -> Asked:
        new = asked["ChangeSetType"] == "CREATE"
        if new != (self.status in ("", "REVIEW_IN_PROGRESS")):
            raise refused("ValidationError", f"Stack [otklik-prod] is {self.status}")
        self.status = self.status or "REVIEW_IN_PROGRESS"
        self.sets[asked["ChangeSetName"]] = asked
        return {"Id": "set", "StackId": "stack"}

    def describe_change_set(self, asked: Asked) -> Asked:
        found = self.sets[asked["ChangeSetName"]]
        if (self.wanted(found), self.body(found)) == (self.parameters, self.template):
            return {"Status": "FAILED", "StatusReason": "The submitted information didn't contain changes."}
        change = {"Action": "Modify", "LogicalResourceId": "Tick", "ResourceType": "AWS::Lambda::Function"}
        return {"Status": "CREATE_COMPLETE", "Changes": [{"Type": "Resource", "ResourceChange": change}]}

    @staticmethod
    def wanted(change: Asked) -> dict[str, str]:
        return {each["ParameterKey"]: each["ParameterValue"] for each in change["Parameters"]}

    @staticmethod
    def body(change: Asked) -> str:
        """The template must lie where its address says."""
        place = urlsplit(change["TemplateURL"])
        found = boto3.client("s3").get_object(Bucket=place.netloc.split(".")[0], Key=place.path[1:])["Body"].read()
        return str(found.decode())

    def execute_change_set(self, asked: Asked) -> Asked:
        found = self.sets[asked["ChangeSetName"]]
        kind = "CREATE" if self.status == "REVIEW_IN_PROGRESS" else "UPDATE"
        self.status, self.ends, self.looked = f"{kind}_IN_PROGRESS", f"{kind}_COMPLETE", False
        self.parameters, self.template, self.sets = self.wanted(found), self.body(found), {}
        self.made += 1
        if kind == "CREATE":
            boto3.client("ses").create_receipt_rule_set(RuleSetName="otklik-prod")
            boto3.client("ses").create_receipt_rule(RuleSetName="otklik-prod", Rule=RULE)
            make_bucket(OUTPUTS["SiteBucketName"])
        return {}

    def delete_change_set(self, asked: Asked) -> Asked:
        self.sets.pop(asked["ChangeSetName"], None)
        return {}

    def delete_stack(self, asked: Asked) -> Asked:
        """As it is: a bucket that is not empty stays, and so does a rule set that is active."""
        if self.status == "REVIEW_IN_PROGRESS":
            self.status = ""
        if not self.status:
            return {}
        try:
            delete_bucket(OUTPUTS["SiteBucketName"])
            boto3.client("ses").delete_receipt_rule_set(RuleSetName="otklik-prod")
            self.ends = ""
        except ClientError:
            self.ends = "DELETE_FAILED"
        self.status, self.looked, self.parameters, self.template = "DELETE_IN_PROGRESS", False, {}, ""
        if not self.ends:
            self.status = ""
        return {}

    def get_template(self, asked: Asked) -> Asked:
        return {"TemplateBody": self.template}

    def describe_stack_resource(self, asked: Asked) -> Asked:
        self.must_be_there(asked)
        name = asked["LogicalResourceId"]
        return {"StackResourceDetail": {"LogicalResourceId": name, "PhysicalResourceId": self.physical[name],
                                        "ResourceType": "x", "LastUpdatedTimestamp": MONDAY, "ResourceStatus": "x"}}  # fmt: skip


def make_bucket(name: str) -> None:
    place: Any = {"LocationConstraint": "eu-west-1"}
    boto3.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=place)


def delete_bucket(name: str) -> None:
    try:
        boto3.client("s3").delete_bucket(Bucket=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucket":
            raise


def delete_rule(asked: Asked) -> Asked:
    """moto does not know it."""
    rules = ses_backends[ACCOUNT][REGION].receipt_rule_set[asked["RuleSetName"]].rules
    rules[:] = [each for each in rules if each["Name"] != asked["RuleName"]]
    return {}
