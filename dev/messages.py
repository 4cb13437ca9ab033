"""moto's queues, used directly: its own ways count the whole queue for each message, and lose one that arrives while
another is deleted. Everything here holds the queue's lock."""

import re
import uuid
from typing import Any

from moto.core.utils import unix_time_millis
from moto.sqs.models import Message, sqs_backends

from dev.template import ACCOUNT, REGION


def queues() -> dict[str, Any]:
    found: dict[str, Any] = sqs_backends[ACCOUNT][REGION].queues
    return found


def send(name: str, body: str) -> None:
    message = Message(str(uuid.uuid4()), body)
    message.mark_sent(delay_seconds=0)
    queue = queues()[name]
    with queue._messages_lock:
        queue._messages.append(message)


def receive(name: str) -> Message | None:
    """The first one that is visible, invisible to others for the queue's time-out; those tried too often are put away
    as the redrive policy says."""
    queue = queues()[name]
    most = queue.redrive_policy["maxReceiveCount"] if queue.redrive_policy else None
    now = unix_time_millis()
    with queue._messages_lock:
        for message in list(queue._messages):
            if message.visible_at > now:
                continue
            if most is not None and message.approximate_receive_count >= most:
                queue._messages.remove(message)
                queue.dead_letter_queue._messages.append(message)
                continue
            message.mark_received(visibility_timeout=int(queue.visibility_timeout))
            return message
    return None


def delete(name: str, message: Message) -> None:
    queue = queues()[name]
    with queue._messages_lock:
        if message in queue._messages:
            queue._messages.remove(message)


def subscribers(topic: str) -> list[str]:
    """The names of the queues to which a topic hands its messages."""
    from moto.sns.models import sns_backends

    found = sns_backends[ACCOUNT][REGION].subscriptions.values()
    return [re.split("[:/]", each.endpoint)[-1] for each in found if each.topic.arn == topic and each.protocol == "sqs"]
