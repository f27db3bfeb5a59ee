"""Bling's error bodies. Those of OAuth have lower-case types in the same shape."""

from typing import Any

from sandbox.web import Refusal, Response, json_response

SECOND, DAY = "second", "day"


def error(status: int, kind: str, message: str, description: str = "", **more: Any) -> Response:
    """One error in Bling's shape; `more` goes beside `type`."""
    body = {"type": kind, "message": message, "description": description or message, **more}
    return json_response(status, {"error": body})


def refuse(status: int, kind: str, message: str, description: str = "", **more: Any) -> Refusal:
    """The same, to be raised."""
    return Refusal(error(status, kind, message, description, **more))


def invalid(field: str, message: str, code: int = 2, namespace: str = "") -> Refusal:
    """A value that is not accepted: 400 with the field's name; the description alone is generic."""
    fields = [{"code": code, "msg": message, "element": field, "namespace": namespace}]
    return refuse(
        400,
        "VALIDATION_ERROR",
        "Não foi possível salvar",
        "Não foi possível salvar as informações, pois ocorreram problemas em sua validação.",
        fields=fields,
    )


def missing(field: str) -> Refusal:
    """A required value that the request left out."""
    fields = [{"code": 1, "msg": f"O campo {field} é obrigatório.", "element": field, "namespace": ""}]
    return refuse(400, "MISSING_REQUIRED_FIELD_ERROR", "Campos obrigatórios não informados", fields=fields)


def not_found(what: str = "recurso") -> Refusal:
    """A thing that does not exist."""
    return refuse(404, "RESOURCE_NOT_FOUND", "Recurso não encontrado", f"O {what} não foi encontrado.")


def unauthorized(description: str = "The access token provided is invalid") -> Refusal:
    """A token that is not known, or no longer good."""
    return refuse(401, "invalid_token", "invalid_token", description)


def insufficient_scope() -> Refusal:
    """A token whose app was not registered for this resource."""
    description = "The request requires higher privileges than provided by the access token"
    return refuse(403, "insufficient_scope", "insufficient_scope", description)


def edge_block() -> Response:
    """The 403 of Bling's edge, which has nothing to do with scopes."""
    return error(
        403,
        "FORBIDDEN",
        "Acesso não permitido",
        "A URL está bloqueada para requisições de API. Utilize 'api.bling.com.br'.",
    )


def too_many(limit: int, period: str) -> Response:
    """Too many requests in this `second` or on this `day`. No header says when to come back."""
    when = "por segundo" if period == SECOND else "diário"
    return error(
        429,
        "TOO_MANY_REQUESTS",
        "Limite de requisições atingido.",
        f"O limite de requisições {when} foi atingido, tente novamente mais tarde.",
        limit=limit,
        period=period,
    )


def server_error() -> Response:
    """Something broke on Bling's side; it does not say whether before or after the effect."""
    return error(500, "SERVER_ERROR", "Não foi possível executar a operação", "Um erro interno ocorreu.")
