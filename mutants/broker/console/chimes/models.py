"""The draft of the next code book: one for the commune, worked on by whoever may, pushed as a whole."""

from __future__ import annotations

from django.db import models


class Draft(models.Model):
    """At most one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    fields = models.JSONField()
    """As the file of a code book has them."""
    by = models.CharField(max_length=32)
    """Who changed it last."""
    at = models.DateTimeField(auto_now=True)
