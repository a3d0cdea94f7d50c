"""Every address of the web, by the people who use it."""

from django.urls import URLPattern, URLResolver

from qianxian.web.api import urls as api
from qianxian.web.collecting import urls as collecting
from qianxian.web.desk import urls as desk
from qianxian.web.drafting import urls as drafting
from qianxian.web.errands import urls as errands
from qianxian.web.imports import urls as imports
from qianxian.web.learned import urls as learned
from qianxian.web.ledgers import urls as ledgers
from qianxian.web.oversight import urls as oversight
from qianxian.web.public import urls as public
from qianxian.web.records import urls as records
from qianxian.web.resident import urls as resident
from qianxian.web.shell import urls as shell
from qianxian.web.standard import urls as standard
from qianxian.web.wordreader import urls as wordreader

urlpatterns: list[URLPattern | URLResolver] = [
    *resident.urlpatterns,
    *public.urlpatterns,
    *shell.urlpatterns,
    *desk.urlpatterns,
    *oversight.urlpatterns,
    *api.urlpatterns,
    *imports.urlpatterns,
    *learned.urlpatterns,
    *drafting.urlpatterns,
    *standard.urlpatterns,
    *records.urlpatterns,
    *errands.urlpatterns,
    *wordreader.urlpatterns,
    *collecting.urlpatterns,
    *ledgers.urlpatterns,
]
