"""`manage.py shopify_sync DOMAIN`: read a shop's catalogue at Shopify, and say what does not match its stock."""

from collections.abc import Iterable
from typing import Any

from django.core.management.base import CommandError, CommandParser

from reservations.management.command import ServiceCommand, shop_named
from reservations.shopify.catalogue import walk
from reservations.shopify.catalogue.link_report import LinkReport, Misfit, link_report
from reservations.shopify.errors import NeedsReopen, NotInstalled, ShopifyError

# The admin shows the rest of a longer list.
SHOWN = 20


class Command(ServiceCommand):
    """Links variants to stock by their exact SKU. It prints for the merchant, and so in Portuguese."""

    help = "Link a shop's variants at Shopify to its stock by SKU, and report what does not match."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("domain", help="The shop, as in my-shop.myshopify.com.")

    def handle(self, *args: Any, domain: str, **options: Any) -> None:
        """Run the command."""
        shop = shop_named(domain)
        try:
            total = walk.to_the_end(shop.pk)
        except NotInstalled:
            raise CommandError(f"O aplicativo não está instalado em {shop.domain}.") from None
        except NeedsReopen:
            raise CommandError(f"O lojista precisa abrir o aplicativo em {shop.domain} uma vez.") from None
        except ShopifyError as error:
            raise CommandError(f"A Shopify não respondeu como esperado: {error}") from None
        report = link_report(shop.pk)
        self.say(f"{shop.domain}: {total} variante(s) na Shopify, {report.linked} ligada(s) ao estoque.")
        for title, found in _findings(report):
            self._list(title, found)

    def _list(self, title: str, found: list[str]) -> None:
        if not found:
            return
        self.say(f"{title}: {len(found)}")
        for entry in found[:SHOWN]:
            self.say(f"  {entry}")
        if len(found) > SHOWN:
            self.say(f"  ... e mais {len(found) - SHOWN}")


def _findings(report: LinkReport) -> Iterable[tuple[str, list[str]]]:
    yield "SKUs repetidos em várias variantes", [misfit.sku for misfit in report.duplicated]
    yield "Variantes sem SKU", [str(misfit.variant_id) for misfit in report.without_sku]
    yield "SKUs da Shopify que não estão no estoque", [_named(misfit) for misfit in report.only_at_shopify]
    yield "SKUs do estoque que não estão na Shopify", list(report.not_in_shopify)


def _named(misfit: Misfit) -> str:
    return f"{misfit.sku!r}: renomeie na Shopify para {misfit.resembles!r}" if misfit.resembles else misfit.sku
