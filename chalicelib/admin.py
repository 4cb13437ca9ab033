"""The administrator sets the desk up: queues and agents. Nothing is deleted, only made invalid."""

import re
from dataclasses import replace

from chalicelib import access, config
from chalicelib.access import Agent
from chalicelib.config import config as setup
from chalicelib.errors import NotFound, Refused
from chalicelib.queues import Queue


def queues(by: Agent) -> list[Queue]:
    access.check_admin(by)
    return sorted(setup().queues.values(), key=lambda queue: queue.name)


def queue(queue_id: str, by: Agent) -> Queue:
    access.check_admin(by)
    if queue_id not in setup().queues:
        raise NotFound("There is no such queue.")
    return setup().queues[queue_id]


def put_queue(new: Queue, by: Agent) -> Queue:
    """Made or changed. Names and addresses are taken only once."""
    access.check_admin(by)
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", new.id):
        raise Refused("A queue's id is made of small letters, digits and hyphens.", code="malformed")
    new = replace(new, address=new.address.lower())
    for other in setup().queues.values():
        if other.id != new.id and other.name == new.name:
            raise Refused(f"There is a queue “{new.name}” already.")
        if other.id != new.id and other.valid and new.valid and other.address == new.address:
            raise Refused(f"{new.address} is the address of the queue “{other.name}” already.")
    if not new.valid and new.id == setup().default_queue.id:
        raise Refused("The default queue cannot be made invalid: it takes the mail that names no other.")
    config.put_queue(new)
    return new


def agents(by: Agent) -> list[Agent]:
    access.check_admin(by)
    return sorted(setup().agents.values(), key=lambda agent: agent.login)


def agent(login: str, by: Agent) -> Agent:
    access.check_admin(by)
    if login not in setup().agents:
        raise NotFound("There is no such agent.")
    return setup().agents[login]


def put_agent(new: Agent, by: Agent) -> bool:
    """Made or changed; True where the agent is new and needs a first password. Rights are by queue id."""
    access.check_admin(by)
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,39}", new.login):
        raise Refused("A login is made of small letters, digits, dots and hyphens.", code="malformed")
    unknown = set(new.rights) - set(setup().queues)
    if unknown:
        raise Refused(f"There is no queue {', '.join(sorted(unknown))}.", code="malformed")
    if by.login == new.login and (not new.valid or new.role != access.ADMIN):
        raise Refused("You cannot take your own administrator's rights away.")
    is_new = new.login not in setup().agents
    config.put_agent(new)
    return is_new
