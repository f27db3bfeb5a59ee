"""What a stranger sends stays one harmless line in the log, and credentials never reach it."""

import logging
import logging.config

import pytest

from basico_stock.logs import OneLineFormatter, configuration, safe

CANARY = "c4n4ry-0123456789abcdef"


def formatted(message: str, *arguments: object) -> str:
    record = logging.LogRecord("test", logging.INFO, __file__, 1, message, arguments, None)
    return OneLineFormatter("%(message)s").format(record)


@pytest.mark.parametrize("forgery", ["\n", "\r\n", "\r", "\x1b[2K", "\x00", "\x85", "\u2028", "\x9b31m", "\x08"])
def test_control_characters_cannot_forge_a_line_or_drive_a_terminal(forgery: str) -> None:
    line = formatted("unknown SKU %s", f"A{forgery}2026-01-01 INFO all is well")
    assert line.isprintable()
    assert "unknown SKU A\\x" in line


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer {}",
        "Authorization: Api-Key {}",
        "authorization='Basic {}'",
        "{{'Authorization': 'Bearer {}'}}",
        "Api-Key {} is wrong",
        "GET /cart.js?key={}&view=1",
        "https://shop/cart/c/Z2NwLXVz?key={}",
        '{{"access_token": "{}", "scope": "a"}}',
        "refresh_token={}&grant_type=refresh_token",
        "client_secret={}",
        "X-Shopify-Access-Token: {}",
        "hmac={}&shop=a.myshopify.com",
        "signature={}",
        "postgresql://bazico:{}@db/stock",
        "rediss://:{}@redis:6379/0",
        "token shpat_{} expired",
        "Api-Key: {}",
        "{{'api-key': '{}'}}",
        "Basic {}",
        "Authorization: {}",
        "Proxy-Authorization: Basic {}",
        "[(b'authorization', b'Token {}')]",
        "Cookie: sessionid={0}; csrftoken={0}",
        "Set-Cookie: bling_connect={}; Path=/bling/",
        "{{'Cookie': 'a={0}; b={0}', 'Accept': '*/*'}}",
        "('HTTP_COOKIE', 'bazico_device={}')",
        "X-Shopify-Hmac-Sha256: {}",
        "X-Bling-Signature-256: {}",
        "GET /bling/connect?link={}",
        "GET /admin/login/?next=%2Fbling%2Fconnect%3Flink%3D{}",
        "GET /bling/callback?state=1.{0}&code={0}",
        "code={}",
        "GET /app/?id_token={}&shop=a.myshopify.com",
        "GET /proxy/stock/A?shop=a.myshopify.com&timestamp=1&signature={}",
        "csrfmiddlewaretoken={}&username=ana",
        "https://app:{}@host/path",
        "https://app:a/b{}@host/path",
        "amqp://guest:{}@broker:5672//",
        "key bzc_{} was made",
        "token eyJhbGciOiJIUzI1NiJ9.{0}.{0} expired",
    ],
)
def test_a_credential_is_redacted_wherever_it_turns_up(text: str) -> None:
    line = safe(text.format(CANARY))
    assert CANARY not in line
    assert "[redacted]" in line


def test_what_is_no_secret_stays_readable() -> None:
    for line in (
        "GET /stock/SKU-1?key_count=2 order_id=55 monkey=banana status 409 São Paulo",
        "POST http://host:8000/stock/A/reserve sent by ana@example.com",
        "bling: shop 7: state=connected, exit code=1, basic auth failed",
        "API key bzc_ab12cd34… (ERP) was made",
    ):
        assert safe(line) == line


def test_a_traceback_keeps_its_lines_but_not_its_secrets() -> None:
    try:
        int(f"Authorization: Bearer {CANARY}\x1b[31m")
    except ValueError as error:
        record = logging.LogRecord("test", 40, __file__, 1, "failed", None, (ValueError, error, error.__traceback__))
    lines = OneLineFormatter("%(message)s").format(record).split("\n")
    assert lines[0] == "failed"
    assert len(lines) > 2
    assert all(line.startswith("    ") and line.isprintable() for line in lines[1:])
    assert CANARY not in "".join(lines)


def test_a_forged_line_in_a_path_reaches_standard_output_as_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    logging.config.dictConfig(configuration("INFO"))
    logging.getLogger("django.request").warning("Not Found: %s", "/a\nERROR forged")
    assert capfd.readouterr().out.count("\n") == 1
