"""Servers that a test may break, and the shops on them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.migrated_data import home_with
from tests.support.stage import Stage, on_stage, stage_at


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory, migrated_data: Path) -> Iterator[Stage]:
    """PostgreSQL and Redis of this module's own."""
    with stage_at(home_with(migrated_data, tmp_path_factory.mktemp("stage"))) as stage:
        yield stage


@pytest.fixture
def stage(servers: Stage, transactional_db: None) -> Iterator[Stage]:
    """The servers, with this process's engine and models on them. Each test makes shops of its own."""
    with on_stage(servers):
        yield servers
