"""/empresas, /contatos and /formas-pagamentos: what an order needs to know of its account."""

from sandbox.bling.api.call import Call, routes
from sandbox.bling.api.query import data, page
from sandbox.web import Request, Response


@routes("GET", "/empresas/me/dados-basicos")
def company(call: Call, request: Request) -> Response:
    """The company; its id is the webhooks' companyId."""
    account = call.account
    return data(
        {
            "id": account.id,
            "nome": account.name,
            "cnpj": "11.222.333/0001-81",
            "email": f"{account.id[:8]}@exemplo.com.br",
            "dataContrato": "2024-12-31",
        }
    )


@routes("GET", "/contatos/consumidor-final")
def final_consumer(call: Call, request: Request) -> Response:
    """The contact of a buyer without a name."""
    return data({"id": call.account.consumer_id, "nome": "Consumidor Final", "situacao": "A", "tipo": "F"})


@routes("GET", "/formas-pagamentos")
def payment_forms(call: Call, request: Request) -> Response:
    """The ways to pay; their ids are the account's own."""
    form = {
        "id": call.account.payment_form_id,
        "descricao": "Dinheiro",
        "tipoPagamento": 1,
        "situacao": 1,
        "fixa": True,
        "padrao": 1,
        "finalidade": 1,
        "juros": 0,
        "multa": 0,
    }
    return data(page(request, [form]))
