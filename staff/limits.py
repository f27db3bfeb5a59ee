"""Under which names a try to sign in counts, and how many may fail."""

from django.http import HttpRequest

from reservations.api.caller_address import caller_address

from . import known_browser
from .failures import Limit

QUARTER_SECONDS, DAY_SECONDS = 900, 86_400
# Wrong passwords of one browser, or at one name by browsers that nobody has signed in with.
PASSWORDS = 10
# Wrong passwords from one address, whatever the names: an office shares one.
PASSWORDS_OF_ADDRESS = 20
# Wrong codes. Three of a million are right at any moment, so thirty a day leave a year's guesses three in a hundred.
CODES, CODES_OF_DAY = 5, 30
# Wrong codes that came with a password, at one name and from all addresses: too many for a few strangers to use up.
CODES_WITH_PASSWORDS = 1_000


def of_name(request: HttpRequest, name: str) -> Limit:
    """What a wrong password counts for: this browser if `name` has signed in with it, else the name."""
    browser = known_browser.of(request, name)
    digest = known_browser.digest_of(name)
    return Limit(f"browser:{digest}:{browser}" if browser else f"name:{digest}", PASSWORDS, QUARTER_SECONDS)


def of_address(request: HttpRequest, name: str) -> list[Limit]:
    """What a wrong password counts for besides: the address, unless the browser is known."""
    if known_browser.of(request, name):
        return []
    return [Limit(f"address:{caller_address(request.META)}", PASSWORDS_OF_ADDRESS, QUARTER_SECONDS)]


def of_code(request: HttpRequest, name: str) -> list[Limit]:
    """What a wrong code of the second factor counts for: this browser if it is known, else the person."""
    browser = known_browser.of(request, name)
    digest = known_browser.digest_of(name)
    counted_as = f"code:{digest}:{browser}" if browser else f"code:{digest}"
    return [Limit(counted_as, CODES, QUARTER_SECONDS), Limit(counted_as, CODES_OF_DAY, DAY_SECONDS)]


def of_code_with_password(request: HttpRequest, name: str) -> list[Limit]:
    """What a wrong code counts for that comes with the password: the name and the address, and far up the name."""
    digest = known_browser.digest_of(name)
    return [
        Limit(f"both:{digest}:{caller_address(request.META)}", CODES, QUARTER_SECONDS),
        Limit(f"both:{digest}", CODES_WITH_PASSWORDS, DAY_SECONDS),
    ]
