"""Empties the database between tests that commit: only tables with rows, and never what every test needs."""

from typing import Any

from django.core.management.commands import flush
from django.db.backends.postgresql.operations import DatabaseOperations

# migrate fills these, every test reads them, none changes them: emptied, they would be filled again each time.
KEPT = {"django_content_type", "auth_permission"}
# TRUNCATE gives each table and each index a new file, which costs more than all of the tests' few rows. A table that
# has grown is truncated all the same: no test reads through what others left, or is planned for it.
FEW_BYTES = 128 * 1024
# The ledger refuses TRUNCATE and DELETE by triggers; emptying it between tests steps past them.
_EMPTY = """
DO $emptying$ DECLARE filled text; BEGIN
    SET LOCAL session_replication_role = replica;
    FOREACH filled IN ARRAY ARRAY[{tables}] LOOP
        CASE
            WHEN pg_relation_size(filled::regclass) = 0 THEN CONTINUE;
            WHEN pg_relation_size(filled::regclass) > {few_bytes} THEN EXECUTE 'TRUNCATE ' || filled || ' CASCADE';
            ELSE EXECUTE 'DELETE FROM ' || filled;
        END CASE;
    END LOOP;
END $emptying$
"""


def sql_flush(operations: DatabaseOperations, style: Any, tables: list[str], **_: Any) -> list[str]:
    """The statement that empties `tables`, in place of Django's TRUNCATE of them all."""
    emptied = [operations.quote_name(table) for table in tables if table not in KEPT]
    return [_EMPTY.format(tables=", ".join(f"'{table}'" for table in emptied), few_bytes=FEW_BYTES)] if emptied else []


def install(patch: Any) -> None:
    """Let Django's flush empty the tables this way."""
    patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
    patch.setattr(flush, "emit_post_migrate_signal", lambda *_: None)
