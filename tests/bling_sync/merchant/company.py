"""Shapes of the merchant's company in Bling."""

from tests.bling_sync.world import World


def without_default_deposit(company: World) -> None:
    """Give Bling two deposits, neither of them the default, so that the merchant has to choose."""
    only = company.bling.control.get("deposits")["deposits"][0]
    company.bling.control.post("deposits/change", id=only["id"], default=False)
    company.bling.control.post("deposits", name="Loja")
