from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qianxian.register.rules import Kind

from .rules.coordination import Way
from .rules.intake import Channel, MatterKind
from .rules.life import Ground, Result, Satisfaction, Stage

Choices = list[tuple[str, str]]
KINDS: Choices = [(kind.value, kind.value) for kind in MatterKind]


class Matter(models.Model):
    """
    One demand, from intake to closed.

    One owner at every moment: `owner` is a unit that is no committee, `owner_posting` the cadre who answers in person
    where there is one. A trigger refuses a stage that falls, and a second foreign key proves the kind of the owner.
    Numbers are handed out in blocks (see `actions.intake`), so that nothing has to be read back while taking in.
    """

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=16, unique=True, db_collation="C")
    kind = models.CharField(max_length=12, choices=KINDS)
    channel = models.CharField(max_length=12, choices=[(channel.value, channel.value) for channel in Channel])
    title = models.CharField(max_length=60)
    words = models.TextField()
    fingerprint = models.CharField(max_length=32, db_collation="C")
    topic = models.ForeignKey("qianxian.Topic", null=True, on_delete=models.PROTECT)
    place = models.ForeignKey("qianxian.Place", on_delete=models.PROTECT, db_index=False)
    setting = models.CharField(max_length=16, blank=True)
    address = models.CharField(max_length=200, blank=True)
    requester_index = models.CharField(max_length=64, blank=True, db_collation="C")

    stage = models.SmallIntegerField(choices=[(stage.value, stage.name) for stage in Stage])
    owner = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="owned", db_index=False)
    owner_kind = models.CharField(max_length=12)
    owner_posting = models.ForeignKey("qianxian.Posting", null=True, on_delete=models.PROTECT, related_name="owned")
    answers_to = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    answers_to_posting = models.ForeignKey("qianxian.Posting", null=True, on_delete=models.PROTECT, related_name="+")
    involved = ArrayField(models.CharField(max_length=32), default=list)

    ground = models.CharField(max_length=12, choices=[(ground.value, ground.value) for ground in Ground])
    article = models.ForeignKey("qianxian.Article", null=True, on_delete=models.PROTECT)
    edition = models.IntegerField()
    answer = models.JSONField(default=dict)

    deadline_class = models.CharField(max_length=24)
    calendar = models.CharField(max_length=32)
    received_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True)
    contact_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    standing_still = models.BooleanField(default=False)
    next_alarm_at = models.DateTimeField(null=True)

    signed_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=12, blank=True, choices=[(result.value, result.value) for result in Result])
    reply = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    exit = models.CharField(max_length=2, blank=True)
    ending = models.CharField(max_length=12, blank=True)

    solved = models.BooleanField(null=True)
    satisfaction = models.CharField(
        max_length=12, blank=True, choices=[(level.value, level.value) for level in Satisfaction]
    )
    comment = models.TextField(blank=True)
    removed = models.BooleanField(default=False)
    supervised = models.BooleanField(default=False)

    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    part_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(owner_kind=Kind.COMMITTEE.value) & ~Q(owner_kind=""),
                name="a_committee_never_owns_a_matter",
            ),
            models.CheckConstraint(
                condition=~Q(owner_kind=Kind.SUPERIOR.value), name="a_body_above_the_district_never_owns_a_matter"
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.RECEIVED.value) | Q(stage=Stage.CLOSED.value) | Q(dispatched_at__isnull=False),
                name="a_matter_in_work_was_dispatched",
            ),
            models.CheckConstraint(
                condition=Q(stage__lt=Stage.CLOSED.value) | Q(closed_at__isnull=False),
                name="a_closed_matter_says_when_it_was_closed",
            ),
            models.CheckConstraint(
                condition=~Q(ground=Ground.ARTICLE.value) | Q(article__isnull=False),
                name="an_owner_by_article_has_its_article",
            ),
        ]
        indexes = [
            models.Index("owner", "due_at", "id", condition=Q(stage__lt=Stage.RESOLVED.value), name="desk_of_a_unit"),
            models.Index("due_at", "id", condition=Q(stage__lt=Stage.RESOLVED.value), name="desk_of_the_district"),
            models.Index(
                F("place"), "due_at", "id", condition=Q(stage__lt=Stage.RESOLVED.value), name="desk_of_a_place"
            ),
            models.Index("owner", "received_at", "id", name="matters_of_a_unit"),
            models.Index("received_at", "id", name="matters_by_arrival"),
            models.Index("place", "received_at", "id", name="matters_of_a_place"),
            models.Index("requester_index", "fingerprint", name="matters_of_a_requester"),
            models.Index(
                "owner",
                "received_at",
                "id",
                condition=Q(stage__lt=Stage.RESOLVED.value),
                name="desk_of_a_unit_by_arrival",
            ),
            models.Index(
                "owner_posting",
                "due_at",
                "id",
                condition=Q(stage__lt=Stage.RESOLVED.value, owner_posting__isnull=False),
                name="desk_of_a_cadre",
            ),
            models.Index(
                "due_at",
                "id",
                condition=Q(stage=Stage.ASSIGNED.value, ground__in=[Ground.SILENT.value, Ground.CONTESTED.value]),
                name="matters_to_settle",
            ),
            models.Index(
                "received_at",
                "id",
                condition=Q(stage=Stage.ASSIGNED.value, ground__in=[Ground.SILENT.value, Ground.CONTESTED.value]),
                name="matters_to_settle_by_arrival",
            ),
            models.Index("resolved_at", "id", condition=Q(stage=Stage.RESOLVED.value), name="matters_to_be_judged"),
            models.Index("part_of", condition=Q(part_of__isnull=False), name="parts_of_a_matter"),
            models.Index("next_alarm_at", condition=Q(next_alarm_at__isnull=False), name="alarms_to_come"),
        ]


