"""Who is at the desk on a laptop: what seeds.py says, with passwords that exist only here."""

from typing import Any

import boto3

from chalicelib import config, seeds
from chalicelib.access import ADMIN, Agent
from dev.template import REGION

PASSWORD = "{login}-desk-2026"


def settle(domain: str, user_pool: str) -> None:
    """Queues, agents and their sign-ins, where the desk is new."""
    config.forget()
    if not config.config().queues:
        for queue in seeds.queues(domain):
            config.put_queue(queue)
        for agent in seeds.agents(domain):
            config.put_agent(agent)
    client = boto3.client("cognito-idp", region_name=REGION)
    known = {user["Username"] for user in client.list_users(UserPoolId=user_pool)["Users"]}
    for agent in seeds.agents(domain):
        if agent.login not in known:
            sign_up(client, user_pool, agent)
    config.forget()


def sign_up(client: Any, user_pool: str, agent: Agent) -> None:
    attributes = [{"Name": "email", "Value": agent.email}, {"Name": "email_verified", "Value": "true"}]
    client.admin_create_user(
        UserPoolId=user_pool, Username=agent.login, UserAttributes=attributes, MessageAction="SUPPRESS"
    )
    password = PASSWORD.format(login=agent.login)
    client.admin_set_user_password(UserPoolId=user_pool, Username=agent.login, Password=password, Permanent=True)


def sign_ins(domain: str) -> dict[str, Any]:
    """`agents` in the order of the seeds, and the `admin`, as `./desk run --json` prints them."""
    queues = config.config().queues
    people = [sign_in(agent, queues) for agent in seeds.agents(domain) if agent.role != ADMIN]
    admin = next(agent for agent in seeds.agents(domain) if agent.role == ADMIN)
    return {"agents": people, "admin": {"login": admin.login, "password": PASSWORD.format(login=admin.login)}}


def sign_in(agent: Agent, queues: Any) -> dict[str, Any]:
    names = [queues[queue].name for queue in agent.rights if queue in queues]
    return {"login": agent.login, "password": PASSWORD.format(login=agent.login), "name": agent.name, "queues": names}
