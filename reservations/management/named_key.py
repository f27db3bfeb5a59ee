"""How a command finds the API key that the operator means."""

from django.core.management.base import CommandError
from django.db.models import Q

from plumbing.whole_number import whole_number
from reservations.models import ApiKey


def key_named(text: str) -> ApiKey:
    """The key with this number or beginning. Raises CommandError when there is none, or when there are several."""
    meant = Q(prefix=text)
    number = whole_number(text)
    if number is not None:
        meant |= Q(pk=number)
    found = list(ApiKey.objects.filter(meant).select_related("shop").order_by("pk")[:10])
    if not found:
        raise CommandError(f"No API key has the number or the beginning {text}.")
    if len(found) > 1:
        raise CommandError(
            f"Several API keys are meant, say which by number: {', '.join(str(key.pk) for key in found)}."
        )
    return found[0]
