from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qianxian.kernel.period import Period

from .rules import answering, articles, topic_tree


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

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(in_force_to=None) | Q(in_force_to__gt=F("in_force_from")),
                name="an_edition_ends_after_it_begins",
            )
        ]


class Article(models.Model):
    """One line of the register: a body holds a duty, powers or benefits for a topic, in a place and setting."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="articles")
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
        return articles.Article(
            number=self.number,
            body=self.body_id,
            duty=articles.Duty(self.duty) if self.duty else None,
            scope=articles.Scope(self.topic_id, self.place_id, self.setting, Period(self.valid_from, self.valid_to)),
            basis=self.basis,
            powers=frozenset(articles.Power(power) for power in self.powers),
            benefits=frozenset(articles.Benefit(benefit) for benefit in self.benefits),
            deadline_class=self.deadline_class,
            list=articles.List(self.list_kind),
            delegation=self.delegation,
            id=self.pk,
        )


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
