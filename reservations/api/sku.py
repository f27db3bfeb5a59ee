"""A SKU has 1 to 255 characters of any script, slashes and spaces too, but no control characters."""

import re
from collections.abc import Mapping
from typing import Any

from django.urls.converters import StringConverter

from .errors import InvalidSku
from .limits import MAX_SKU_LENGTH
from .web_process import RAW_PATH

_SKU = re.compile(rf"[^\x00-\x1f\x7f-\x9f]{{1,{MAX_SKU_LENGTH}}}")


def is_sku(text: str) -> bool:
    """Whether `text` can be a SKU."""
    return _SKU.fullmatch(text) is not None


def check_sku_in_path(meta: Mapping[str, Any], sku: str) -> None:
    """Raise InvalidSku unless the SKU in the address of a request with this head can be one."""
    # Django writes bytes that are not UTF-8 as "%FF" text, so only a "%" can hide them; the raw path tells.
    if not is_sku(sku) or ("%" in sku and not _path_is_utf8(meta)):
        raise InvalidSku


def _path_is_utf8(meta: Mapping[str, Any]) -> bool:
    try:
        meta.get(RAW_PATH, "").encode("latin-1").decode()
    except UnicodeError:
        return False
    return True


class SkuConverter(StringConverter):
    """The rest of the path: a slash, and even one at the end, belongs to the SKU."""

    regex = r"[\s\S]+"
