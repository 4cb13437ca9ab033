"""Makes what a CloudFormation template declares by plain API calls, as far as the laptop and the tests need it.

moto's own CloudFormation drops bucket notifications and knows no user pools. Whatever is not in MAKERS is passed over:
roles, functions, alarms and the like have no work on the laptop.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3

Properties = dict[str, Any]
INFRA = Path(__file__).parent.parent / "infra"


def template() -> dict[str, Any]:
    """What `infra/` declares in the files that `chalice package` merges"""
    found: dict[str, Any] = {}
    for path in sorted(INFRA.glob("*.json")):
        declared = json.loads(path.read_text())
        if "Resources" in declared:
            for part, each in declared.items():
                found.setdefault(part, {}).update(each) if isinstance(each, dict) else None
    return found


class Maker:
    """Makes each resource of a template at most once, first those that it refers to.

    `parameters` answer Ref where no resource does. `made[id]` is what Ref and GetAtt answer.
    """

    def __init__(self, template: dict[str, Any], parameters: dict[str, str]) -> None:
        self.resources = template.get("Resources", {})
        self.conditions = template.get("Conditions", {})
        declared = template.get("Parameters", {})
        defaults = {name: each["Default"] for name, each in declared.items() if "Default" in each}
        self.parameters = defaults | parameters
        self.made: dict[str, dict[str, str]] = {}

    def make_all(self) -> None:
        for name, resource in self.resources.items():
            if resource.get("Type") in MAKERS:
                self.make(name)

    def make(self, name: str) -> dict[str, str]:
        if name not in self.made:
            resource = self.resources[name]
            maker = MAKERS.get(resource.get("Type", ""))
            properties = self.value(resource.get("Properties", {})) if maker else {}
            self.made[name] = maker(name, properties) if maker else {"Ref": name, "Arn": f"arn:aws:none:::{name}"}
        return self.made[name]

    def value(self, given: Any) -> Any:
        """With Ref, GetAtt, Sub, Join and If answered."""
        if isinstance(given, list):
            return [each for each in map(self.value, given) if each is not NOTHING]
        if not isinstance(given, dict):
            return given
        if len(given) == 1:
            [(word, argument)] = given.items()
            if word in ("Ref", "Fn::GetAtt", "Fn::Sub", "Fn::Join", "Fn::If"):
                return self.function(word, argument)
        return {name: its for name, each in given.items() if (its := self.value(each)) is not NOTHING}

    def function(self, word: str, argument: Any) -> Any:
        if word == "Ref":
            return self.ref(argument)
        if word == "Fn::GetAtt":
            name, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
            return self.make(name).get(attribute, f"{name}.{attribute}")
        if word == "Fn::Sub":
            return self.substituted(argument)
        if word == "Fn::Join":
            return argument[0].join(str(each) for each in self.value(argument[1]))
        return self.value(argument[1] if self.holds(self.conditions[argument[0]]) else argument[2])

    def ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NOTHING
        if name in self.resources:
            return self.make(name)["Ref"]
        return self.parameters.get(name, PSEUDO.get(name, name))

    def substituted(self, argument: Any) -> str:
        text, own = (argument, {}) if isinstance(argument, str) else argument

        def each(match: re.Match[str]) -> str:
            name = match[1]
            if name in own:
                return str(self.value(own[name]))
            if "." in name:
                return str(self.function("Fn::GetAtt", name))
            return str(self.ref(name))

        return re.sub(r"\$\{([^!][^}]*)\}", each, text)

    def holds(self, condition: Any) -> bool:
        [(word, argument)] = condition.items()
        if word == "Fn::Equals":
            return bool(self.value(argument[0]) == self.value(argument[1]))
        if word == "Fn::Not":
            return not self.holds(argument[0])
        if word == "Condition":
            return self.holds(self.conditions[argument])
        return (all if word == "Fn::And" else any)(self.holds(each) for each in argument)


NOTHING = object()
REGION = "eu-west-1"
ACCOUNT = "123456789012"
PSEUDO = {
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": "otklik",
}


def local_name(logical: str) -> str:
    return "otklik-" + re.sub(r"(?<!^)(?=[A-Z])", "-", logical).lower()


def table(name: str, given: Properties) -> dict[str, str]:
    taken = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode", "StreamSpecification")
    wanted = {word: given[word] for word in taken if word in given}
    if "StreamSpecification" in wanted:
        wanted["StreamSpecification"] = {"StreamEnabled": True} | wanted["StreamSpecification"]
    own = given.get("TableName", local_name(name))
    made = boto3.client("dynamodb", region_name=REGION).create_table(TableName=own, **wanted)["TableDescription"]
    return {"Ref": own, "Arn": made["TableArn"], "StreamArn": made.get("LatestStreamArn", "")}


def bucket(name: str, given: Properties) -> dict[str, str]:
    own = given.get("BucketName", local_name(name))
    client = boto3.client("s3", region_name=REGION)
    client.create_bucket(Bucket=own, CreateBucketConfiguration={"LocationConstraint": REGION})
    if notifications := given.get("NotificationConfiguration", {}).get("QueueConfigurations"):
        configuration = {"QueueConfigurations": [notification(each) for each in notifications]}
        client.put_bucket_notification_configuration(Bucket=own, NotificationConfiguration=configuration)
    return {"Ref": own, "Arn": f"arn:aws:s3:::{own}", "RegionalDomainName": f"{own}.s3.{REGION}.amazonaws.com"}


def notification(given: Properties) -> Properties:
    """From CloudFormation's words to those of the API."""
    rules = given.get("Filter", {}).get("S3Key", {}).get("Rules", [])
    wanted = {"QueueArn": given["Queue"], "Events": [given["Event"]]}
    return wanted | ({"Filter": {"Key": {"FilterRules": rules}}} if rules else {})


