"""Tables of the way in: failed sign-ins, open sessions, one-time codes, allowances, burdens reported."""

from django.conf import settings
from django.db import models

from qianxian.web.shell.browser import browser_words
from qianxian.web.shell.one_time_code import Code


class FailedSignIn(models.Model):
    """A wrong password, by index of the typed name and by address; deleted by the next right one and by age."""

    name_index = models.CharField(max_length=64)
    address = models.GenericIPAddressField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["name_index", "at"], name="failed_sign_in_by_name"),
            models.Index(fields=["address", "at"], name="failed_sign_in_by_address"),
        ]


class Delivery(models.Model):
    """A filled form that was taken, by the key that the browser gave it: whoever sends it again is led to its result."""

    key = models.UUIDField(primary_key=True)
    account = models.ForeignKey("qianxian.Account", on_delete=models.CASCADE)
    path = models.CharField(max_length=200)
    filled_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField()
    location = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [models.Index("taken_at", name="deliveries_to_forget")]


class SignIn(models.Model):
    """One session of one account, so that a person can see where they are signed in and leave everywhere."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    began_at = models.DateTimeField()
    address = models.GenericIPAddressField()
    browser = models.CharField(max_length=200, blank=True)

    @property
    def browser_words(self) -> str:
        """Return browser and system by the names that people know."""
        return browser_words(self.browser)


class OneTimeCode(models.Model):
    """A code sent to a resident's phone; neither the number nor the code can be read from it."""

    phone_index = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["phone_index", "-made_at"], name="one_time_code_of_a_phone")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="a_code_expires_after_it_was_made"
            ),
        ]

    def as_rule(self) -> Code:
        """Return what the rules need to judge it."""
        return Code(self.code_hash, self.expires_at, self.tries, self.used_at)


class Allowance(models.Model):
    """How often something was done from one address or phone since `opened_at`; safe to lose."""

    key = models.CharField(max_length=64, primary_key=True)
    opened_at = models.DateTimeField()
    count = models.PositiveIntegerField()


class BurdenReport(models.Model):
    """What a member of staff says should not have been asked of them, and on which page."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="burden_reports")
    kind = models.CharField(max_length=20)
    words = models.TextField(blank=True)
    page = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()


class ApiKey(models.Model):
    """
    A key with which another system brings demands: for a unit, inside an area, as long as nobody has withdrawn it.

    The secret itself is shown once, when it is made; only its digest is kept.
    """

    name = models.CharField(max_length=40, unique=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    unit = models.ForeignKey("qianxian.Organisation", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("qianxian.Place", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