class Requester(models.Model):
    """Who asks, sealed; on screens only the masks, until a purpose is stated and the reading journaled (PIPL 6, 28)."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT)
    name_sealed = models.BinaryField()
    phone_sealed = models.BinaryField()
    name_mask = models.CharField(max_length=40, blank=True)
    phone_mask = models.CharField(max_length=20, blank=True)
    confidential = models.BooleanField(default=False)


class Help(models.Model):
    """Another unit delivers its part inside a set time, or says why not with an interim report (条例 14)."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="helps")
    unit = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, db_index=False)
    what = models.CharField(max_length=500)
    article = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    delivered = models.BooleanField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index("unit", "due_at", "id", condition=Q(answered_at=None), name="help_that_a_unit_owes"),
            models.Index("unit", "asked_at", "id", condition=Q(answered_at=None), name="help_owed_by_arrival"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "unit"], condition=Q(answered_at=None), name="a_unit_is_asked_once_at_a_time"
            )
        ]


class Whistle(models.Model):
    """A street calls units to the spot (吹哨报到): they arrive in time, work, and both sides rate (街道条例 11, 44)."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="whistles")
    caller = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=[("demand", "demand"), ("joint", "joint"), ("crisis", "crisis")])
    what = models.CharField(max_length=500)
    blown_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)


class Arrival(models.Model):
    """One unit called by a whistle: when it had to be there and when it was, and the mutual rating (1 to 5)."""

    whistle = models.ForeignKey(Whistle, on_delete=models.PROTECT, related_name="arrivals")
    unit = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    required_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)
    work = models.TextField(blank=True)
    unit_rated = models.SmallIntegerField(null=True)
    caller_rated = models.SmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["whistle", "unit"], name="a_unit_is_whistled_for_once"),
            models.CheckConstraint(
                condition=(Q(unit_rated=None) | Q(unit_rated__range=(1, 5)))
                & (Q(caller_rated=None) | Q(caller_rated__range=(1, 5))),
                name="ratings_of_a_whistle_are_1_to_5",
            ),
        ]
        indexes = [
            models.Index("unit", "required_at", condition=Q(arrived_at=None), name="whistles_to_answer"),
            models.Index("unit", "required_at", "id", condition=Q(work=""), name="whistles_to_report_on"),
        ]


class Coordination(models.Model):
    """
    A unit asks a body above to coordinate what it cannot solve (条例 20, 22; 乡呼县应), and is owed an answer.

    A decision says what is done, by whom (`executor`), until when; a no gives its reasons in `answer`. `answered_by` is
    another than `unit` where the liaison unit wrote down what a body above the district had answered.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="coordinations")
    way = models.CharField(max_length=12, choices=[(way.value, way.value) for way in Way])
    asker = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.TextField()
    wanted = models.CharField(max_length=500)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    next_alarm_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("qianxian.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    agreed = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    executor = models.ForeignKey("qianxian.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "unit"], name="a_unit_above_is_asked_once"),
            models.CheckConstraint(
                condition=~Q(agreed=True) | Q(executor__isnull=False, until__isnull=False),
                name="a_decision_says_who_and_until_when",
            ),
        ]
        indexes = [
            models.Index("unit", "due_at", "id", condition=Q(answered_at=None), name="answers_that_a_unit_owes"),
            models.Index("unit", "asked_at", "id", condition=Q(answered_at=None), name="answers_owed_by_arrival"),
            models.Index("asker", "due_at", "id", condition=Q(answered_at=None), name="answers_waited_for"),
            models.Index(
                "asker", "asked_at", "id", condition=Q(answered_at=None), name="answers_waited_for_by_arrival"
            ),
            models.Index("next_alarm_at", condition=Q(next_alarm_at__isnull=False), name="answers_to_call_for"),
        ]


