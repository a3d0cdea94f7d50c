from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Form(models.Model):
    """
    What a unit asks, in an area, of whom: `roles` may fill it from its opening to its closing.

    `entity` names what the form is about ('' for nothing of the register): then each answer belongs to one record.
    """

    code = models.CharField(max_length=60, unique=True, db_collation="C")
    title = models.CharField(max_length=120)
    entity = models.CharField(max_length=20, blank=True)
    unit = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("qianxian.Place", on_delete=models.PROTECT, related_name="+")
    roles = ArrayField(models.CharField(max_length=12), default=list)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    actor = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")), name="a_form_closes_after_it_opened"
            ),
        ]


class FormEdition(models.Model):
    """A form as one workbook made it: file, XForm and definition stay as they were when answers came in."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    version = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    source = models.BinaryField()
    digest = models.CharField(max_length=64)
    xform = models.TextField()
    definition = models.JSONField()
    elements = models.JSONField(default=dict)
    shown = ArrayField(models.CharField(max_length=300), default=list)
    warnings = models.JSONField(default=list)
    actor = models.CharField(max_length=60)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="a_form_has_one_edition_of_each_number"),
        ]


class Filled(models.Model):
    """
    One filled form: the instance as it came, enciphered, and where it belongs.

    `instance` tells it apart from every other of its form, so that nothing is taken in twice. `conflicts` has, for each
    element, what the register held that the filler had not seen: until somebody settles it, both versions stay.
    """

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="filled")
    edition = models.ForeignKey(FormEdition, on_delete=models.PROTECT, related_name="+")
    instance = models.CharField(max_length=100, db_collation="C")
    digest = models.CharField(max_length=64)
    sealed = models.BinaryField()
    place = models.ForeignKey("qianxian.Place", on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey("qianxian.Record", null=True, on_delete=models.SET_NULL, related_name="+")
    unit = models.CharField(max_length=40)
    actor = models.CharField(max_length=60)
    way = models.CharField(max_length=12, choices=[(one, one) for one in ("page", "client")])
    filled_at = models.DateTimeField()
    came_at = models.DateTimeField()
    faults = models.JSONField(default=list)
    conflicts = models.JSONField(default=dict)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=60, blank=True)
    instead_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "instance"], name="a_filled_form_is_taken_in_once"),
        ]
        indexes = [models.Index(fields=["form", "-came_at"], name="filled_by_arrival")]


class FilledFile(models.Model):
    """A photograph or document that came with a filled form; clients may send several messages for one form."""

    filled = models.ForeignKey(Filled, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=80)
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["filled", "name"], name="a_file_comes_with_a_form_once"),
        ]
