"""One nginx for the tests that only ask, before a program that tells what it heard."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.front.nginx import Front, front
from tests.front.witness import witness


@pytest.fixture(scope="package")
def before_witness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """The file as it is."""
    folder: Path = tmp_path_factory.mktemp("front")
    with witness() as port, front(folder, port) as running:
        yield running
