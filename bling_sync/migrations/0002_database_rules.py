"""What must hold whatever code runs: kept by the database itself.

* Keys name the shop, as in the stock's own tables, so no row can point into another shop.
* A push never changes what it tells, never un-cancels units, and stays as it ended. Only a sale that Bling imports by
  itself (`observe`) may begin again: its order can be cancelled there.
"""

from django.db import migrations

TENANT_TABLES = (
    *("connection", "authorizationrequest", "product", "push", "webhookevent", "importrun", "importline"),
    *("difference", "lease"),
)

KEYS = "\n".join(
    f"""
ALTER TABLE bling_sync_{table} DROP CONSTRAINT bling_sync_{table}_pkey;
ALTER TABLE bling_sync_{table} ADD CONSTRAINT bling_sync_{table}_pkey PRIMARY KEY (id, shop_id);
"""
    for table in TENANT_TABLES
)

FOREIGN_KEYS = """
ALTER TABLE bling_sync_product ADD CONSTRAINT bling_product_of_stockitem
    FOREIGN KEY (stock_item_id, shop_id) REFERENCES reservations_stockitem (id, shop_id);
ALTER TABLE bling_sync_push ADD CONSTRAINT bling_push_of_stockitem
    FOREIGN KEY (stock_item_id, shop_id) REFERENCES reservations_stockitem (id, shop_id);
ALTER TABLE bling_sync_push ADD CONSTRAINT bling_push_to_product
    FOREIGN KEY (product_id, shop_id) REFERENCES bling_sync_product (id, shop_id);
ALTER TABLE bling_sync_importline ADD CONSTRAINT bling_import_line_of_run
    FOREIGN KEY (run_id, shop_id) REFERENCES bling_sync_importrun (id, shop_id) ON DELETE CASCADE;
ALTER TABLE bling_sync_difference ADD CONSTRAINT bling_difference_of_stockitem
    FOREIGN KEY (stock_item_id, shop_id) REFERENCES reservations_stockitem (id, shop_id);
"""

ENDS_ARE_FINAL = """
CREATE FUNCTION bazico_refuse_change_of_a_push() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state NOT IN ('settled', 'cancelled') THEN
            RAISE EXCEPTION 'push % has not ended', OLD.key USING ERRCODE = 'BZ011';
        END IF;
        RETURN OLD;
    END IF;
    IF (NEW.id, NEW.shop_id, NEW.key, NEW.kind, NEW.stock_item_id, NEW.reservation_id, NEW.quantity, NEW.created_at)
        IS DISTINCT FROM
        (OLD.id, OLD.shop_id, OLD.key, OLD.kind, OLD.stock_item_id, OLD.reservation_id, OLD.quantity, OLD.created_at)
        OR NEW.cancelled < OLD.cancelled
    THEN
        RAISE EXCEPTION 'push % changes what it tells', OLD.key USING ERRCODE = 'BZ011';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state = 'cancelled' OR (OLD.state = 'settled' AND OLD.mode <> 'observe')) THEN
        RAISE EXCEPTION 'push % has ended as %', OLD.key, OLD.state USING ERRCODE = 'BZ012';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER push_ends_are_final BEFORE UPDATE OR DELETE ON bling_sync_push
    FOR EACH ROW EXECUTE FUNCTION bazico_refuse_change_of_a_push();
"""

UNDO = """
DROP TRIGGER push_ends_are_final ON bling_sync_push;
DROP FUNCTION bazico_refuse_change_of_a_push();
ALTER TABLE bling_sync_difference DROP CONSTRAINT bling_difference_of_stockitem;
ALTER TABLE bling_sync_importline DROP CONSTRAINT bling_import_line_of_run;
ALTER TABLE bling_sync_push DROP CONSTRAINT bling_push_to_product;
ALTER TABLE bling_sync_push DROP CONSTRAINT bling_push_of_stockitem;
ALTER TABLE bling_sync_product DROP CONSTRAINT bling_product_of_stockitem;
""" + "\n".join(
    f"""
ALTER TABLE bling_sync_{table} DROP CONSTRAINT bling_sync_{table}_pkey;
ALTER TABLE bling_sync_{table} ADD CONSTRAINT bling_sync_{table}_pkey PRIMARY KEY (id);
"""
    for table in TENANT_TABLES
)


class Migration(migrations.Migration):
    """The rules of the tables, as SQL that Django's models cannot say."""

    dependencies = [("bling_sync", "0001_initial"), ("reservations", "0002_database_rules")]

    operations = [migrations.RunSQL(KEYS + FOREIGN_KEYS + ENDS_ARE_FINAL, reverse_sql=UNDO)]
