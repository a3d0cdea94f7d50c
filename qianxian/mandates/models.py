from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q

from .rules import answering, articles, crosswalks, drafts, topic_tree


class Topic(models.Model):
    """What a demand is about: three levels of two digits each; a code contains those that begin with it."""

    code = models.CharField(max_length=6, primary_key=True, db_collation="C")
    name = models.CharField(max_length=60)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    synonyms = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    examples = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    powers = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    setting_hint = models.CharField(max_length=16, blank=True)
    deadline_class = models.CharField(max_length=24, blank=True)
    gb30428 = models.CharField(max_length=8, blank=True)

    class Meta:
        ordering = ["code"]

    def as_rule(self) -> topic_tree.Topic:
        powers = frozenset(articles.Power(power) for power in self.powers)
        return topic_tree.Topic(
            self.code,
            self.name,
            tuple(self.synonyms),
            tuple(self.examples),
            powers,
            self.deadline_class,
            self.setting_hint,
        )


class Edition(models.Model):
    """One published version of the register; articles of an edition in force are never edited, a new one follows."""

    number = models.IntegerField(unique=True)
    title = models.CharField(max_length=80)
    in_force_from = models.DateTimeField()
    in_force_to = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    restores = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(in_force_to=None) | Q(in_force_to__gt=F("in_force_from")),
                name="an_edition_ends_after_it_begins",
            )
        ]


class Columns(models.Model):
    """What one line of the register says; the same in an edition and in the draft of one."""

    number = models.CharField(max_length=32)
    list_kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in articles.List])
    body = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT)
    duty = models.CharField(max_length=8, blank=True, choices=[(duty.value, duty.value) for duty in articles.Duty])
    powers = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    benefits = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT)
    place = models.ForeignKey("qianxian.Place", on_delete=models.PROTECT)
    setting = models.CharField(max_length=16, blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    basis = models.CharField(max_length=200)
    deadline_class = models.CharField(max_length=24, blank=True)
    delegation = models.CharField(max_length=200, blank=True)
    ruling = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta:
        abstract = True

    def columns(self) -> dict[str, Any]:
        """Return the line as columns."""
        return {name: getattr(self, name) for name in drafts.COLUMNS}


class Article(Columns):
    """One line of the register: a body holds a duty, powers or benefits for a topic, in a place and setting."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="articles")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="an_article_number_is_given_once"),
            models.CheckConstraint(condition=~Q(basis=""), name="an_article_names_its_basis"),
            models.CheckConstraint(
                condition=~Q(duty="") | ~Q(powers=[]) | ~Q(benefits=[]) | Q(list_kind=articles.List.NEGATIVE.value),
                name="an_article_gives_something_or_forbids",
            ),
        ]

    def as_rule(self) -> articles.Article:
        return drafts.as_article(self.columns(), self.pk)


class Finding(models.Model):
    """A place where the register was found silent or contested by a matter, open until an article settles it."""

    outcome = models.CharField(max_length=12, choices=[(o.value, o.value) for o in answering.Outcome])
    topic = models.ForeignKey(Topic, null=True, on_delete=models.PROTECT)
    place = models.ForeignKey("qianxian.Place", on_delete=models.PROTECT)
    setting = models.CharField(max_length=16, blank=True)
    edition = models.IntegerField()
    witness = models.CharField(max_length=64)
    rivals = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta:
        indexes = [models.Index(fields=["topic", "place"], condition=Q(closed_at=None), name="open_findings")]


class Proposal(models.Model):
    """An article that a ruling proposes for the next edition."""

    ruling = models.CharField(max_length=64, unique=True)
    body = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT)
    topic = models.ForeignKey(Topic, null=True, on_delete=models.PROTECT)
    place = models.ForeignKey("qianxian.Place", on_delete=models.PROTECT)
    setting = models.CharField(max_length=16, blank=True)
    basis = models.CharField(max_length=200)
    reason = models.TextField()
    proposed_at = models.DateTimeField()
    taken_into = models.ForeignKey(Edition, null=True, on_delete=models.PROTECT)


class Draft(models.Model):
    """
    The next edition while it is being written: lines added, changed and ended against the edition it rests on.

    `audited` and `replayed` are the hashes of the content that was looked at; `findings`, `moves` and `totals` are
    what was found. `authors` are all who wrote in it: a constraint keeps them from approving it.
    """

    title = models.CharField(max_length=80)
    area = models.ForeignKey("qianxian.Place", on_delete=models.PROTECT, related_name="+")
    based_on = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    restores = models.IntegerField(null=True)
    stage = models.CharField(max_length=12, choices=[(stage.value, stage.value) for stage in drafts.Stage])
    authors = ArrayField(models.CharField(max_length=64))
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    audited = models.CharField(max_length=64, blank=True)
    findings = models.JSONField(default=list)
    replayed = models.CharField(max_length=64, blank=True)
    moves = models.JSONField(default=dict)
    submitted_at = models.DateTimeField(null=True)
    in_force_from = models.DateTimeField(null=True)
    returned_for = models.TextField(blank=True)
    approved_by = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True)
    edition = models.OneToOneField(Edition, null=True, on_delete=models.PROTECT, related_name="draft")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by="")
                | ~Q(authors__contains=Func(F("approved_by"), template="ARRAY[%(expressions)s]::varchar[]")),
                name="a_second_person_approves",
            ),
            models.CheckConstraint(
                condition=~Q(stage=drafts.Stage.APPROVED.value) | (~Q(approved_by="") & Q(edition__isnull=False)),
                name="an_approved_draft_names_who_approved_it",
            ),
            models.CheckConstraint(
                condition=~Q(stage=drafts.Stage.APPROVED.value) | (~Q(audited="") & Q(audited=F("replayed"))),
                name="an_approved_draft_was_audited_and_replayed",
            ),
        ]


class DraftLine(Columns):
    """One change of a draft; the columns of a line that ends are those with which it ends."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="lines")
    change = models.CharField(max_length=8, choices=[(change.value, change.value) for change in drafts.Change])
    proposal = models.ForeignKey(Proposal, null=True, on_delete=models.PROTECT, related_name="lines")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="a_draft_changes_an_article_once"),
            models.CheckConstraint(condition=~Q(basis=""), name="a_line_of_a_draft_names_its_basis"),
        ]

    def as_rule(self) -> drafts.Line:
        change = drafts.Change(self.change)
        return drafts.Line(self.number, change, None if change is drafts.Change.END else self.columns())


class Crosswalk(models.Model):
    """A class of another catalogue and the topic that it stands for here."""

    catalogue = models.CharField(max_length=40)
    version = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")
    match = models.CharField(max_length=8, choices=[(match.value, match.value) for match in crosswalks.Match])

    class Meta:
        ordering = ["catalogue", "code", "topic"]
        constraints = [
            models.UniqueConstraint(
                fields=["catalogue", "version", "code", "topic"], name="a_class_leads_to_a_topic_once"
            )
        ]

    def as_rule(self) -> crosswalks.Crossing:
        return crosswalks.Crossing(
            self.catalogue, self.code, self.name, self.topic_id, crosswalks.Match(self.match), self.version
        )
