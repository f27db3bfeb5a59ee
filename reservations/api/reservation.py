"""``GET /reservations/{reservation_id}``: how a reservation stands."""

from reservations import engine

from . import answers
from .answers import Reply
from .pipeline import ApiRequest, ApiView
from .schema import operations
from .serializers import parse_uuid


class ReservationView(ApiView):
    """One reservation."""

    @operations.read_reservation
    def get(self, request: ApiRequest, reservation_id: str) -> Reply:
        """The reservation as it stands by the database's clock: a dead hold reads "expired" before any job ran.

        What is no UUID is no reservation's id: it gets the same answer as an id that nobody has.
        """
        known = parse_uuid(reservation_id)
        if known is None:
            raise engine.UnknownReservation([(None, "unknown")])
        hold = engine.reservation(request.shop.id, known)
        return answers.send(answers.success(answers.reservation(hold)))