class Extension(models.Model):
    """More time, asked before expiry and granted or refused, with the requester told; granted at most once."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="extensions")
    amount = models.SmallIntegerField()
    reason = models.CharField(max_length=500)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    told = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(decided_at=None), name="one_extension_is_asked_at_a_time"
            ),
            models.UniqueConstraint(fields=["matter"], condition=Q(granted=True), name="a_deadline_is_extended_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_extension_is_longer_than_nothing"),
        ]


class Pause(models.Model):
    """The clock stands still for a recorded cause."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="pauses")
    cause = models.CharField(max_length=32)
    note = models.CharField(max_length=500)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter"], condition=Q(to_at=None), name="a_clock_is_paused_once_at_a_time")
        ]


class Objection(models.Model):
    """The owner's one chance to show, by an article, that another unit holds the duty. The clock runs on meanwhile."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="objection")
    unit = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="objections")
    names = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="named")
    article = models.CharField(max_length=200)
    reason = models.TextField()
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    upheld = models.BooleanField(null=True)

    class Meta:
        indexes = [models.Index("due_at", "id", condition=Q(upheld=None), name="objections_to_settle")]


class Ruling(models.Model):
    """Who answers, settled for good, where a unit objected or the register was silent or contested; a precedent."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="ruling")
    unit = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="+")
    article = models.CharField(max_length=200)
    reason = models.TextField()
    cause = models.CharField(max_length=12)
    made_at = models.DateTimeField()


class Consultation(models.Model):
    """Units are heard before a hard case is dispatched (会商, 条例 12)."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="consultation")
    due_at = models.DateTimeField()
    opinions = models.JSONField(default=list)
    concluded_at = models.DateTimeField(null=True)


class Supervision(models.Model):
    """A matter under supervision (督办): refused though its own, late, unsolved though solvable, or of bad effect."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="supervisions")
    cause = models.CharField(max_length=16)
    note = models.CharField(max_length=500)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(answered_at=None), name="a_matter_is_supervised_once_at_a_time"
            )
        ]


