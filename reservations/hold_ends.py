"""How holds ended within the last hour, by who held: bought, or without a payment. Pages and metrics show it.

Stock that is held and not bought is what a shopper who means no purchase costs a sale; the limits of
:mod:`reservations.models.limits` keep it small, and this says whether they do.
"""

from dataclasses import dataclass

from django.db import connection

# Fewer prove nothing: shoppers put things into carts and think again.
LEAST_UNPAID = 50
UNPAID_PER_BOUGHT = 10

# Shop by shop, in the words of the index of what ended, and of a large sale the newest: an open page asks again and
# again. A sale in the instant that it began had no hold.
_ENDS = """
SELECT s.id, e.held_by, count(*) FILTER (WHERE e.status = 'confirmed'), count(*) FILTER (WHERE e.status <> 'confirmed')
FROM reservations_shop AS s CROSS JOIN LATERAL (
    SELECT r.held_by, r.status FROM reservations_reservation AS r
    WHERE r.shop_id = s.id AND NOT (r.status = 'active') AND r.ended_at > clock_timestamp() - interval '1 hour'
        AND r.created_at < r.ended_at
    ORDER BY r.ended_at DESC LIMIT 20000
) AS e
WHERE s.id = coalesce(%s, s.id)
GROUP BY s.id, e.held_by ORDER BY s.id, e.held_by
"""


@dataclass(frozen=True, slots=True)
class HoldEnds:
    """The holds of one kind of holder (a value of ``HeldBy``) in one shop that ended within the last hour."""

    shop_id: int
    held_by: str
    bought: int
    unpaid: int

    @property
    def alarms(self) -> bool:
        """Whether shoppers hold much and buy little. The shop's own servers know what they do."""
        many = self.unpaid >= LEAST_UNPAID and self.unpaid >= UNPAID_PER_BOUGHT * self.bought
        return bool(self.held_by) and many


def hold_ends(shop_id: int | None = None) -> list[HoldEnds]:
    """The ends of this shop's holds, or of every shop's. Raises what the database driver raises."""
    with connection.cursor() as cursor:
        cursor.execute(_ENDS, [shop_id])
        return [HoldEnds(*row) for row in cursor.fetchall()]
