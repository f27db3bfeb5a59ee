"""The refusals that only HTTP knows, on the same tree as the engine's."""

from collections.abc import Iterable, Mapping

from .authentication_errors import (
    ApiError,
    AppNotInstalled,
    AuthenticationError,
    InsufficientScope,
    InvalidApiKey,
    InvalidMetricsToken,
    InvalidProxySignature,
    InvalidSessionToken,
    MissingApiKey,
)
from .input_problems import Problem
from .limits import MAX_BODY_BYTES, MAX_JSON_DEPTH, MAX_SKU_LENGTH

__all__ = [
    "ApiError",
    "AppNotInstalled",
    "AuthenticationError",
    "BadRequest",
    "BodyTooLarge",
    "DuplicateKey",
    "Forbidden",
    "IncompleteBody",
    "InsufficientScope",
    "InternalError",
    "InvalidApiKey",
    "InvalidIdempotencyKey",
    "InvalidInput",
    "InvalidJson",
    "InvalidMetricsToken",
    "InvalidProxySignature",
    "InvalidSessionToken",
    "InvalidSku",
    "InvalidText",
    "JsonTooDeep",
    "MethodNotAllowed",
    "MissingApiKey",
    "NotFound",
    "NotReady",
    "Throttled",
    "UnsupportedMediaType",
]


class BadRequest(ApiError):
    """What came is not a request that HTTP or Django accepts."""

    code = "bad_request"
    status = 400
    text = {"pt-br": "Requisição inválida.", "en": "The request is not valid."}


class Forbidden(ApiError):
    """The caller is known and may not do this."""

    code = "forbidden"
    status = 403
    text = {"pt-br": "Acesso negado.", "en": "Access denied."}


class NotFound(ApiError):
    """Nothing has this address."""

    code = "not_found"
    status = 404
    text = {"pt-br": "Endereço não encontrado.", "en": "There is nothing at this address."}


class MethodNotAllowed(ApiError):
    """The address exists and does not have this method; the header ``Allow`` names those that it has."""

    code = "method_not_allowed"
    status = 405
    text = {
        "pt-br": "Método não permitido neste endereço. Use: {allowed}.",
        "en": "This address does not have this method. Use: {allowed}.",
    }

    def __init__(self, allowed: Iterable[str]) -> None:
        super().__init__()
        self.allowed = ", ".join(allowed)

    def words(self) -> dict[str, object]:
        """What the sentence names."""
        return {"allowed": self.allowed}

    def headers(self) -> dict[str, str]:
        """The methods that there are."""
        return {"Allow": self.allowed}


class BodyTooLarge(ApiError):
    """The body is longer than any request of this API has reason to be."""

    code = "body_too_large"
    status = 413
    text = {
        "pt-br": f"O corpo da requisição pode ter no máximo {MAX_BODY_BYTES} bytes.",
        "en": f"The body of a request has at most {MAX_BODY_BYTES} bytes.",
    }


class UnsupportedMediaType(ApiError):
    """The body says that it is something other than plain JSON in UTF-8: another type or charset, or compressed."""

    code = "unsupported_media_type"
    status = 415
    text = {
        "pt-br": "Envie JSON em UTF-8, sem compressão, com 'Content-Type: application/json'.",
        "en": "Send JSON in UTF-8, not compressed, with 'Content-Type: application/json'.",
    }


class IncompleteBody(ApiError):
    """Fewer bytes came than were announced. An empty rest must not pass for an empty body, which reserves one unit."""

    code = "incomplete_body"
    status = 400
    text = {"pt-br": "O corpo da requisição chegou incompleto.", "en": "The body of the request arrived incomplete."}


class InvalidJson(ApiError):
    """The body is not JSON as RFC 8259 has it: bad syntax, bad UTF-8, a byte order mark, NaN, Infinity."""

    code = "invalid_json"
    status = 400
    text = {"pt-br": "O corpo não é um JSON válido em UTF-8.", "en": "The body is not valid JSON in UTF-8."}


