"""Looking after a deployed desk: what is stuck there, automatic answers off and on, dead letters tried again."""

import argparse
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from chalicelib import config, records
from chalicelib.checkup import Finding, counted
from dev.aws import inside, mail, release, stack
from dev.aws.account import Account, account, add_place, now, tell
from dev.aws.deploy import answered

DEAD = {
    "MailDead": "mails that could not be taken in",
    "SesEventDead": "events about our mails that could not be recorded",
}
LONGEST = 365 * 24  # hours: who wants silence for good takes the texts out of the queues


def findings(to: Account) -> Iterator[Finding]:
    """What AWS knows of the desk's troubles; what the desk itself knows is checkup's."""
    there = stack.look(to)
    yield from half_done(to, there)
    for alarm in ringing(to):
        yield Finding(f"Alarm: {alarm}", "The dashboard shows since when; the log of the function why.")
    for name, what in DEAD.items():
        if waiting := depth(to, name):
            advice = f"Mend what made them fail (the function's log), then `./desk redrive --stage {to.stage}`."
            yield Finding(f"{counted(waiting, 'dead letter', 'dead letters')}: {what}.", advice)
    for lacking in mail.standing(to):
        yield Finding(lacking, "Until then customers get no answer.")
    for lacking in mail.unheard(to):
        yield Finding(
            lacking, f"`./desk deploy --stage {to.stage}` puts it there; what has come meanwhile was bounced."
        )
    for lacking in mail.missing(mail.identity(to, there.parameter("Domain"))):
        yield Finding(
            f"SES does not see {lacking}.", f"`./desk deploy --stage {to.stage}` shows what belongs into the DNS."
        )


def half_done(to: Account, there: stack.Stack) -> Iterator[Finding]:
    """What a deployment has left, and whether anybody hears when something goes wrong."""
    again = f"`./desk deploy --stage {to.stage}` goes on; `./desk rollback --stage {to.stage}` goes back."
    if there.status.endswith("_FAILED"):
        yield Finding(f"The stack is half changed ({there.status}): {there.reason or 'its console says why'}", again)
    elif release.deployed(to).coming:
        yield Finding("The last deployment did not come to its end.", again, urgent=False)
    listening = [each["SubscriptionArn"] for each in subscribers(to, physical(to, "Alarms"))]
    if not listening:
        yield Finding(
            "Nobody hears of alarms.", f"`./desk deploy --stage {to.stage} --alarms ADDRESS` sends them there.", False
        )
    elif not any(each.startswith("arn:") for each in listening):
        yield Finding(
            "Nobody hears of alarms: AWS waits for an answer.", "Follow the link in its mail to that address."
        )


def subscribers(to: Account, topic: str) -> list[dict[str, Any]]:
    pages = to.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
    return [each for page in pages for each in page["Subscriptions"]]


def ringing(to: Account) -> list[str]:
    """What is wrong, in the alarms' own words."""
    pages = to.client("cloudwatch").get_paginator("describe_alarms")
    found = pages.paginate(AlarmNamePrefix=f"{to.stack}-", StateValue="ALARM", AlarmTypes=["MetricAlarm"])
    return [
        str(each["AlarmDescription"])
        for page in found
        for each in page["MetricAlarms"]
        if each["StateValue"] == "ALARM"
    ]


def depth(to: Account, name: str) -> int:
    asked = {"QueueUrl": physical(to, name), "AttributeNames": ["ApproximateNumberOfMessages"]}
    return int(to.client("sqs").get_queue_attributes(**asked)["Attributes"]["ApproximateNumberOfMessages"])


def physical(to: Account, name: str) -> str:
    """What CloudFormation has made of a resource of the template."""
    told = to.client("cloudformation").describe_stack_resource(StackName=to.stack, LogicalResourceId=name)
    return str(told["StackResourceDetail"]["PhysicalResourceId"])


# -- dead letters


def redriven(to: Account) -> int:
    """Back to the queue that they came from; taking a mail in again never makes a second ticket."""
    client = to.client("sqs")
    for name, what in DEAD.items():
        waiting = depth(to, name)
        if waiting:
            move(client, physical(to, name))
        tell(f"{waiting} {what}{': on their way again' if waiting else ''}.")
    return 0


def move(client: Any, url: str) -> None:
    """A queue has one such task at a time: where an earlier run has begun it, it is left alone."""
    arn = client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    tasks = client.list_message_move_tasks(SourceArn=arn).get("Results", ())
    if not any(each["Status"] == "RUNNING" for each in tasks):
        client.start_message_move_task(SourceArn=arn)


# -- automatic answers


def answers(to: Account, switch: str, hours: float) -> int:
    """The kill switch. Known everywhere within a minute."""
    with inside.desk_of(to):
        if switch == "off":
            until = now() + timedelta(hours=hours)
            config.stop_answers(until)
            tell(f"No automatic answer leaves before {config.config().silent_until:%Y-%m-%d %H:%M} UTC.")
        else:
            records.end_silence(now())
            tell("Automatic answers leave again.")
    return 0


def main(verb: str, arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog=f"./desk {verb}")
    if verb == "answers":
        parser.add_argument("switch", choices=["on", "off"])
        parser.add_argument("--hours", type=float, default=24, help="how long they stay off (default 24)")
    add_place(parser, required=True)
    given = parser.parse_args(arguments)
    if verb == "redrive":
        return answered(lambda: redriven(account(given.stage, given.region)))
    if not 0 < given.hours <= LONGEST:
        raise SystemExit(f"--hours must be more than 0 and at most {LONGEST}.")
    return answered(lambda: answers(account(given.stage, given.region), given.switch, given.hours))


def checked(to: Account) -> list[Finding]:
    """For `./desk doctor --stage`. Raises Stopped where there is no such desk."""
    from chalicelib import checkup

    with inside.desk_of(to):
        return sorted([*findings(to), *checkup.examine(now(), now())], key=lambda each: not each.urgent)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
