"""/canais-venda: a Shopify channel means that Bling imports that shop's orders by itself."""

from sandbox.bling.api.call import Call, routes
from sandbox.bling.api.query import data, optional_number, page, texts
from sandbox.web import Request, Response

TYPES = (("Shopify", "Shopify", 1), ("Loja Integrada", "LojaIntegrada", 1), ("Mercado Livre", "MercadoLivre", 2))


@routes("GET", "/canais-venda")
def channels(call: Call, request: Request) -> Response:
    """The account's sales channels."""
    situation, group = optional_number(request, "situacao"), optional_number(request, "agrupador")
    types = texts(request, "tipos")
    found = [
        {"id": channel.id, "descricao": channel.name, "tipo": channel.type, "situacao": channel.situation}
        for channel in call.account.channels.values()
        if situation in (None, channel.situation)
        and group in (None, channel.group)
        and (not types or channel.type in types)
    ]
    return data(page(request, found))


@routes("GET", "/canais-venda/tipos")
def types(call: Call, request: Request) -> Response:
    """The kinds of channels that there are."""
    group = optional_number(request, "agrupador")
    return data([{"nome": n, "tipo": t, "agrupador": g} for n, t, g in TYPES if group in (None, g)])