def queue(name: str, given: Properties) -> dict[str, str]:
    own = given.get("QueueName", local_name(name))
    attributes = {word: str(given[word]) for word in ("VisibilityTimeout", "MessageRetentionPeriod") if word in given}
    if "RedrivePolicy" in given:
        attributes["RedrivePolicy"] = json.dumps(given["RedrivePolicy"])
    url = boto3.client("sqs", region_name=REGION).create_queue(QueueName=own, Attributes=attributes)["QueueUrl"]
    return {"Ref": url, "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{own}", "QueueName": own}


def identity(name: str, given: Properties) -> dict[str, str]:
    boto3.client("sesv2", region_name=REGION).create_email_identity(EmailIdentity=given["EmailIdentity"])
    return {"Ref": given["EmailIdentity"], "Arn": f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/{given['EmailIdentity']}"}


def configuration_set(name: str, given: Properties) -> dict[str, str]:
    own = given.get("Name", local_name(name))
    boto3.client("sesv2", region_name=REGION).create_configuration_set(ConfigurationSetName=own)
    return {"Ref": own, "Arn": f"arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/{own}"}


def user_pool(name: str, given: Properties) -> dict[str, str]:
    taken = ("Policies", "AliasAttributes", "UsernameAttributes", "AutoVerifiedAttributes", "AccountRecoverySetting",
             "AdminCreateUserConfig", "UsernameConfiguration")  # fmt: skip
    wanted = {word: given[word] for word in taken if word in given}
    client = boto3.client("cognito-idp", region_name=REGION)
    made = client.create_user_pool(PoolName=given.get("UserPoolName", local_name(name)), **wanted)["UserPool"]
    # As many second factors as agents want; moto asks for them only where the pool allows the kind.
    client.set_user_pool_mfa_config(
        UserPoolId=made["Id"], SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="OPTIONAL"
    )
    return {"Ref": made["Id"], "Arn": made["Arn"]}


def user_pool_client(name: str, given: Properties) -> dict[str, str]:
    taken = ("UserPoolId", "ExplicitAuthFlows", "PreventUserExistenceErrors", "GenerateSecret")
    wanted = {word: given[word] for word in taken if word in given}
    own = given.get("ClientName", local_name(name))
    made = boto3.client("cognito-idp", region_name=REGION).create_user_pool_client(ClientName=own, **wanted)[
        "UserPoolClient"
    ]
    return {"Ref": made["ClientId"]}


def topic(name: str, given: Properties) -> dict[str, str]:
    own = given.get("TopicName", local_name(name))
    arn = boto3.client("sns", region_name=REGION).create_topic(Name=own)["TopicArn"]
    return {"Ref": arn, "Arn": arn, "TopicArn": arn, "TopicName": own}


def subscription(name: str, given: Properties) -> dict[str, str]:
    attributes = {"RawMessageDelivery": "true"} if given.get("RawMessageDelivery") else {}
    arn = boto3.client("sns", region_name=REGION).subscribe(
        TopicArn=given["TopicArn"], Protocol=given["Protocol"], Endpoint=given["Endpoint"], Attributes=attributes
    )["SubscriptionArn"]
    return {"Ref": arn}


def event_destination(name: str, given: Properties) -> dict[str, str]:
    """Remembered here: moto keeps it, but tells nobody anything."""
    wanted = given["EventDestination"]
    topic = wanted.get("SnsDestination", {}).get("TopicARN", "")
    destinations[given["ConfigurationSetName"]] = (topic, set(wanted.get("MatchingEventTypes", ())))
    return {"Ref": name}


destinations: dict[str, tuple[str, set[str]]] = {}  # by configuration set: the topic, and the types it hears of

MAKERS: dict[str, Callable[[str, Properties], dict[str, str]]] = {
    "AWS::DynamoDB::Table": table,
    "AWS::S3::Bucket": bucket,
    "AWS::SQS::Queue": queue,
    "AWS::SES::EmailIdentity": identity,
    "AWS::SES::ConfigurationSet": configuration_set,
    "AWS::SES::ConfigurationSetEventDestination": event_destination,
    "AWS::SNS::Topic": topic,
    "AWS::SNS::Subscription": subscription,
    "AWS::Cognito::UserPool": user_pool,
    "AWS::Cognito::UserPoolClient": user_pool_client,
}
