from django.db import models


class Entry(models.Model):
    """
    One deed: who did what to what, when, under which article; written in the deed's own transaction.

    A trigger refuses every change and removal. Holds codes and numbers of persons and matters, never their words,
    names or telephone numbers, so that correcting or erasing personal data (PIPL 47) leaves the journal whole.
    """

    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    unit = models.CharField(max_length=32, blank=True)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=64)
    article = models.CharField(max_length=200, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["subject", "id"], name="entries_by_subject")]
