"""Speaks to the stand-in as an app does, without the app."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from sandbox.bling import RunningStandIn
from tests.support.patience import PATIENCE_SECONDS

CLIENT = ("an-id", "a-secret-of-the-app")
CALLBACK = "http://127.0.0.1:1/bling/callback"
JWT = {"enable-jwt": "1"}
ANY_ORDER: dict[str, Any] = {"data": "2026-11-24", "dataSaida": "2026-11-24", "dataPrevista": "2026-11-24"}


class Client:
    """One authorized app in one account."""

    def __init__(self, serving: RunningStandIn) -> None:
        self.serving = serving
        self.tokens: dict[str, Any] = {}

    def authorize(self, **query: str) -> dict[str, str]:
        """Open the authorization page; returns the query of the address to which it sends the browser."""
        asked = {"response_type": "code", "client_id": CLIENT[0], "state": "a-state"} | query
        answer = requests.get(self.serving.authorize_url, params=asked, allow_redirects=False, timeout=PATIENCE_SECONDS)
        assert answer.status_code == 302, answer.text
        target = urlsplit(answer.headers["Location"])
        assert target._replace(query="").geturl() == CALLBACK
        return {name: values[0] for name, values in parse_qs(target.query).items()}

    def token(self, *, auth: tuple[str, str] | None = CLIENT, jwt: bool = True, **form: str) -> requests.Response:
        """POST /oauth/token."""
        headers = JWT if jwt else {}
        return requests.post(
            f"{self.serving.api_url}/oauth/token", data=form, auth=auth, headers=headers, timeout=PATIENCE_SECONDS
        )

    def exchange(self, code: str) -> requests.Response:
        """Exchange a code for tokens."""
        return self.token(grant_type="authorization_code", code=code)

    def refresh(self, token: str | None = None) -> requests.Response:
        """Exchange a refresh token, by default the last one, for tokens."""
        return self.token(grant_type="refresh_token", refresh_token=token or self.tokens["refresh_token"])

    def connect(self) -> "Client":
        """Authorize and keep the tokens."""
        self.tokens = self.exchange(self.authorize()["code"]).json()
        return self

    def send(self, method: str, path: str, headers: Mapping[str, str] | None = None, **more: Any) -> requests.Response:
        """Send a request with the access token."""
        own = {"Authorization": f"Bearer {self.tokens['access_token']}"} | JWT
        url = f"{self.serving.api_url}{path}"
        return requests.request(method, url, headers={**own, **(headers or {})}, timeout=PATIENCE_SECONDS, **more)

    def get(self, path: str, **query: Any) -> Any:
        """The `data` of a GET. Array parameters are given as `idsProdutos=[...]`."""
        asked = {f"{name}[]" if isinstance(value, list) else name: value for name, value in query.items()}
        answer = self.send("GET", path, params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def products(self) -> dict[str, int]:
        """The ids of all active products, by SKU."""
        return {row["codigo"]: row["id"] for row in self.get("/produtos", criterio=2)}

    def deposit(self) -> int:
        """The default deposit."""
        return int(next(row["id"] for row in self.get("/depositos") if row["padrao"]))

    def move(self, product: int, quantity: Any, operation: str = "S", **more: Any) -> requests.Response:
        """POST /estoques."""
        body = {"produto": {"id": product}, "deposito": {"id": self.deposit()}, "operacao": operation}
        return self.send("POST", "/estoques", json=body | {"quantidade": quantity} | more)

    def order_body(self, product: int, quantity: int, store_number: str, **more: Any) -> dict[str, Any]:
        """The smallest body that makes an order."""
        line = {"produto": {"id": product}, "quantidade": quantity, "valor": 10, "descricao": "Camiseta"}
        form = self.get("/formas-pagamentos")[0]["id"]
        part = {"dataVencimento": "2026-11-24", "valor": quantity * 10, "formaPagamento": {"id": form}}
        buyer = {"id": self.get("/contatos/consumidor-final")["id"]}
        body = {"contato": buyer, "itens": [line], "parcelas": [part], "numeroLoja": store_number}
        return ANY_ORDER | body | more

    def order(self, product: int, quantity: int, store_number: str = "1001", **more: Any) -> requests.Response:
        """POST /pedidos/vendas."""
        return self.send("POST", "/pedidos/vendas", json=self.order_body(product, quantity, store_number, **more))

    def balance(self, product: int) -> tuple[float, float]:
        """(physical, virtual) as the API shows them."""
        row = self.get("/estoques/saldos", idsProdutos=[product])[0]
        return row["saldoFisicoTotal"], row["saldoVirtualTotal"]
