"""Cutting Shopify's schema down to what some operations touch.

`python -m sandbox.shopify.trim FULL.graphql [DOCUMENT.graphql ...]` writes `schema.graphql` beside this file: types,
fields and arguments of the full schema that the documents (and `answered.graphql`) need, and nothing else. Input
types and enums that are reached stay whole; descriptions are left out.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    FieldDefinitionNode,
    FieldNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    NamedTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    SchemaDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_ast_schema,
    parse,
    print_ast,
    visit,
)
from graphql.language import EnumTypeDefinitionNode, Node, TypeDefinitionNode, TypeNode

from sandbox.shopify.schema_files import ANSWERED, SCHEMA

DIRECTIVES = {"idempotent"}
BUILT_IN = {"Boolean", "Float", "ID", "Int", "String"}
WithFields = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode


class Uses(Visitor):
    """Notes which fields of which type a document uses, with which arguments, and the types that it names."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types
        self.fields: dict[str, set[str]] = {}
        self.arguments: set[tuple[str, str, str]] = set()
        self.named: set[str] = set()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        """Note a field."""
        parent = self._types.get_parent_type()
        if parent is not None and not node.name.value.startswith("__"):
            self.fields.setdefault(parent.name, set()).add(node.name.value)
            self.arguments |= {(parent.name, node.name.value, argument.name.value) for argument in node.arguments or ()}

    def enter_named_type(self, node: NamedTypeNode, *_: object) -> None:
        """Note a type of a fragment or a variable."""
        self.named.add(node.name.value)


class Trimmer:
    """The full schema's definitions, and which part of each is kept."""

    def __init__(self, full: DocumentNode, uses: Uses) -> None:
        self._all = {d.name.value: d for d in full.definitions if isinstance(d, TypeDefinitionNode)}
        self._directives = [
            d for d in full.definitions if isinstance(d, DirectiveDefinitionNode) and d.name.value in DIRECTIVES
        ]
        self._roots = [d for d in full.definitions if isinstance(d, SchemaDefinitionNode)]
        self._uses = uses
        self._fields: dict[str, set[str]] = {}
        self._kept: set[str] = set()

    def trimmed(self) -> str:
        """The part that is needed, as SDL."""
        for name, fields in self._uses.fields.items():
            self._keep_fields(name, fields)
        for name in self._uses.named:
            self._keep(name)
        while self._complete_implementers():
            pass
        kept = [self._cut(definition) for name, definition in sorted(self._all.items()) if name in self._kept]
        return (
            "\n\n".join(print_ast(_bare(definition)) for definition in [*self._root(), *self._directives, *kept]) + "\n"
        )

    def _keep_fields(self, name: str, fields: set[str]) -> bool:
        self._keep(name)
        new = fields - self._fields.setdefault(name, set())
        self._fields[name] |= new
        definition = self._all[name]
        assert isinstance(definition, WithFields)
        for field in definition.fields or ():
            if field.name.value in new:
                self._keep(_named(field.type))
                for argument in self._arguments(name, field):
                    self._keep(_named(argument.type))
        return bool(new)

    def _keep(self, name: str) -> None:
        if name in self._kept or name not in self._all:
            return
        self._kept.add(name)
        definition = self._all[name]
        if isinstance(definition, InputObjectTypeDefinitionNode):
            for field in definition.fields or ():
                self._keep(_named(field.type))

    def _arguments(self, type_name: str, field: FieldDefinitionNode) -> list[InputValueDefinitionNode]:
        return [
            argument
            for argument in field.arguments or ()
            if (type_name, field.name.value, argument.name.value) in self._uses.arguments
            or isinstance(argument.type, NonNullTypeNode)
            or _named(argument.type) in BUILT_IN
            or isinstance(self._all.get(_named(argument.type)), ScalarTypeDefinitionNode | EnumTypeDefinitionNode)
        ]

    def _complete_implementers(self) -> bool:
        """A type that implements a kept interface has the interface's kept fields."""
        grown = False
        for name in list(self._kept):
            definition = self._all[name]
            if isinstance(definition, WithFields):
                for interface in self._interfaces(definition):
                    grown |= self._keep_fields(name, self._fields.get(interface.name.value, set()))
        return grown

    def _interfaces(self, definition: WithFields) -> list[NamedTypeNode]:
        return [known for known in definition.interfaces or () if known.name.value in self._kept]

    def _root(self) -> list[SchemaDefinitionNode]:
        return [
            replace(root, operation_types=tuple(o for o in root.operation_types if _named(o.type) in self._kept))
            for root in self._roots
        ]

    def _cut(self, definition: TypeDefinitionNode) -> DefinitionNode:
        if not isinstance(definition, WithFields):
            return definition
        name = definition.name.value
        fields = [
            replace(field, arguments=tuple(self._arguments(name, field)))
            for field in definition.fields or ()
            if field.name.value in self._fields.get(name, set())
        ]
        return replace(definition, fields=tuple(fields), interfaces=tuple(self._interfaces(definition)))


class _WithoutDescriptions(Visitor):
    def enter(self, node: Node, *_: object) -> Node | None:
        """Take a definition's description away."""
        return replace(node, description=None) if getattr(node, "description", None) else None  # type: ignore[call-arg]


def trim(full_sdl: str, documents: Sequence[str]) -> str:
    """Return the part of `full_sdl` that `documents` need."""
    full = parse(full_sdl, no_location=True)
    types = TypeInfo(build_ast_schema(full, assume_valid=True))
    uses = Uses(types)
    for document in documents:
        visit(parse(document), TypeInfoVisitor(types, uses))
    return Trimmer(full, uses).trimmed()


def main(arguments: Sequence[str]) -> int:
    """Write `schema.graphql`."""
    documents = [ANSWERED.read_text(), *(Path(name).read_text() for name in arguments[1:])]
    SCHEMA.write_text(trim(Path(arguments[0]).read_text(), documents))
    return 0


def _named(node: TypeNode) -> str:
    while not isinstance(node, NamedTypeNode):
        node = node.type  # type: ignore[attr-defined]
    return node.name.value


def _bare(definition: DefinitionNode) -> Node:
    bare: Node = visit(definition, _WithoutDescriptions())
    return bare


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
