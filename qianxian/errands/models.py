from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qianxian.mandates.rules.articles import Duty, List

from .rules.life import Ending, Frequency, Kind, Opinion, Stage
from .rules.meetings import State
from .rules.refusals import Way, What

Choices = list[tuple[str, str]]
DECIDED = Q(stage__in=[Stage.ADMITTED.value, Stage.REFUSED.value, Stage.ENDED.value])
NOT_FILED = Q(stage__in=[Stage.DRAFT.value, Stage.WITHDRAWN.value])


def choices(codes: type) -> Choices:
    """Return the codes of an enumeration as Django wants them."""
    return [(code.value, code.value) for code in codes]  # type: ignore[attr-defined]


class Errand(models.Model):
    """
    What a department asks of communities: a request first, then, where it was admitted, what runs there until its end.

    A trigger refuses a stage that falls and a decision without a hearing. Decisions are public with their reasons.
    """

    stage = models.SmallIntegerField(choices=[(stage.value, stage.name) for stage in Stage])
    department = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="errands")
    kind = models.CharField(max_length=12, choices=choices(Kind))
    title = models.CharField(max_length=80)
    words = models.TextField(blank=True)
    topic = models.ForeignKey("qianxian.Topic", null=True, on_delete=models.PROTECT, related_name="+")
    list_kind = models.CharField(max_length=20, blank=True, choices=choices(List))
    basis = models.CharField(max_length=500, blank=True)
    why = models.TextField(blank=True)
    role = models.CharField(max_length=8, choices=choices(Duty), default=Duty.ASSIST.value)
    frequency = models.CharField(max_length=12, choices=choices(Frequency), default=Frequency.ONCE.value)
    hours_month = models.DecimalField(max_digits=6, decimal_places=1, default=0)
    fields = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    funds = models.PositiveIntegerField(default=0)
    people = models.PositiveSmallIntegerField(default=0)
    training = models.CharField(max_length=300, blank=True)
    assessment = models.CharField(max_length=300, blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    starts_at = models.DateTimeField(null=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    report_minutes = models.PositiveSmallIntegerField(default=0)
    comprehensive = models.BooleanField(default=False)
    venue = models.CharField(max_length=120, blank=True)
    attendees = ArrayField(models.CharField(max_length=16), default=list, blank=True)

    places = ArrayField(models.CharField(max_length=15), default=list, blank=True)
    involved = ArrayField(models.CharField(max_length=32), default=list)
    extends = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="extended_by")

    drafted_at = models.DateTimeField()
    checks = models.JSONField(default=list)
    returned_at = models.DateTimeField(null=True)
    filed_at = models.DateTimeField(null=True)
    opinions_due_at = models.DateTimeField(null=True)
    decision_due_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=12, blank=True, choices=choices(Ending))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=NOT_FILED | Q(filed_at__isnull=False, opinions_due_at__isnull=False, decision_due_at__isnull=False),
                name="a_filed_errand_has_its_periods",
            ),
            models.CheckConstraint(
                condition=NOT_FILED | ~Q(role=Duty.LEAD.value), name="a_community_is_never_made_the_main_handler"
            ),
            models.CheckConstraint(
                condition=NOT_FILED | (~Q(basis="") & Q(starts_on__isnull=False, ends_on__isnull=False)),
                name="a_filed_errand_has_a_basis_and_an_end",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="an_errand_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~DECIDED | (Q(decided_at__isnull=False, heard_at__isnull=False) & ~Q(reason="")),
                name="a_decision_has_its_hearing_and_its_reason",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.ENDED.value) | (Q(ended_at__isnull=False) & ~Q(ending="")),
                name="an_ended_errand_says_when_and_how",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["department", "-drafted_at"], name="errands_of_a_department"),
            models.Index("opinions_due_at", condition=Q(stage=Stage.FILED.value), name="hearings_to_close"),
            models.Index("ends_on", condition=Q(stage=Stage.ADMITTED.value), name="errands_that_run"),
        ]


class Entrance(models.Model):
    """One community that a request would enter, and what it says; silence is noted only after the period."""

    errand = models.ForeignKey(Errand, on_delete=models.PROTECT, related_name="entrances")
    place = models.ForeignKey("qianxian.Place", on_delete=models.PROTECT, related_name="+")
    committee = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    opinion = models.CharField(max_length=12, blank=True, choices=choices(Opinion))
    words = models.TextField(blank=True)
    given_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["errand", "place"], name="an_errand_enters_a_community_once"),
            models.CheckConstraint(
                condition=~Q(opinion=Opinion.SILENT.value) | Q(given_at__gte=F("due_at")),
                name="silence_is_noted_only_after_the_period",
            ),
            models.CheckConstraint(
                condition=Q(opinion="", given_at=None) | (~Q(opinion="") & Q(given_at__isnull=False)),
                name="an_opinion_has_its_moment",
            ),
        ]
        indexes = [models.Index("committee", "due_at", condition=Q(opinion=""), name="opinions_that_are_awaited")]


