"""One line per event on standard output, which no stranger can forge and which tells no secret.

A SKU, a path or a header comes from outside and may carry line breaks that forge entries, or escape codes that drive a
terminal. We remove credentials wherever they turn up: headers, tokens, passwords in addresses, and the parameters of
queries that let somebody in.
"""

import logging
import re

REDACTED = "[redacted]"
# What stands between a name and its value: in a header, a form, a query (also inside of another query), JSON or a repr.
_IS = r"""["']?\s*(?:[:=]|%3D|(?<=["']),)\s*b?["']?"""
# Each kind of credential: the part that stays, then the part that goes.
_KINDS = (
    # Headers that are a credential as a whole.
    rf"((?<![a-z0-9-])(?:set-|http_)?cookie{_IS})[^\r\n\"']+",
    rf"(\b(?:proxy-)?authorization{_IS}(?:[a-z-]+\s+)?)[^\s\"',}}]+",
    rf"(\bx-(?:shopify-access-token|shopify-hmac-sha256|bling-signature-256|api-key){_IS})[^\s\"',}}]+",
    # A scheme and what follows it, wherever they are. "Basic" is a word too, so only what may be base64 goes with it.
    rf"(\b(?:bearer|api-key)(?:{_IS}|\s+))[^\s\"',}}]+",
    r"(\bbasic\s+)[a-z0-9+/_-]{8,}=*",
    # Names that are a credential's everywhere.
    (
        rf"((?<![\w-])(?:(?:access|refresh|id|session|csrfmiddleware)_?token|(?:client|api)_secret|client_assertion"
        rf"|code_verifier|secret_key|password|sessionid|csrftoken|hmac|signature){_IS})[^\s\"'&;,@}}]+"
    ),
    # Names that are one in a query.
    r"((?:[?&;]|%3F|%26)(?:key|link|state|token|secret)(?:=|%3D))[^\s\"'&;,}]+",
    r"((?<![\w-])code(?:=|%3D))[^\s\"'&;,}]{8,}",
    # The password of an address; the last @ before a space ends it.
    r"(\b[a-z][a-z0-9+.-]{0,20}://[^\s:@/\"']{0,128}:)[^\s\"']{1,256}(?=@)",
    r"(\b(?:postgres(?:ql)?|rediss?)://[^\s:@/]*:)[^\s\"'&;,@}]+",
    # What tells by its own shape what it is: Shopify's tokens, our API keys, JSON web tokens.
    r"(\bshp(?:at|ca|pa|ss|ua)_)[\w-]+",
    r"(?<![\w-])(bzc_)[\w-]{20,}",
    r"(?<![\w-])(eyJ)[\w-]+\.[\w-]+\.[\w-]*",
)
SECRETS = tuple(re.compile(kind, re.IGNORECASE) for kind in _KINDS)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def safe(text: str) -> str:
    """Return `text` on one line, control characters escaped, credentials replaced."""
    for kind in SECRETS:
        text = kind.sub(rf"\1{REDACTED}", text)
    return CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


class OneLineFormatter(logging.Formatter):
    """Formats an event on one safe line; a traceback follows, each of its lines indented and as safe."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the base class names it
        """Return the event's line."""
        return safe(super().formatMessage(record))

    def formatException(self, ei: object) -> str:  # noqa: N802 - the base class names it
        """Return the traceback's lines."""
        trace = super().formatException(ei)  # type: ignore[arg-type]
        return "\n".join(f"    {safe(line)}" for line in trace.splitlines())


# They log three lines for each run of each periodic job, every few seconds, even when there was nothing to do.
CHATTY = ("celery.beat", "celery.worker.strategy", "celery.app.trace")


def _quiet(level: str) -> dict[str, object]:
    """Let only warnings of chatty loggers through, unless the level is DEBUG; tasks log their own lines."""
    return {} if level == "DEBUG" else {name: {"level": "WARNING"} for name in CHATTY}


def configuration(level: str) -> dict[str, object]:
    """Return Django's LOGGING with everything from `level` upwards on standard output."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": OneLineFormatter,
                "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
            }
        },
        "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "line"}},
        "root": {"handlers": ["stdout"], "level": level},
        "loggers": {"django": {"handlers": [], "level": level, "propagate": True}, **_quiet(level)},
    }
