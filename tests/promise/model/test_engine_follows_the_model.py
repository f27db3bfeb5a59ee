"""The engine and a model in plain Python get the same random history, and must give the same answers."""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from .machine import ShopMachine

# About a minute. A nightly run may ask for more: MODEL_EXAMPLES=20000.
EXAMPLES = int(os.environ.get("MODEL_EXAMPLES", "150"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(0 if EXAMPLES > 1_000 else 300)
def test_the_engine_answers_every_history_as_the_model_does() -> None:
    run_state_machine_as_test(
        ShopMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=40,
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
