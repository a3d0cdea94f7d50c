from django.db import models


class Submission(models.Model):
    """
    What came in, as it came: the raw fields, from which source, and what became of it.

    `key` tells a submission apart from every other of its source, so that nothing is taken in twice. `sealed` holds
    the cells with names and telephone numbers as they came; `occurred_at` is the time that was written there.
    """

    source = models.CharField(max_length=80)
    key = models.CharField(max_length=80, db_collation="C")
    raw = models.JSONField()
    sealed = models.BinaryField(null=True)
    came_at = models.DateTimeField()
    occurred_at = models.DateTimeField(null=True)
    matter = models.ForeignKey("qianxian.Matter", null=True, on_delete=models.PROTECT)
    faults = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="a_submission_is_taken_in_once"),
        ]
