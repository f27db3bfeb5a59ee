"""Ways to make a signature without the secret, from one that somebody overheard."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from random import Random

# From the bytes that were signed and their genuine signature to what the forger sends.
Forgery = Callable[[bytes, str, Random], str]


def _letters(text: str, chance: Random) -> str:
    # Not one of the last two: of these a reader of base64 ignores some bits, so the signature would be the genuine one.
    place = chance.randrange(len(text) - 2)
    other = chance.choice([letter for letter in "0123456789abcdefABCDEF+/" if letter.lower() != text[place].lower()])
    return text[:place] + other + text[place + 1 :]


def _shaped_like(genuine: str, digest: bytes) -> str:
    """The digest in the spelling of the genuine signature: with its prefix, in hexadecimal or base64."""
    prefix = "sha256=" if genuine.startswith("sha256=") else ""
    text = genuine.removeprefix(prefix)
    is_hex = len(text) == 64 and set(text) <= set("0123456789abcdef")
    return prefix + (digest.hex() if is_hex else base64.b64encode(digest).decode())


def _with(secret: bytes, algorithm: str = "sha256") -> Forgery:
    return lambda body, genuine, _: _shaped_like(genuine, hmac.new(secret, body, algorithm).digest())


FORGERIES: dict[str, Forgery] = {
    "a letter changed": lambda body, genuine, chance: _letters(genuine, chance),
    "cut short": lambda body, genuine, chance: genuine[: chance.randrange(len(genuine))],
    "made longer": lambda body, genuine, chance: genuine + chance.choice("0aA=+/"),
    "turned round": lambda body, genuine, chance: genuine[::-1],
    "said twice": lambda body, genuine, chance: f"{genuine}, {genuine}",
    "random bytes": lambda body, genuine, chance: _shaped_like(genuine, chance.randbytes(32)),
    "no secret": _with(b""),
    "a guessed secret": _with(b"secret"),
    "another digest": _with(b"secret", "sha512"),
    "the plain digest": lambda body, genuine, _: _shaped_like(genuine, hashlib.sha256(body).digest()),
    "zeros": lambda body, genuine, _: _shaped_like(genuine, bytes(32)),
    "of an empty body": lambda body, genuine, _: _shaped_like(genuine, hmac.new(b"secret", b"", "sha256").digest()),
    "nothing": lambda body, genuine, _: "",
    "other characters": lambda body, genuine, chance: genuine[:-1] + chance.choice("éß\u0416\x00\u2028"),
    "very long": lambda body, genuine, _: genuine * 200,
}
