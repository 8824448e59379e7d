"""Pictures that shoppers sent, sealed; they go with their conversation."""

from __future__ import annotations

from django.db import models

from desk.conversations.models import Conversation


class Picture(models.Model):
    """One picture of one message, redrawn and encrypted (`redrawing.py`, `sealing.py`)."""

    public_id = models.CharField(max_length=32, unique=True)
    """144 random bits; the message names the picture by it."""
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="pictures")
    at = models.DateTimeField()
    key = models.CharField(max_length=16)
    """The name of the key under which both are sealed."""
    full = models.BinaryField()
    thumb = models.BinaryField()

    class Meta:
        verbose_name = verbose_name_plural = "图片"
        indexes = [models.Index(fields=["conversation", "at"])]

    def __str__(self) -> str:
        return self.public_id
