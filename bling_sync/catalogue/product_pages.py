"""Reads the products page by page, and stores each page before it asks for the next."""

from django.db import transaction

from bling_sync.client.bling_api import Bling
from bling_sync.models import ImportLine, ImportRun, LineVerdict, Phase
from bling_sync.resources import products

from . import rehearsal

# An account of a million products would stop here; so does a listing that never ends.
MOST_PAGES = 10_000
# So many products may be added ahead of our page while we read, and push rows that we know onto later pages.
MOST_PUSHED = 1_000
_SERVICES = ("S", "N")
_COLUMNS = ["sku", "name", "price", "format", "verdict"]


def read_page(run: ImportRun, bling: Bling) -> None:
    """Read one page into the run, or find the listing's end. Raises BlingError.

    Bling gives no total, and another page may follow a short one: a listing ends at an empty page. A run that goes on
    from a rehearsal lists only what has changed since, and takes the rest over from it.
    """
    since = rehearsal.changes_since(run)
    if since is None:
        page, listings = products.page(bling, run.page, run.listing), len(products.LISTINGS)
    else:
        page, listings = products.changed_page(bling, run.page, run.listing, since), len(products.CHANGES)
    with transaction.atomic():
        fresh = _keep(run, page.products) + _keep_gone(run, page.gone if since else [])
        run.read += fresh
        if _is_over(run, page, fresh):
            run.page, run.listing = 1, run.listing + 1
        else:
            run.page += 1
        if run.listing == listings:
            run.phase, run.listing = Phase.KITS, 0
            if since is not None:
                run.read = rehearsal.take_over(run)
        run.save(update_fields=["page", "listing", "phase", "read"])


def _is_over(run: ImportRun, page: products.ProductPage, fresh: int) -> bool:
    """Whether the listing has no more to tell.

    A listing by another kind or filter than the first hides nothing if its first page holds nothing new: it ends there.
    Elsewhere a page without news proves only that products were added ahead of it, until too many rows came for that:
    the listing never ends.
    """
    if not page.rows or run.page >= MOST_PAGES:
        return True
    if fresh:
        return False
    hides_nothing = run.listing % len(products.LISTINGS) > 0 and run.page == 1
    return hides_nothing or run.page * page.rows > run.read + MOST_PUSHED


def _keep(run: ImportRun, listed: list[products.ListedProduct]) -> int:
    """Add the products that the run does not have yet; returns how many."""
    ids = [product.id for product in listed]
    known = set(run.lines.filter(shop_id=run.shop_id, bling_id__in=ids).values_list("bling_id", flat=True))
    lines = {product.id: _line(run, product) for product in listed if product.id not in known}
    ImportLine.objects.bulk_create(lines.values(), ignore_conflicts=True)
    return len(lines)


def _keep_gone(run: ImportRun, ids: list[int]) -> int:
    """Note products that are no longer active, whatever an earlier page said of them; returns how many are new."""
    lines = run.lines.filter(shop_id=run.shop_id, bling_id__in=ids)
    known = set(lines.values_list("bling_id", flat=True))
    lines.update(verdict=LineVerdict.GONE)
    fresh = {*ids} - known
    gone = [ImportLine(shop_id=run.shop_id, run=run, bling_id=number, verdict=LineVerdict.GONE) for number in fresh]
    ImportLine.objects.bulk_create(gone, ignore_conflicts=True)
    return len(gone)


def _line(run: ImportRun, product: products.ListedProduct) -> ImportLine:
    verdict = ""
    if product.type in _SERVICES:
        verdict = LineVerdict.SERVICE.value
    elif product.format == products.PARENT:
        verdict = LineVerdict.PARENT.value
    return ImportLine(
        shop_id=run.shop_id,
        run=run,
        bling_id=product.id,
        sku=product.sku,
        name=product.name,
        price=product.price,
        format=product.format,
        verdict=verdict,
    )
