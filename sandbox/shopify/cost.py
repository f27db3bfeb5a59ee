"""What a query costs, and each store's leaky bucket of points."""

from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    is_leaf_type,
)
from graphql.type import GraphQLInterfaceType, GraphQLSchema
from graphql.utilities import value_from_ast_untyped

from sandbox.web import Clock

MOST_POINTS = 1_000
MUTATION_POINTS = 10
CONNECTION_POINTS = 2
FREE = ("edges", "nodes", "node", "pageInfo")


class Counter:
    """Counts one document's points: an object 1, a connection 2 and its items, a mutation 10, a scalar nothing."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: dict[str, Any]) -> None:
        """Prepare."""
        self._schema = schema
        self._variables = variables
        self._fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}

    def points(self, operation: OperationDefinitionNode) -> int:
        """The points of an operation."""
        if operation.operation is OperationType.MUTATION:
            return MUTATION_POINTS * len(operation.selection_set.selections)
        root = self._schema.query_type
        assert root is not None
        return max(1, self._of(operation.selection_set, root))

    def _of(self, selections: SelectionSetNode | None, parent: Any) -> int:
        return sum(self._selection(node, parent) for node in (selections.selections if selections else ()))

    def _selection(self, node: Any, parent: Any) -> int:
        if isinstance(node, FragmentSpreadNode):
            fragment = self._fragments[node.name.value]
            return self._of(fragment.selection_set, self._schema.type_map[fragment.type_condition.name.value])
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            return self._of(node.selection_set, self._schema.type_map[condition.name.value] if condition else parent)
        assert isinstance(node, FieldNode)
        return self._field(node, parent)

    def _field(self, node: FieldNode, parent: Any) -> int:
        if node.name.value.startswith("__") or not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            return 0
        kind = get_named_type(parent.fields[node.name.value].type)
        if is_leaf_type(kind):
            return 0
        inside = self._of(node.selection_set, kind)
        if kind.name.endswith("Connection"):
            return CONNECTION_POINTS + self._size(node) * (1 + inside)
        return inside if node.name.value in FREE else 1 + inside

    def _size(self, node: FieldNode) -> int:
        for argument in node.arguments or ():
            if argument.name.value in ("first", "last"):
                value = value_from_ast_untyped(argument.value, self._variables)
                return value if isinstance(value, int) else 1
        return 1


class Bucket:
    """Points that come back with time."""

    def __init__(self, clock: Clock, size: float, restore: float) -> None:
        """Begin full."""
        self.size, self.restore = size, restore
        self._clock = clock
        self._points, self._at = size, clock.now()

    def available(self) -> float:
        """Points there now."""
        now = self._clock.now()
        self._points, self._at = min(self.size, self._points + (now - self._at) * self.restore), now
        return self._points

    def take(self, points: float) -> bool:
        """Take points if there are enough."""
        if self.available() < points:
            return False
        self._points -= points
        return True

    def status(self) -> dict[str, float]:
        """The throttleStatus of an answer."""
        available = int(self.available())
        return {"maximumAvailable": self.size, "currentlyAvailable": available, "restoreRate": self.restore}
