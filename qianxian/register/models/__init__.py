from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from qianxian.kernel.period import Period

from .. import rules
from .records import (
    Batch,
    Bound,
    Correction,
    Find,
    Handout,
    Keeping,
    Link,
    Origin,
    Receipt,
    Record,
    Rotation,
    Statement,
    Tie,
)

__all__ = [
    "Batch",
    "Bound",
    "Correction",
    "Find",
    "Handout",
    "Keeping",
    "Link",
    "Organisation",
    "Origin",
    "Place",
    "Receipt",
    "Record",
    "Revision",
    "Rotation",
    "Statement",
    "Tie",
]


class Place(models.Model):
    """A district, street, community, village or grid; codes change by the year, so each has its time."""

    code = models.CharField(max_length=15, primary_key=True, db_collation="C")
    name = models.CharField(max_length=80)
    level = models.CharField(max_length=12, choices=[(level.value, level.value) for level in rules.Level])
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    aliases = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    households = models.IntegerField(null=True)
    outline = models.JSONField(null=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15})$"),
                name="a_place_code_has_the_length_of_a_level",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from")), name="a_place_ends_after_it_begins"
            ),
        ]

    def as_rule(self) -> rules.Place:
        return rules.Place(self.code, self.name, rules.Level(self.level), Period(self.valid_from, self.valid_to))


class Organisation(models.Model):
    """A body that can hold a duty, or assist; found under every spelling that offices use for it."""

    code = models.CharField(max_length=32, primary_key=True, db_collation="C")
    name = models.CharField(max_length=80)
    short = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in rules.Kind])
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    aliases = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    liaison = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="an_organisation_has_a_name_of_its_own"),
            models.UniqueConstraint(fields=["code", "kind"], name="an_organisation_has_one_kind"),
        ]

    def as_rule(self) -> rules.Organisation:
        return rules.Organisation(
            self.code, self.name, self.short, rules.Kind(self.kind), self.place_id, self.liaison_id or ""
        )


class Revision(models.Model):
    """How often a body of reference data was changed; triggers count, so that every process knows when to read anew."""

    name = models.CharField(max_length=32, primary_key=True)
    number = models.BigIntegerField(default=0)