class Plea(models.Model):
    """
    What an owner asks the hotline authority to approve: to terminate a matter, or to leave it out of the rates (剔除).

    Removed matters stay visible and are counted apart.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="pleas")
    purpose = models.CharField(max_length=12, choices=[("terminate", "terminate"), ("remove", "remove")])
    ground = models.CharField(max_length=32)
    reason = models.TextField()
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    decision = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "purpose"], name="a_plea_is_made_once"),
        ]
        indexes = [models.Index("asked_at", "id", condition=Q(decided_at=None), name="pleas_to_decide")]


class Callback(models.Model):
    """The centre asks the requester when the deadline has come (回访, 条例 23)."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="callbacks")
    at = models.DateTimeField()
    reached = models.BooleanField()
    note = models.CharField(max_length=500, blank=True)


class Alarm(models.Model):
    """A step of the escalation ladder that was taken: of a matter, or of a request for coordination about it."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="alarms")
    coordination = models.ForeignKey(Coordination, null=True, on_delete=models.PROTECT, related_name="alarms")
    step = models.CharField(max_length=24)
    told = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "step", "coordination"],
                nulls_distinct=False,
                name="a_step_of_a_ladder_is_taken_once",
            )
        ]


class PublishedRate(models.Model):
    """
    A rate as it was made public (主动公开): a figure with what it is made of, frozen.

    The public sees these rows and no matter. A trigger refuses every change: a correction is a new publication, and
    both stay. `unit` is empty for the whole area; `percent` where fewer matters were assessed than the formula asks.
    """

    area = models.ForeignKey("qianxian.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(
        "qianxian.Organisation", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    period_from = models.DateTimeField()
    period_to = models.DateTimeField()
    measure = models.CharField(max_length=16)
    formula = models.CharField(max_length=32)
    numerator = models.DecimalField(max_digits=14, decimal_places=4)
    denominator = models.IntegerField()
    percent = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    left_out = models.IntegerField()
    removed = models.IntegerField()
    published_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["area", "-published_at"], name="published_rates_of_an_area")]
        constraints = [
            models.CheckConstraint(
                condition=Q(numerator__gte=0) & Q(numerator__lte=F("denominator")), name="a_rate_is_at_most_the_whole"
            ),
            models.UniqueConstraint(
                fields=["area", "unit", "measure", "published_at"],
                nulls_distinct=False,
                name="a_publication_says_one_thing_of_a_unit",
            ),
        ]


class Attachment(models.Model):
    """A picture or paper that came with a demand or shows a result; never required (国办函〔2026〕12号)."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    purpose = models.CharField(max_length=12, choices=[("demand", "demand"), ("evidence", "evidence")])
    at = models.DateTimeField()


class CalendarDay(models.Model):
    """A day of a calendar version on which the State Council's notice departs from the week."""

    version = models.CharField(max_length=32)
    date = models.DateField()
    kind = models.CharField(max_length=4, choices=[("off", "off"), ("work", "work")])
    name = models.CharField(max_length=40)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "date"], name="a_calendar_says_one_thing_of_a_day")]


class Theme(models.Model):
    """
    The theme of a month (每月一题): what grew among the demands, who leads, which concrete problems, until when.

    Everybody may read it. `numbers` are the matters from which it was drawn; they are never shown with it.
    """

    area = models.ForeignKey("qianxian.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.CharField(max_length=7)
    title = models.CharField(max_length=60)
    topic = models.ForeignKey("qianxian.Topic", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    lead = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    problems = ArrayField(models.CharField(max_length=200))
    due_on = models.DateField()
    numbers = ArrayField(models.BigIntegerField(), default=list)
    declared_at = models.DateTimeField()
    concluded_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "month"], name="a_month_has_one_theme"),
            models.CheckConstraint(
                condition=Q(problems__len__gte=2) & Q(problems__len__lte=3), name="a_theme_has_two_or_three_problems"
            ),
            models.CheckConstraint(
                condition=Q(concluded_at=None) | ~Q(outcome=""), name="a_concluded_theme_says_what_came_of_it"
            ),
        ]
