"""Reading the products, page by page: each page is kept before the next is asked for."""

from django.db import transaction

from bling_sync.client.bling_api import Bling
from bling_sync.models import ImportLine, ImportRun, Phase, Verdict
from bling_sync.resources import products

# An account of a million products would end here; an answer that never ends does too.
MOST_PAGES = 10_000
# So many products may come in front of a listing while it is read, and push pages that are known already behind it.
MOST_PUSHED = 1_000
_SERVICES = ("S", "N")
_COLUMNS = ["sku", "name", "price", "format", "verdict"]


def read_page(run: ImportRun, bling: Bling) -> None:
    """Read one page into the run, or find that there is no more. Raises BlingError.

    There is no total, and a short page may be followed by another: a listing ends at an empty page.
    """
    page = products.page(bling, run.page, run.listing)
    with transaction.atomic():
        fresh = _keep(run, page.products)
        run.read += fresh
        if _is_over(run, page, fresh):
            run.page, run.listing = 1, run.listing + 1
        else:
            run.page += 1
        if run.listing == len(products.LISTINGS):
            run.phase, run.listing = Phase.KITS, 0
        run.save(update_fields=["page", "listing", "phase", "read"])


def _is_over(run: ImportRun, page: products.ProductPage, fresh: int) -> bool:
    """Whether the listing has no more to tell.

    A further listing that begins with what is known hides nothing. Else a page without news proves only that products
    were added before it, unless there were too many such pages for that: then the answer never ends.
    """
    if not page.rows or run.page >= MOST_PAGES:
        return True
    if fresh:
        return False
    return (run.listing > 0 and run.page == 1) or run.page * page.rows > run.read + MOST_PUSHED


def _keep(run: ImportRun, listed: list[products.ListedProduct]) -> int:
    """Add the products that the run does not have yet; returns how many."""
    ids = [product.id for product in listed]
    known = set(run.lines.filter(shop_id=run.shop_id, bling_id__in=ids).values_list("bling_id", flat=True))
    lines = {product.id: _line(run, product) for product in listed if product.id not in known}
    ImportLine.objects.bulk_create(lines.values(), ignore_conflicts=True)
    return len(lines)


def _line(run: ImportRun, product: products.ListedProduct) -> ImportLine:
    verdict = ""
    if product.type in _SERVICES:
        verdict = Verdict.SERVICE.value
    elif product.format == products.PARENT:
        verdict = Verdict.PARENT.value
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
