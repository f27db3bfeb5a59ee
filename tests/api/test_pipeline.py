"""Our way through a request mirrors the REST framework's: somebody must read an upgrade that changes it."""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.fields import Field
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from reservations.api import pipeline
from tests.api.client import Merchant, outcome

MIRRORED: dict[str, Callable[..., Any]] = {
    "APIView.dispatch": APIView.dispatch,
    "APIView.initial": APIView.initial,
    "Serializer.run_validation": Serializer.run_validation,
    "Field.run_validation": Field.run_validation,
}


def _documented() -> dict[str, list[str]]:
    """The steps that the module's own description lists, under the name of what takes them."""
    lists: dict[str, list[str]] = {}
    for line in (pipeline.__doc__ or "").splitlines():
        if re.fullmatch(r"\w+\.\w+", line):
            lists[line] = []
        elif step := re.match(r"    (\w+): ", line):
            lists[list(lists)[-1]].append(step[1])
    return lists


def _taken(function: Callable[..., Any]) -> list[str]:
    """The members of its object that the function uses, once each, in the order of its source."""
    nodes = list(ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))))
    own = [
        node
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
    ]
    kept = {node.attr for node in own if isinstance(node.ctx, ast.Store)}
    ordered = sorted(own, key=lambda node: (node.lineno, node.col_offset))
    return list(dict.fromkeys(node.attr for node in ordered if node.attr not in kept))


def test_every_way_that_is_mirrored_is_described() -> None:
    assert _documented().keys() == MIRRORED.keys()


@pytest.mark.parametrize("name", MIRRORED)
def test_the_framework_takes_the_steps_that_the_pipeline_describes(name: str) -> None:
    assert _documented()[name] == _taken(MIRRORED[name])


def test_every_override_of_a_view_is_a_step_or_belongs_to_one() -> None:
    described = {*_documented()["APIView.dispatch"], *_documented()["APIView.initial"], "dispatch", "options"}
    policies = {"authentication_classes", "permission_classes", "throttle_classes"}
    for view in (pipeline.OpenView, pipeline.ApiView):
        overridden = {name for name in vars(view) if hasattr(APIView, name) and not name.startswith("__")}
        assert overridden <= described | policies, view


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["DISPATCH", "INITIAL", "SETUP", "READ", "AS_VIEW"])
@pytest.mark.parametrize("path", ["/healthz", "/stock/SKU-1"])
def test_a_method_named_like_a_part_of_the_view_is_refused(method: str, path: str) -> None:
    assert outcome(Merchant().send(method, path)) == (405, "method_not_allowed")
