"""What is counted in the database because it must survive everything else. Neither table belongs to a tenant."""

from django.db import models


class RequestSlot(models.Model):
    """The one request that a company may have under way while Redis is away; free again at `free_at`."""

    limit_key = models.CharField(max_length=80, primary_key=True)
    free_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.limit_key


class TokenCall(models.Model):
    """A call to Bling's token address, of whichever shop: 20 a minute from one address close the door for an hour."""

    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.at)
