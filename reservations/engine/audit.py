"""Audit: recompute every counter from the ledger and the reservations, and report what is off."""

from dataclasses import dataclass

from .book import committed_reads

# Each check finds the stock items (and, where it helps, the ledger row) that break one rule. One statement each, so
# that it judges one moment even while the service runs. LEFT JOINs from the stock: a counter without a row behind it is
# a finding too, and so IS DISTINCT FROM and coalesce, for which a NULL is a difference.
_CHECKS: dict[str, str] = {
    # Dead holds count too until a job writes them down: `reserved` is a counter of rows, not of living buyers.
    "reserved differs from its active reservations": """
        SELECT i.sku, format('reserved %%s, active reservations %%s', i.reserved, coalesce(r.units, 0))
        FROM reservations_stockitem AS i
        LEFT JOIN (SELECT stock_item_id, sum(quantity) AS units FROM reservations_reservation
                   WHERE shop_id = %(shop)s AND status = 'active' GROUP BY 1) AS r ON r.stock_item_id = i.id
        WHERE i.shop_id = %(shop)s AND i.reserved <> coalesce(r.units, 0)
    """,
    "stock differs from the sum of its ledger": """
        SELECT i.sku, format('row (%%s, %%s, %%s) at %%s, ledger (%%s, %%s, %%s) in %%s rows',
            i.on_hand, i.reserved, i.in_flight, i.ledger_position, coalesce(m.on_hand, 0), coalesce(m.reserved, 0),
            coalesce(m.in_flight, 0), coalesce(m.rows, 0))
        FROM reservations_stockitem AS i
        LEFT JOIN (SELECT stock_item_id, count(*) AS rows, sum(on_hand_delta) AS on_hand,
                          sum(reserved_delta) AS reserved, sum(in_flight_delta) AS in_flight
                   FROM reservations_stockmovement WHERE shop_id = %(shop)s GROUP BY 1) AS m ON m.stock_item_id = i.id
        WHERE i.shop_id = %(shop)s
            AND (i.on_hand, i.reserved, i.in_flight, i.ledger_position) IS DISTINCT FROM
                (coalesce(m.on_hand, 0), coalesce(m.reserved, 0), coalesce(m.in_flight, 0), coalesce(m.rows, 0))
    """,
    # The sums would forgive two errors that cancel out; the chain does not. lag's defaults stand for what the first
    # row continues: position 0, and nothing in stock.
    "a ledger row does not continue the one before it": """
        SELECT i.sku, format('ledger row %%s', m.position)
        FROM (SELECT *, lag(position, 1, 0::bigint) OVER w AS last_position, lag(on_hand, 1, 0) OVER w AS last_on_hand,
                     lag(reserved, 1, 0) OVER w AS last_reserved, lag(in_flight, 1, 0) OVER w AS last_in_flight
              FROM reservations_stockmovement WHERE shop_id = %(shop)s
              WINDOW w AS (PARTITION BY stock_item_id ORDER BY position)) AS m
        JOIN reservations_stockitem AS i ON i.id = m.stock_item_id AND i.shop_id = m.shop_id
        WHERE (m.position, m.on_hand, m.reserved, m.in_flight) IS DISTINCT FROM
            (m.last_position + 1, m.last_on_hand + m.on_hand_delta, m.last_reserved + m.reserved_delta,
             m.last_in_flight + m.in_flight_delta)
    """,
    # A release that knows nothing of `owed` may write shortfalls; :func:`reservations.engine.rescue` then counts anew.
    "owed differs from the open shortfalls": """
        SELECT i.sku, format('owed %%s, open shortfalls %%s', i.owed, coalesce(w.units, 0))
        FROM reservations_stockitem AS i
        JOIN reservations_shop AS s ON s.id = i.shop_id
        LEFT JOIN (SELECT stock_item_id, sum(quantity) AS units FROM reservations_shortfall
                   WHERE shop_id = %(shop)s AND resolved_at IS NULL AND kept_out_by = ''
                   GROUP BY 1) AS w ON w.stock_item_id = i.id
        WHERE i.shop_id = %(shop)s AND i.owed <> CASE WHEN s.rescue_paid_orders THEN coalesce(w.units, 0) ELSE 0 END
    """,
    # Counts are left out: they move `in_flight` to say what the ERP knows by now, and sell nothing. Of what was sold
    # before the first count only the return is in the ledger.
    "sales differ from the ledger": """
        SELECT i.sku, format('sold by reservations %%s, by the ledger %%s', coalesce(r.units, 0), coalesce(m.units, 0))
        FROM reservations_stockitem AS i
        LEFT JOIN (SELECT stock_item_id, sum(CASE WHEN sold_before THEN 0 ELSE quantity END - returned) AS units
                   FROM reservations_reservation
                   WHERE shop_id = %(shop)s AND status = 'confirmed' GROUP BY 1) AS r ON r.stock_item_id = i.id
        LEFT JOIN (SELECT stock_item_id, sum(in_flight_delta) AS units FROM reservations_stockmovement
                   WHERE shop_id = %(shop)s AND kind <> 'count' GROUP BY 1) AS m ON m.stock_item_id = i.id
        WHERE i.shop_id = %(shop)s AND coalesce(r.units, 0) <> coalesce(m.units, 0)
    """,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One SKU that is off, and how."""

    sku: str
    problem: str
    details: str

    def __str__(self) -> str:
        return f"{self.sku}: {self.problem} ({self.details})"


def audit(shop_id: int) -> list[Finding]:
    """Find everything in one shop that does not add up; an empty list is the proof that all does."""
    findings = []
    with committed_reads() as statements:
        for problem, sql in _CHECKS.items():
            rows = statements.fetch(sql, {"shop": shop_id})
            findings += [Finding(sku, problem, details) for sku, details in rows]
    return sorted(findings, key=lambda finding: (finding.sku, finding.problem))