class JsonTooDeep(ApiError):
    """The body's arrays and objects are nested deeper than any request has reason to be."""

    code = "json_too_deep"
    status = 400
    text = {
        "pt-br": f"O JSON pode ter no máximo {MAX_JSON_DEPTH} níveis.",
        "en": f"The JSON can be nested at most {MAX_JSON_DEPTH} levels deep.",
    }


class DuplicateKey(ApiError):
    """An object names one member twice: which of the two was meant is anybody's guess."""

    code = "duplicate_key"
    status = 400
    text = {"pt-br": "O JSON repete a chave '{key}'.", "en": "The JSON repeats the key '{key}'."}

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key

    def words(self) -> dict[str, object]:
        """What the sentence names."""
        return {"key": self.key}


class InvalidText(ApiError):
    """A string holds NUL or half a character, which no database column can keep."""

    code = "invalid_text"
    status = 400
    text = {
        "pt-br": "Um texto do JSON contém NUL ou um caractere incompleto.",
        "en": "A string of the JSON holds NUL or half a character.",
    }


class InvalidInput(ApiError):
    """Members of the body are missing, unknown or wrong; ``errors`` names each and says why."""

    code = "invalid_input"
    status = 400
    text = {"pt-br": "Dados inválidos: {problems}.", "en": "Invalid data: {problems}."}

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__()
        self.problems = tuple(problems)

    def detail(self, language: str = "pt-br") -> str:
        """The sentence, with each member's problem in the same language."""
        problems = "; ".join(problem.sentence(language) for problem in self.problems)
        return self.text[language].format(problems=problems)

    def extra(self) -> dict[str, object]:
        """Each problem as JSON: the member's place in the body and a stable code."""
        return {"errors": [{"field": problem.field, "code": problem.code} for problem in self.problems]}


class InvalidSku(ApiError):
    """The address holds no SKU: too long, with control characters, or not UTF-8."""

    code = "invalid_sku"
    status = 400
    text = {
        "pt-br": f"SKU inválido: use de 1 a {MAX_SKU_LENGTH} caracteres em UTF-8, sem caracteres de controle.",
        "en": f"Invalid SKU: it has 1 to {MAX_SKU_LENGTH} characters in UTF-8, none of them a control character.",
    }


class InvalidIdempotencyKey(ApiError):
    """The header ``Idempotency-Key`` is empty, too long, or has characters that headers do not carry safely."""

    code = "invalid_idempotency_key"
    status = 400
    text = {
        "pt-br": "Idempotency-Key inválida: use de 1 a 255 caracteres ASCII visíveis, sem espaços.",
        "en": "Invalid Idempotency-Key: it has 1 to 255 visible ASCII characters, no spaces.",
    }


class Throttled(ApiError):
    """The caller (an API key, a shopper's address, a cart) has used up its requests per minute."""

    code = "throttled"
    status = 429
    text = {
        "pt-br": "Limite de requisições atingido. Tente novamente em {seconds} s.",
        "en": "The limit of requests is used up. Try again in {seconds} s.",
    }

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds

    def words(self) -> dict[str, object]:
        """What the sentence names."""
        return {"seconds": self.seconds}

    def headers(self) -> dict[str, str]:
        """When to try again."""
        return {"Retry-After": str(self.seconds)}


class InternalError(ApiError):
    """A defect of ours. The log has it; the answer has nothing of it."""

    code = "internal_error"
    status = 500
    text = {"pt-br": "Erro interno. Já foi registrado.", "en": "Internal error. It has been logged."}


class NotReady(ApiError):
    """A part that the service needs does not answer; ``checks`` names each part and its state."""

    code = "not_ready"
    status = 503
    retry_after = 5
    text = {"pt-br": "O serviço não está pronto: {failing}.", "en": "The service is not ready: {failing}."}

    def __init__(self, checks: Mapping[str, Mapping[str, object]], failing: Iterable[str]) -> None:
        super().__init__()
        self.checks, self.failing = checks, tuple(failing)

    def words(self) -> dict[str, object]:
        """What the sentence names."""
        return {"failing": ", ".join(self.failing)}

    def extra(self) -> dict[str, object]:
        """Each part and its state."""
        return {"checks": self.checks}
