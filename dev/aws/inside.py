"""The desk's own code against a deployed stage: with the names that its functions know, and the rights of whoever runs it."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib import accounts, cognito, config, seeds
from chalicelib.access import ADMIN, Agent
from chalicelib.errors import Refused
from chalicelib.settings import settings
from dev.aws import kept
from dev.aws.account import Account, Stopped, tell
from dev.aws.stack import look


@contextmanager
def desk_of(account: Account) -> Iterator[None]:
    """From here on chalicelib works with this stage. Raises Stopped where there is none."""
    stack = look(account)
    if not stack.exists:
        raise Stopped(
            f"There is no desk “{account.stage}” in {account.region}; `./desk deploy --stage {account.stage}` makes one."
        )
    function = stack.output("APIHandlerName")
    told = account.client("lambda").get_function_configuration(FunctionName=function)["Environment"]["Variables"]
    with known_as(account, {name: value for name, value in told.items() if name.startswith("OTKLIK_")}):
        yield


@contextmanager
def what_was_kept(account: Account) -> Iterator[None]:
    """The memory of a desk that was taken away, to be read. Raises Stopped where there is none."""
    memory = kept.newest(account)
    names = {"OTKLIK_TABLE": memory.table, "OTKLIK_BUCKET": memory.bucket, "OTKLIK_DOMAIN": memory.domain}
    with known_as(account, names):
        yield


@contextmanager
def known_as(account: Account, names: dict[str, str]) -> Iterator[None]:
    wanted = names | {"AWS_DEFAULT_REGION": account.region}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    forget()
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        forget()


def forget() -> None:
    settings.cache_clear()
    config.forget()


def furnish(login: str, email: str) -> str | None:
    """Queues and the first administrator, where the desk has none; his first password, None where nothing was to be done.

    Raises Stopped where there is no administrator and nobody was named.
    """
    there = config.load()
    if any(agent.role == ADMIN and agent.valid for agent in there.agents.values()):
        return None
    for queue in seeds.queues(
        settings().domain
    ):  # without an administrator nobody has changed them: a run has died here
        if queue.id not in there.queues and not there.agents:
            config.put_queue(queue)
    config.forget()
    if not login or not email:
        raise Stopped(
            "The desk has no administrator yet: say who it is with --admin LOGIN=ADDRESS, e.g. ada=ada@example.com."
        )
    return first_administrator(login, email)


def sign_up_agents() -> int:
    """Each agent who has no account gets one, with a password that nobody knows: “Forgot your password?” gives him another."""
    every = config.load().agents.values()
    return sum(cognito.create(agent.login, f"{secrets.token_urlsafe(24)}-aZ7") for agent in every if agent.valid)


def first_administrator(login: str, email: str) -> str:
    """The account, its password told, then the agent: a run that dies in between finds no administrator, and begins again."""
    password = f"{secrets.token_urlsafe(12)}-aZ7"
    try:
        if not cognito.create(login, password):
            accounts.set_password(login, password)
    except Refused as refused:
        raise Stopped(f"The account of {login} could not be made: {refused.message}") from refused
    tell(
        f"\nThe first administrator signs in as “{login}” with the password  {password}  (once; it is kept nowhere).\n"
    )
    config.put_agent(Agent(login, login.capitalize(), email, role=ADMIN))
    config.forget()
    return password
