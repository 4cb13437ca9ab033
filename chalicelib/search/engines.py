"""The engine that this desk is set to: tantivy in S3, or OpenSearch at an address (OTKLIK_SEARCH)."""

from functools import cache

from chalicelib.search.engine import Engine
from chalicelib.settings import settings


@cache
def engine() -> Engine:
    """Made once a process: it keeps its copy of the index. Only who searches pays for its import."""
    if settings().search:
        from chalicelib.search.opensearch import OpenSearch

        return OpenSearch(settings().search)
    from chalicelib.search.tantivy_engine import TantivyEngine

    return TantivyEngine()
