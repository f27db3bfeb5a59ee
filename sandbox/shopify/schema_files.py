"""Where the schema lies, and the operations that the stand-in can answer."""

from pathlib import Path

HERE = Path(__file__).parent
SCHEMA = HERE / "schema.graphql"
ANSWERED = HERE / "answered.graphql"
