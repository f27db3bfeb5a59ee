"""/oauth: the page where a merchant says yes (the stand-in says it at once), and the token addresses."""

import base64
import binascii
import hmac
from urllib.parse import urlencode

from sandbox.bling.bling import Bling
from sandbox.bling.errors import not_found, refuse
from sandbox.web import Handle, Refusal, Request, Response, json_response

FORM = "application/x-www-form-urlencoded"


def find(bling: Bling, request: Request, path: str) -> Handle:
    """The function that answers an address below /oauth. Raises Refusal."""
    handlers = {
        ("GET", "/oauth/authorize"): authorize,
        ("POST", "/oauth/token"): token,
        ("POST", "/oauth/revoke"): revoke,
    }
    handler = handlers.get((request.method, path))
    if handler is None:
        raise not_found()
    return lambda: handler(bling, request)


def authorize(bling: Bling, request: Request) -> Response:
    """Send the browser back with a code. `redirect_uri` and `scope` are ignored: the registration's count."""
    if request.one("client_id") != bling.app.client_id or request.one("response_type") != "code":
        return Response(400, b"<h1>Aplicativo desconhecido</h1>", {"Content-Type": "text/html; charset=utf-8"})
    state = request.one("state") or ""
    if not state:
        answer = {"error": "invalid_request", "error_description": "state is required"}
    elif bling.denies:
        answer = {"error": "access_denied", "error_description": "The user denied access", "state": state}
    else:
        answer = {"code": bling.authority.new_code(bling.signed_in), "state": state}
    return Response(302, b"", {"Location": f"{bling.app.callback_url}?{urlencode(answer)}"})


def token(bling: Bling, request: Request) -> Response:
    """Exchange a code, or refresh."""
    bling.turnstile.count("tokens")
    _check_client(bling, request)
    form, is_jwt = _form(request), request.headers.get("enable-jwt") == "1"
    if form.get("grant_type") == "authorization_code" and form.get("code"):
        return json_response(200, bling.authority.exchange(form["code"], is_jwt=is_jwt))
    if form.get("grant_type") == "refresh_token" and form.get("refresh_token"):
        return json_response(200, bling.authority.refresh(form["refresh_token"], is_jwt=is_jwt))
    raise _invalid_request("The grant type was not specified in the request")


def revoke(bling: Bling, request: Request) -> Response:
    """End an authorization; with `revoke_action` every one of the company."""
    _check_client(bling, request)
    form = _form(request)
    if not form.get("token"):
        raise _invalid_request("Missing token parameter to revoke")
    bling.authority.revoke(form["token"], whole_account="revoke_action" in form)
    return json_response(200, {"revoked": True})


def _check_client(bling: Bling, request: Request) -> None:
    """Credentials count only in the Basic header."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    expected = f"{bling.app.client_id}:{bling.app.client_secret}".encode()
    try:
        given = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        given = b""
    if scheme.lower() != "basic" or not hmac.compare_digest(given, expected):
        raise refuse(400, "invalid_client", "invalid_client", "The client credentials are invalid")


def _form(request: Request) -> dict[str, str]:
    if not request.headers.get("content-type", "").startswith(FORM):
        raise _invalid_request(f"The content type must be {FORM}")
    return request.form()


def _invalid_request(description: str) -> Refusal:
    return refuse(400, "invalid_request", "invalid_request", description)
