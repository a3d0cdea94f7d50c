"""Ledgers with the editions of their definitions, cells signed by hand, and versions that were frozen."""

from django.db import models
from django.db.models import Q


class Ledger(models.Model):
    """One ledger under a code of its own; its definition stands in editions, the newest that works is used."""

    code = models.CharField(max_length=40, unique=True, db_collation="C")
    title = models.CharField(max_length=120)
    line = models.CharField(max_length=40)
    asked_by = models.CharField(max_length=80)
    every = models.CharField(max_length=8)
    stopped_at = models.DateTimeField(null=True)
    stopped_why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["line", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stopped_at=None) | ~Q(stopped_why=""), name="a_ledger_is_stopped_for_a_reason"
            )
        ]


class LedgerEdition(models.Model):
    """One version of a ledger's definition as YAML; never changed, only followed by another (a trigger refuses)."""

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="editions")
    number = models.IntegerField()
    written = models.TextField()
    actor = models.CharField(max_length=64)
    at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ledger", "number"], name="an_edition_has_one_number")]


class SignedCell(models.Model):
    """A cell that no register holds, filled and signed by a person for one area and period; sealed, as it may be personal."""

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="signed")
    area = models.CharField(max_length=15, db_collation="C")
    period = models.CharField(max_length=8)
    row = models.CharField(max_length=120)
    """The code of the record that the row is about, or the keys of its group."""
    column = models.CharField(max_length=120)
    sealed = models.BinaryField()
    actor = models.CharField(max_length=64)
    name = models.CharField(max_length=80)
    at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ledger", "area", "period", "row", "column"], condition=Q(replaced_at=None),
                name="a_cell_is_signed_once_at_a_time",
            )
        ]  # fmt: skip


class Frozen(models.Model):
    """A ledger of an area and period as it stood when somebody froze it: the workbook itself, sealed, and its hash."""

    code = models.CharField(max_length=12, unique=True)
    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="frozen")
    edition = models.IntegerField()
    area = models.CharField(max_length=15, db_collation="C")
    period = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)
    sealed = models.BinaryField()
    rows = models.IntegerField()
    actor = models.CharField(max_length=64)
    name = models.CharField(max_length=80)
    at = models.DateTimeField()
    pull_hash = models.CharField(max_length=64, blank=True, db_collation="C")
    """Hash of the token under which the department that asks pulls it; nobody submits upward."""

    class Meta:
        indexes = [models.Index(fields=["ledger", "area", "-at"], name="frozen_of_an_area")]
