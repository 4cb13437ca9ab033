"""One fake cloud for the run, emptied before each test that asks for it, with the desk set up as the cast knows it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, settings

from chalicelib import config, postmaster
from chalicelib.search import engines, shelf
from chalicelib.search.engine import Engine
from chalicelib.settings import settings as settings_of_desk
from dev.cloud import Cloud, fake_cloud
from tests.cast import ADA, ANN, BEN, MONDAY, OLGA
from tests.fake_opensearch import FakePool

settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
settings.load_profile("desk")

# A question waits only so long for what is new in the index. On a busy machine a test would be told what was before.
shelf.Reader.PATIENCE = 60.0


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


@pytest.fixture(params=["tantivy", "opensearch"])
def engine(request: pytest.FixtureRequest, cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Whatever is found is found by both engines: tantivy itself, and OpenSearch's query JSON as a fake evaluates it."""
    if request.param == "opensearch":
        monkeypatch.setenv("OTKLIK_SEARCH", "https://search.eu-west-1.es.amazonaws.com")
        settings_of_desk.cache_clear()
        engines.engine.cache_clear()
        engines.engine().pool = FakePool()  # type: ignore[attr-defined]
    return engines.engine()


@pytest.fixture
def take_in(cloud: Cloud) -> Callable[..., None]:
    """SES has put a mail into the bucket, and the desk hears of it: one each second, from Monday morning on."""
    seconds = count()

    def deliver(raw: bytes, key: str = "in/abc") -> None:
        cloud.deliver_mail(raw, key)
        postmaster.take_in(key, MONDAY + timedelta(seconds=next(seconds)))

    return deliver
