"""The company that owns the account in Bling."""

from dataclasses import dataclass

from bling_sync.client.bling_api import Bling
from bling_sync.errors import ReadFailed

from .answer_values import label, part, text


@dataclass(frozen=True, slots=True)
class Company:
    """A company in Bling. `id` is what its webhooks call `companyId`, byte for byte."""

    id: str
    name: str


def read(bling: Bling) -> Company:
    """The company of the token. Raises ReadFailed and what `Bling.get` raises."""
    data = part({"data": bling.get("/empresas/me/dados-basicos")}, "data")
    company = label(data.get("id"), 64)
    if not company:
        raise ReadFailed("Bling's answer names no company")
    return Company(company, text(data.get("nome")))
