"""What every page of the revision needs: the draft that the address names, and a sentence for each refusal."""

from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from qianxian.mandates.actions import AlreadyTaken, CommitteeLeads, NoSuchArticle, TooEarly
from qianxian.mandates.queries import drafts
from qianxian.mandates.rules.drafts import NotInThisStage, NotReady, SecondPerson
from qianxian.web.acting import actor_of
from qianxian.web.drafting.wording import LACKS, STAGES
from qianxian.web.public.words import named

if TYPE_CHECKING:
    from qianxian.mandates.models import Draft

DISTRICT = 6
Refusal = (AlreadyTaken, CommitteeLeads, NoSuchArticle, TooEarly, NotInThisStage, NotReady, SecondPerson)


def draft_or_404(number: int) -> "Draft":
    """Return the draft of this number, if the reader reaches it."""
    try:
        return drafts.draft(number)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing


def area_of(request: HttpRequest) -> str:
    """Return the district for which the reader writes."""
    return actor_of(request).area[:DISTRICT]


def refused(refusal: Exception) -> str:
    """Return the sentence for a refusal: what is wrong, and what to do."""
    if isinstance(refusal, NotReady):
        return " ".join(str(LACKS[lack]) for lack in refusal.lacks)
    if isinstance(refusal, NotInThisStage):
        return _("这份草案现在是“%(stage)s”，不能这样改。请刷新页面再看。") % {
            "stage": named(STAGES, refusal.stage.value)
        }
    if isinstance(refusal, AlreadyTaken):
        return _taken(refusal)
    sentences = {
        SecondPerson: _("起草、改过或者送审过这份草案的人不能批准它，请另一位同事批准。"),
        CommitteeLeads: _("居（村）委会只协助、不主责。请改为协助，或者写明由哪个部门、街道主责。"),
        NoSuchArticle: _("没有这个编号的条款，可能已经被撤销。请刷新页面再看。"),
        TooEarly: _("上一版还没有生效，这一版不能比它早。请退回修改生效日期。"),
    }
    return sentences[type(refusal)]


def _taken(refusal: AlreadyTaken) -> str:
    kind, _colon, number = refusal.into.partition(":")
    if kind == "draft":
        return _("这条建议已经收进草案 %(number)s，不用再收。") % {"number": number}
    return _("这条建议已经写进公布的清单，不用再收。")
