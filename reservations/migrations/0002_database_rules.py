"""What must hold whatever code runs: kept by the database itself.

* Keys name the shop: primary keys and foreign keys of a tenant's rows carry ``shop_id``, so no row can point into
  another shop and the tables can be distributed by shop. Foreign keys to a stock item stand for the one to its shop.
* The ledger is append-only, numbered without gaps, and each row continues the one before it.
* A stock row equals its last ledger row at COMMIT.
* An ended reservation never changes, but for learning its order and counting returns.

Every refusal has an SQLSTATE of its own (class ``BZ``), so that nobody tells errors apart by their words.
"""

from django.db import migrations

TENANT_TABLES = ("stockitem", "stockmovement", "cart", "reservation", "shortfall", "idempotencyrecord")

KEYS = "\n".join(
    f"""
ALTER TABLE reservations_{table} DROP CONSTRAINT reservations_{table}_pkey;
ALTER TABLE reservations_{table} ADD CONSTRAINT reservations_{table}_pkey PRIMARY KEY (id, shop_id);
"""
    for table in TENANT_TABLES
)

FOREIGN_KEYS = """
ALTER TABLE reservations_stockmovement ADD CONSTRAINT movement_of_stockitem
    FOREIGN KEY (stock_item_id, shop_id) REFERENCES reservations_stockitem (id, shop_id);
ALTER TABLE reservations_reservation ADD CONSTRAINT reservation_of_stockitem
    FOREIGN KEY (stock_item_id, shop_id) REFERENCES reservations_stockitem (id, shop_id);
ALTER TABLE reservations_shortfall ADD CONSTRAINT shortfall_of_stockitem
    FOREIGN KEY (stock_item_id, shop_id) REFERENCES reservations_stockitem (id, shop_id);
ALTER TABLE reservations_reservation ADD CONSTRAINT reservation_in_cart
    FOREIGN KEY (shop_id, cart_token) REFERENCES reservations_cart (shop_id, token);
"""

APPEND_ONLY = """
CREATE FUNCTION bazico_refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the stock ledger is append-only: % refused', TG_OP USING ERRCODE = 'BZ001';
END $$;
CREATE TRIGGER movement_append_only BEFORE UPDATE OR DELETE ON reservations_stockmovement
    FOR EACH ROW EXECUTE FUNCTION bazico_refuse_ledger_change();
CREATE TRIGGER movement_never_truncated BEFORE TRUNCATE ON reservations_stockmovement
    FOR EACH STATEMENT EXECUTE FUNCTION bazico_refuse_ledger_change();
"""

# A statement trigger: one look per INSERT however many rows a batch writes. The stock row is updated first, so a
# ledger row that no stock row stands behind is refused here, and a stock row without its ledger row below.
CONTINUES = """
CREATE FUNCTION bazico_check_ledger_continues() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1
        FROM fresh
        LEFT JOIN reservations_stockmovement AS before
            ON before.shop_id = fresh.shop_id
            AND before.stock_item_id = fresh.stock_item_id
            AND before.position = fresh.position - 1
        LEFT JOIN reservations_stockitem AS item
            ON item.id = fresh.stock_item_id AND item.shop_id = fresh.shop_id
        WHERE item.id IS NULL
            OR fresh.position > item.ledger_position
            OR (fresh.position > 1 AND before.id IS NULL)
            OR fresh.on_hand <> coalesce(before.on_hand, 0) + fresh.on_hand_delta
            OR fresh.reserved <> coalesce(before.reserved, 0) + fresh.reserved_delta
            OR fresh.in_flight <> coalesce(before.in_flight, 0) + fresh.in_flight_delta
    ) THEN
        RAISE EXCEPTION 'a ledger row does not continue the one before it' USING ERRCODE = 'BZ002';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER movement_continues AFTER INSERT ON reservations_stockmovement
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION bazico_check_ledger_continues();
"""

