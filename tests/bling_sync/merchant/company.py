"""What the merchant's company in Bling may look like."""

from tests.bling_sync.world import World


def without_default_deposit(company: World) -> None:
    """Bling has two deposits, and none of them is meant without asking."""
    only = company.bling.control.get("deposits")["deposits"][0]
    company.bling.control.post("deposits/change", id=only["id"], default=False)
    company.bling.control.post("deposits", name="Loja")
