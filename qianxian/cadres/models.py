from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from qianxian.kernel.period import Period
from qianxian.mandates.rules.articles import Power

from . import rules


class Account(AbstractBaseUser):
    """A member of staff: one login for every thread of work, bound to a unit, a role and an area."""

    username = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    title = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=12, choices=[(role.value, role.value) for role in rules.Role])
    unit = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT)
    area = models.ForeignKey("qianxian.Place", null=True, on_delete=models.PROTECT)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    joined_at = models.DateTimeField()

    objects = BaseUserManager()
    USERNAME_FIELD = "username"

    class Meta:
        ordering = ["username"]

    def as_actor(self) -> rules.Actor:
        return rules.Actor(f"account:{self.pk}", self.unit_id, rules.Role(self.role), self.area_id or "")


class Posting(models.Model):
    """
    A cadre posted to a place with powers and resources (三带下沉: people, power and resources come down).

    An exclusion constraint allows one finally responsible person for a scope at a time.
    """

    cadre = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings")
    home_unit = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="sent_down")
    unit = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="received")
    mode = models.CharField(max_length=16, choices=[(mode.value, mode.value) for mode in rules.Mode])
    scope = models.ForeignKey("qianxian.Place", on_delete=models.PROTECT)
    powers = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    resources = models.JSONField(default=list)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    final = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="a_posting_ends_after_it_begins"
            )
        ]

    def as_rule(self) -> rules.Posting:
        return rules.Posting(
            self.pk,
            f"account:{self.cadre_id}",
            self.home_unit_id,
            self.unit_id,
            self.scope_id,
            frozenset(Power(power) for power in self.powers),
            Period(self.valid_from, self.valid_to),
            self.final,
        )
