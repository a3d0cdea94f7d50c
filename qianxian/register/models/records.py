"""Records of persons, households, homes, buildings, organisations and party branches, and all that was ever said of them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q


class Batch(models.Model):
    """One import: what came with it can be taken back as a whole."""

    source = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    actor = models.CharField(max_length=64)
    unit = models.CharField(max_length=32, blank=True)
    entered_at = models.DateTimeField()
    rows = models.IntegerField(default=0)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="a_batch_comes_once_from_its_source")]


class Record(models.Model):
    """
    One person, household, home, building, organisation or party branch, under a number of our own.

    What is written here is derived from the statements and kept for reading: `values` holds what prevails now and is
    not sensitive (element: [value, source, day since, 1 if its authority says so]), `sealed` the same of the sensitive
    elements, `disputed` the elements of which sources say different things. No citizen number is a key of anything.
    """

    code = models.CharField(max_length=12, unique=True, db_collation="C")
    entity = models.CharField(max_length=16)
    place = models.ForeignKey("qianxian.Place", on_delete=models.PROTECT)
    name = models.CharField(max_length=100, blank=True)
    spoken = models.CharField(max_length=160, blank=True, db_collation="C")
    initials = models.CharField(max_length=40, blank=True, db_collation="C")
    sex = models.CharField(max_length=1, blank=True)
    born = models.DateField(null=True)
    address = models.CharField(max_length=200, blank=True)
    groups = ArrayField(models.CharField(max_length=16), default=list)
    values = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True)
    disputed = ArrayField(models.CharField(max_length=60), default=list)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="records")
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    """When it left the register: moved away, died, closed, or its only source was taken back."""

    class Meta:
        indexes = [
            models.Index(fields=["entity", "place", "id"], name="records_by_place"),
            models.Index(fields=["entity", "spoken", "id"], name="records_by_sound"),
            models.Index(fields=["entity", "initials"], name="records_by_initials"),
            models.Index(fields=["entity", "name"], name="records_by_name"),
            GinIndex(fields=["groups"], name="records_by_group"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="a_record_is_not_merged_into_itself"),
        ]


class Find(models.Model):
    """
    A blind index by which a record is found: of a telephone, a document, a credit code.

    A table of its own, as a wall of rows lets equality through to an index, and nothing else.
    """

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="finds")
    index = models.CharField(max_length=64, db_collation="C")

    class Meta:
        indexes = [models.Index(fields=["index"], name="records_by_blind_index")]
        constraints = [models.UniqueConstraint(fields=["record", "index"], name="a_record_is_found_by_an_index_once")]


class Statement(models.Model):
    """
    What one source said of one record at one moment; never changed, only added to (a trigger refuses).

    `values` and, for sensitive elements, `sealed` hold element: [value, raw form] and, for a mapped code, the edition
    of the table or crosswalk as a third. An empty value says that the source no longer says anything.
    """

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="statements")
    source = models.CharField(max_length=80)
    authority = models.CharField(max_length=32, blank=True)
    since = models.DateTimeField()
    known_at = models.DateTimeField()
    values = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="statements")
    actor = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["record", "id"], name="statements_of_a_record")]


class Origin(models.Model):
    """Under which key a source knows a record, and the print of what it said last: the same row is entered once."""

    source = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="origins")
    print = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="a_source_knows_a_record_by_one_key")]


class Tie(models.Model):
    """How two records belong together for a time: member of a household, home of it, building, branch, work, family."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="ties")
    other = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="tied")
    kind = models.CharField(max_length=12)
    role = models.CharField(max_length=4, blank=True)
    """Of a member of a household: the relation to its head, GB/T 4761."""
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    source = models.CharField(max_length=80)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="ties")

    class Meta:
        indexes = [
            models.Index(fields=["record", "kind"], name="ties_of_a_record"),
            models.Index(fields=["other", "kind"], name="ties_to_a_record"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "other", "kind"], condition=Q(until=None), name="a_tie_is_there_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="a_tie_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(record=F("other")), name="nothing_is_tied_to_itself"),
        ]


class Receipt(models.Model):
    """A benefit paid or a service given to somebody."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="receipts")
    kind = models.CharField(max_length=8, choices=[("benefit", "benefit"), ("service", "service")])
    name = models.CharField(max_length=60)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    on = models.DateField()
    giver = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=80)
    actor = models.CharField(max_length=64)
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["record", "-on"], name="receipts_of_a_record")]


class Link(models.Model):
    """Two records that may be one: how likely, why, and what was decided; undone links stay as history."""

    left = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="links")
    right = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="linked")
    probability = models.FloatField()
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=8)
    at = models.DateTimeField()
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)
    kept = models.JSONField(default=list)
    """What a link moved from the one record to the other, so that undoing it restores both exactly."""

    class Meta:
        indexes = [models.Index(fields=["state", "-probability"], name="links_to_decide")]
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="two_records_are_compared_once"),
            models.CheckConstraint(condition=Q(left__lt=F("right")), name="a_pair_has_its_order"),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "linked", "apart"]), name="a_pair_waits_is_one_or_is_two"
            ),
        ]


class Bound(models.Model):
    """From which probability records are linked at once, and from which a human is asked; dated, as limits are."""

    valid_from = models.DateTimeField(unique=True)
    upper = models.FloatField()
    lower = models.FloatField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lower__gt=0, lower__lt=F("upper"), upper__lte=1), name="bounds_are_in_order"
            )
        ]


class Keeping(models.Model):
    """Which organisation is the authority of a kind for an area: its record prevails, and it answers corrections."""

    authority = models.CharField(max_length=32)
    unit = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT)
    area = models.ForeignKey("qianxian.Place", on_delete=models.PROTECT)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "area"], condition=Q(valid_to=None), name="an_area_has_one_authority_of_a_kind"
            )
        ]


class Correction(models.Model):
    """A request to correct a value (PIPL 46): asked with a reason, answered by the authority's body in due time."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="corrections")
    element = models.CharField(max_length=60)
    sealed = models.BinaryField()
    reason = models.CharField(max_length=500)
    asked_by = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    body = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=64, blank=True)
    accepted = models.BooleanField(null=True)
    reply = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["body", "answered_at", "due_at"], name="corrections_to_answer")]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, accepted=None) | ~Q(Q(reply="") | Q(accepted=None)),
                name="a_correction_is_answered_with_a_reply",
            )
        ]


class Handout(models.Model):
    """A bulk export: one asks and says for what, another allows it, and the file carries its number."""

    code = models.CharField(max_length=12, unique=True)
    purpose = models.CharField(max_length=200)
    wanted = models.JSONField()
    area = models.CharField(max_length=15)
    asked_by = models.CharField(max_length=64)
    asked_name = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=64, blank=True)
    decided_name = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    allowed = models.BooleanField(null=True)
    rows = models.IntegerField(null=True)
    fetched_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(asked_by=F("decided_by")), name="a_second_person_allows_an_export"),
            models.CheckConstraint(
                condition=Q(fetched_at=None) | Q(allowed=True), name="only_what_was_allowed_is_handed_out"
            ),
        ]


class Rotation(models.Model):
    """How far the values of one column are sealed anew under the newest key; taken up where it stopped."""

    generation = models.IntegerField()
    column = models.CharField(max_length=120)
    after = models.BigIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["generation", "column"], name="a_column_is_sealed_anew_once")]