class Verdict(models.Model):
    """What one unit of the joint table says: admitted or not, why, and on which conditions."""

    errand = models.ForeignKey(Errand, on_delete=models.PROTECT, related_name="verdicts")
    unit = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="+")
    admitted = models.BooleanField(null=True)
    reason = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    made_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["errand", "unit"], name="a_unit_decides_once"),
            models.CheckConstraint(
                condition=Q(made_at=None, admitted=None)
                | (Q(made_at__isnull=False, admitted__isnull=False) & ~Q(reason="")),
                name="a_verdict_has_its_reason",
            ),
        ]
        indexes = [models.Index("unit", condition=Q(made_at=None), name="verdicts_that_are_awaited")]


class Asking(models.Model):
    """
    Something asked of one community, by whatever way it came.

    Within an admitted errand it names it; without one it stands at the gate until it is refused or taken back.
    """

    place = models.ForeignKey("qianxian.Place", on_delete=models.PROTECT, related_name="+")
    committee = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="+")
    street = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="askings")
    what = models.CharField(max_length=12, choices=choices(What), default=What.ERRAND.value)
    kind = models.CharField(max_length=12, choices=choices(Kind))
    words = models.CharField(max_length=500)
    way = models.CharField(max_length=12, choices=choices(Way))
    errand = models.ForeignKey(Errand, null=True, on_delete=models.PROTECT, related_name="askings")
    asked_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["committee", "-asked_at"], name="askings_of_a_community")]


class Refusal(models.Model):
    """What a community did not take, and by which article; it counts for the department, never against the community."""

    asking = models.OneToOneField(Asking, on_delete=models.PROTECT, related_name="refusal")
    department = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="refusals")
    article = models.CharField(max_length=300)
    refused_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    noted_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(article=""), name="a_refusal_cites_its_article"),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(noted_at=None), name="a_refusal_that_was_answered_is_not_undone"
            ),
        ]
        indexes = [models.Index(fields=["department", "-refused_at"], name="refusals_that_a_department_had")]


class Occasion(models.Model):
    """One meeting or inspection in the calendar: of an admitted errand, or a community's own."""

    errand = models.ForeignKey(Errand, null=True, on_delete=models.PROTECT, related_name="occasions")
    organiser = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=choices(Kind))
    title = models.CharField(max_length=80)
    agenda = models.TextField(blank=True)
    venue = models.CharField(max_length=120, blank=True)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    attendees = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    places = ArrayField(models.CharField(max_length=15), default=list)
    involved = ArrayField(models.CharField(max_length=32), default=list)
    state = models.SmallIntegerField(choices=[(state.value, state.name) for state in State])
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="joined")
    record = models.TextField(blank=True)
    recorded_at = models.DateTimeField(null=True)
    revision = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="a_meeting_lasts_some_minutes"),
            models.CheckConstraint(
                condition=~Q(state=State.MERGED.value) | Q(merged_into__isnull=False),
                name="a_merged_meeting_says_into_which",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.HELD.value) | (~Q(record="") & Q(recorded_at__isnull=False)),
                name="a_held_meeting_has_its_minutes",
            ),
        ]
        indexes = [models.Index("starts_at", "id", name="occasions_by_time")]


class Outcome(models.Model):
    """A line of minutes that became a matter or the draft of an errand, without being typed again."""

    occasion = models.ForeignKey(Occasion, on_delete=models.PROTECT, related_name="outcomes")
    line = models.CharField(max_length=500)
    matter = models.ForeignKey("qianxian.Matter", null=True, on_delete=models.PROTECT, related_name="+")
    matter_code = models.CharField(max_length=16, blank=True)
    errand = models.ForeignKey(Errand, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["occasion", "line"], name="a_line_of_minutes_becomes_one_thing"),
            models.CheckConstraint(
                condition=Q(matter__isnull=False, errand=None) | Q(matter=None, errand__isnull=False),
                name="an_outcome_is_a_matter_or_an_errand",
            ),
        ]


class Feed(models.Model):
    """The secret address under which one account's calendar is subscribed to; only its digest is kept."""

    account = models.ForeignKey("qianxian.Account", on_delete=models.PROTECT, related_name="+")
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(withdrawn_at=None), name="an_account_has_one_calendar_address"
            )
        ]


class Certificate(models.Model):
    """What a community certifies, numbered and revocable; name, document and facts are sealed (PIPL 28)."""

    number = models.CharField(max_length=40, unique=True)
    token = models.CharField(max_length=40, unique=True, db_collation="C")
    kind = models.CharField(max_length=16)
    title = models.CharField(max_length=60)
    basis = models.CharField(max_length=300)
    committee = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="certificates")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    name_sealed = models.BinaryField()
    name_mask = models.CharField(max_length=40)
    document_sealed = models.BinaryField()
    facts_sealed = models.BinaryField()
    addressee = models.CharField(max_length=80)
    purpose = models.CharField(max_length=120)
    issued_at = models.DateTimeField()
    valid_until = models.DateField()
    revoked_at = models.DateTimeField(null=True)
    revocation = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "year", "serial"], name="a_certificate_has_a_number_of_its_own"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | ~Q(revocation=""), name="a_revoked_certificate_says_why"
            ),
        ]
