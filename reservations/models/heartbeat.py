"""Proof that beat, broker and worker still reach the database."""

from django.db import models


class Heartbeat(models.Model):
    """When a part of the service last did its round through beat, broker and worker."""

    name = models.CharField(max_length=50, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
