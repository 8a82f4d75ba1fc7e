"""Where a gong stands on the map, once somebody has put it there."""

from __future__ import annotations

from django.db import models


class Place(models.Model):
    """One gong's place: in the frame of a map without a ground or with a picture, else degrees."""

    node = models.CharField(max_length=32, primary_key=True)
    x = models.FloatField()
    """Parts of the frame to the right; longitude where the ground has coordinates."""
    y = models.FloatField()
    """Parts of the frame upwards; latitude where the ground has coordinates."""
    by = models.CharField(max_length=32)
    at = models.DateTimeField(auto_now=True)
