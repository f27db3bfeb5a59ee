"""One line per event on standard output, which no stranger can forge and which tells no secret.

A SKU, a path or a header comes from outside and may carry line breaks that forge entries, or escape codes that drive a
terminal. We remove credentials wherever they turn up: headers, tokens, and the `?key=` of Shopify's cart tokens.
"""

import logging
import re

REDACTED = "[redacted]"
SECRETS = re.compile(
    r"""(?ix)
    ( \b authorization ["']? \s* [:=] \s* ["']? (?:bearer|basic|api-key) \s+
    | \b (?:bearer|api-key) \s+
    | [?&;] key=
    | \b (?:access_token|refresh_token|id_token|client_secret|api_secret|password|secret_key|hmac|signature)
      ["']? \s* [:=] \s* ["']?
    | \b x-shopify-access-token ["']? \s* [:=] \s* ["']?
    | \b postgres(?:ql)?://[^:@\s/]*: | \b rediss?://[^:@\s/]*:
    | \b shp(?:at|ca|pa|ss|ua)_
    )
    [^\s"'&;,@}]+
    """
)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def safe(text: str) -> str:
    """Return `text` on one line, control characters escaped, credentials replaced."""
    return CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", SECRETS.sub(rf"\1{REDACTED}", text))


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
