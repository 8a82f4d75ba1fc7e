"""Drills that are planned; once run, the register has the rest."""

from __future__ import annotations

from django.db import models


class Plan(models.Model):
    """One drill."""

    day = models.DateField()
    """When it is to be."""
    kind = models.CharField(max_length=16)
    """Of what."""
    hamlets = models.JSONField()
    """["all"] or slugs."""
    text = models.CharField(max_length=300, blank=True)
    """A line for the hamlets."""
    by = models.CharField(max_length=32)
    """Who planned it."""
    incident = models.CharField(max_length=40, blank=True)
    """Once it was run: the incident's id."""

    class Meta:
        ordering = ("day", "id")
