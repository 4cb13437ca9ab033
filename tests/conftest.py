"""One fake cloud for the run, emptied before each test that asks for it, with the desk set up as the cast knows it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, settings

from chalicelib import config, postmaster
from dev.cloud import Cloud, fake_cloud
from tests.cast import ADA, ANN, BEN, MONDAY, OLGA

settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
settings.load_profile("desk")


@pytest.fixture(scope="session")
def one_cloud() -> Iterator[Cloud]:
    with fake_cloud() as cloud:
        yield cloud


@pytest.fixture
def cloud(one_cloud: Cloud) -> Cloud:
    """Empty but for the queues as seeded and the four agents."""
    from chalicelib import seeds

    one_cloud.empty()
    for queue in seeds.queues(one_cloud.domain):
        config.put_queue(queue)
    for agent in (ANN, BEN, OLGA, ADA):
        config.put_agent(agent)
    return one_cloud


@pytest.fixture
def take_in(cloud: Cloud) -> Callable[..., None]:
    """SES has put a mail into the bucket, and the desk hears of it: one each second, from Monday morning on."""
    seconds = count()

    def deliver(raw: bytes, key: str = "in/abc") -> None:
        cloud.deliver_mail(raw, key)
        postmaster.take_in(key, MONDAY + timedelta(seconds=next(seconds)))

    return deliver