# Deferred to COMMIT, and so it reads the row as it stands then, not as the update that queued the check left it.
STOCK_EQUALS_LEDGER = """
CREATE FUNCTION bazico_check_stock_equals_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    item reservations_stockitem%ROWTYPE;
    last reservations_stockmovement%ROWTYPE;
BEGIN
    SELECT * INTO item FROM reservations_stockitem WHERE id = NEW.id AND shop_id = NEW.shop_id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT * INTO last FROM reservations_stockmovement
    WHERE shop_id = item.shop_id AND stock_item_id = item.id ORDER BY position DESC LIMIT 1;
    IF (item.ledger_position, item.on_hand, item.reserved, item.in_flight) IS DISTINCT FROM
        (coalesce(last.position, 0), coalesce(last.on_hand, 0), coalesce(last.reserved, 0), coalesce(last.in_flight, 0))
    THEN
        RAISE EXCEPTION 'stock item % of shop % differs from its last ledger row', item.id, item.shop_id
            USING ERRCODE = 'BZ003';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stockitem_equals_ledger AFTER INSERT OR UPDATE ON reservations_stockitem
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bazico_check_stock_equals_ledger();
"""

ENDS_ARE_FINAL = """
CREATE FUNCTION bazico_refuse_change_of_an_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.status = 'active' THEN
            RAISE EXCEPTION 'reservation % still holds units', OLD.id USING ERRCODE = 'BZ005';
        END IF;
        RETURN OLD;
    END IF;
    IF (NEW.id, NEW.shop_id, NEW.stock_item_id, NEW.created_at)
        IS DISTINCT FROM (OLD.id, OLD.shop_id, OLD.stock_item_id, OLD.created_at)
    THEN
        RAISE EXCEPTION 'reservation % changes its identity', OLD.id USING ERRCODE = 'BZ005';
    END IF;
    IF OLD.status <> 'active' AND (
        (NEW.status, NEW.quantity, NEW.cart_token, NEW.expires_at, NEW.ended_at)
            IS DISTINCT FROM (OLD.status, OLD.quantity, OLD.cart_token, OLD.expires_at, OLD.ended_at)
        OR (OLD.order_id <> '' AND NEW.order_id <> OLD.order_id)
        OR NEW.returned < OLD.returned
    ) THEN
        RAISE EXCEPTION 'reservation % has ended as %', OLD.id, OLD.status USING ERRCODE = 'BZ004';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reservation_ends_are_final BEFORE UPDATE OR DELETE ON reservations_reservation
    FOR EACH ROW EXECUTE FUNCTION bazico_refuse_change_of_an_end();
"""

UNDO = """
DROP TRIGGER reservation_ends_are_final ON reservations_reservation;
DROP FUNCTION bazico_refuse_change_of_an_end();
DROP TRIGGER stockitem_equals_ledger ON reservations_stockitem;
DROP FUNCTION bazico_check_stock_equals_ledger();
DROP TRIGGER movement_continues ON reservations_stockmovement;
DROP FUNCTION bazico_check_ledger_continues();
DROP TRIGGER movement_never_truncated ON reservations_stockmovement;
DROP TRIGGER movement_append_only ON reservations_stockmovement;
DROP FUNCTION bazico_refuse_ledger_change();
ALTER TABLE reservations_reservation DROP CONSTRAINT reservation_in_cart;
ALTER TABLE reservations_shortfall DROP CONSTRAINT shortfall_of_stockitem;
ALTER TABLE reservations_reservation DROP CONSTRAINT reservation_of_stockitem;
ALTER TABLE reservations_stockmovement DROP CONSTRAINT movement_of_stockitem;
""" + "\n".join(
    f"""
ALTER TABLE reservations_{table} DROP CONSTRAINT reservations_{table}_pkey;
ALTER TABLE reservations_{table} ADD CONSTRAINT reservations_{table}_pkey PRIMARY KEY (id);
"""
    for table in TENANT_TABLES
)


class Migration(migrations.Migration):
    """The rules of the tables, as SQL that Django's models cannot say."""

    dependencies = [("reservations", "0001_initial")]

    operations = [
        migrations.RunSQL(
            KEYS + FOREIGN_KEYS + APPEND_ONLY + CONTINUES + STOCK_EQUALS_LEDGER + ENDS_ARE_FINAL, reverse_sql=UNDO
        )
    ]
