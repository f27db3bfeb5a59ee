"""The refusals of an unknown caller, and the root of every refusal that only HTTP knows."""

from reservations.engine import EngineError


class ApiError(EngineError):
    """A request that never reached the engine."""

    def headers(self) -> dict[str, str]:
        """Further headers of the answer."""
        return {}


class AuthenticationError(ApiError):
    """The caller is not known."""

    status = 401

    def headers(self) -> dict[str, str]:
        """The challenge."""
        return {"WWW-Authenticate": 'Api-Key realm="stock"'}


class MissingApiKey(AuthenticationError):
    """No ``Authorization: Api-Key ...`` came with the request."""

    code = "missing_api_key"
    text = {
        "pt-br": "Envie o cabeçalho 'Authorization: Api-Key <chave>'.",
        "en": "Send the header 'Authorization: Api-Key <key>'.",
    }


class InvalidApiKey(AuthenticationError):
    """No shop has this key, or it was revoked."""

    code = "invalid_api_key"
    text = {"pt-br": "Chave de API inválida ou revogada.", "en": "The API key is not valid or was revoked."}


class InsufficientScope(ApiError):
    """The API key is known, and may do other things than this; ``scope`` names what it lacks."""

    code = "insufficient_scope"
    status = 403
    text = {
        "pt-br": "Esta chave de API não tem o escopo '{scope}'.",
        "en": "This API key does not have the scope '{scope}'.",
    }

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = str(scope)

    def words(self) -> dict[str, object]:
        """What the sentence names."""
        return {"scope": self.scope}

    def extra(self) -> dict[str, object]:
        """The same for programs."""
        return {"scope": self.scope}

    def headers(self) -> dict[str, str]:
        """The challenge, in the words of RFC 6750."""
        return {"WWW-Authenticate": f'Api-Key realm="stock", error="insufficient_scope", scope="{self.scope}"'}


class InvalidProxySignature(ApiError):
    """The call did not come through a shop's app proxy just now: unsigned, badly signed, or too old."""

    code = "invalid_proxy_signature"
    status = 401
    text = {
        "pt-br": "A assinatura do app proxy da Shopify é inválida ou expirou.",
        "en": "The signature of Shopify's app proxy is not valid or too old.",
    }

    def headers(self) -> dict[str, str]:
        """The challenge."""
        return {"WWW-Authenticate": 'Shopify-App-Proxy realm="stock"'}


class InvalidSessionToken(ApiError):
    """The token of Shopify's admin proves no shop: forged, over, for another app, or not whole."""

    code = "invalid_session_token"
    status = 401
    text = {
        "pt-br": "O token de sessão da Shopify é inválido ou expirou.",
        "en": "Shopify's session token is not valid or has expired.",
    }

    def headers(self) -> dict[str, str]:
        """The challenge, and the word for App Bridge to try once more with a fresh token."""
        return {"WWW-Authenticate": 'Bearer realm="stock"', "X-Shopify-Retry-Invalid-Session-Request": "1"}


class AppNotInstalled(ApiError):
    """The call is signed for a shop that does not have this app, or no longer has it."""

    code = "app_not_installed"
    status = 401
    text = {"pt-br": "Esta loja não tem o aplicativo instalado.", "en": "This shop does not have the app installed."}

    def __init__(self, scheme: str = "Shopify-App-Proxy") -> None:
        super().__init__()
        self.scheme = scheme

    def headers(self) -> dict[str, str]:
        """The challenge."""
        return {"WWW-Authenticate": f'{self.scheme} realm="stock"'}


class InvalidMetricsToken(ApiError):
    """``/metrics`` is closed, and its token did not come with the request."""

    code = "invalid_metrics_token"
    status = 401
    text = {
        "pt-br": "Envie o cabeçalho 'Authorization: Bearer <token das métricas>'.",
        "en": "Send the header 'Authorization: Bearer <metrics token>'.",
    }

    def headers(self) -> dict[str, str]:
        """The challenge."""
        return {"WWW-Authenticate": 'Bearer realm="metrics"'}
