"""Every table, in one place for Django to find; nothing else imports this module."""

from qianxian.cadres.models import Account, Posting
from qianxian.collection.models import Submission
from qianxian.journal.models import Entry
from qianxian.mandates.models import Article, Edition, Finding, Proposal, Topic
from qianxian.matters.models import (
    Alarm,
    Arrival,
    Attachment,
    CalendarDay,
    Callback,
    Consultation,
    Coordination,
    Extension,
    Help,
    Matter,
    Objection,
    Pause,
    Plea,
    PublishedRate,
    Requester,
    Ruling,
    Supervision,
    Whistle,
)
from qianxian.register.models import Organisation, Place, Revision
from qianxian.web.models import Allowance, ApiKey, BurdenReport, Delivery, FailedSignIn, OneTimeCode, SignIn

__all__ = [
    "Account",
    "Alarm",
    "Allowance",
    "ApiKey",
    "Arrival",
    "Article",
    "Attachment",
    "BurdenReport",
    "CalendarDay",
    "Callback",
    "Consultation",
    "Coordination",
    "Delivery",
    "Edition",
    "Entry",
    "Extension",
    "FailedSignIn",
    "Finding",
    "Help",
    "Matter",
    "Objection",
    "OneTimeCode",
    "Organisation",
    "Pause",
    "Place",
    "Plea",
    "Posting",
    "Proposal",
    "PublishedRate",
    "Requester",
    "Revision",
    "Ruling",
    "SignIn",
    "Submission",
    "Supervision",
    "Topic",
    "Whistle",
]
