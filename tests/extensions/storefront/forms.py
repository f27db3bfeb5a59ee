"""The bodies that storefronts send: JSON, urlencoded and multipart, with Rails' names in brackets."""

import json
import re
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl


def parsed(raw: bytes, content_type: str) -> dict[str, Any]:
    """The body as Shopify reads it; empty for a type that it does not read."""
    if content_type.startswith("application/json"):
        body: dict[str, Any] = json.loads(raw)
        return body
    if content_type.startswith("multipart/form-data"):
        return _nested(_multipart(raw, content_type))
    if content_type.startswith("application/x-www-form-urlencoded"):
        return _nested(parse_qsl(raw.decode(), keep_blank_values=True))
    return {}


def _multipart(raw: bytes, content_type: str) -> list[tuple[str, str]]:
    message: Any = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + raw)
    return [(part.get_param("name", header="content-disposition"), _value(part)) for part in message.iter_parts()]


def _value(part: EmailMessage) -> str:
    """A field's text, or an upload's name."""
    return part.get_filename() or str(part.get_content())


def _nested(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """`items[0][id]=7` as {"items": {"0": {"id": "7"}}}, and `updates[]=2` as {"updates": ["2"]}."""
    body: dict[str, Any] = {}
    for name, value in pairs:
        head, *rest = re.findall(r"[^\[\]]+|(?<=\[)(?=\])", name)
        _put(body, [head, *rest], value)
    return body


def _put(body: dict[str, Any], names: list[str], value: str) -> None:
    first, *rest = names
    if rest == [""]:
        body.setdefault(first, []).append(value)
    elif rest:
        _put(body.setdefault(first, {}), rest, value)
    else:
        body[first] = value
