"""What PostgreSQL itself refuses, whatever the program does."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from qianxian.cadres.queries import reach
from qianxian.journal.models import Entry
from qianxian.mandates.models import Article
from qianxian.matters.actions import receive_all
from qianxian.matters.models import Help, Matter, Requester
from tests.town import CATS, DISTRICT, LIUAN, MONDAY, NOISE, STREET, ZHONGLOU, post_secretary, receive

pytestmark = pytest.mark.usefixtures("everything")


def run(statement, parameters):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refused(statement, parameters=()):
    with pytest.raises(DatabaseError):
        run(statement, parameters)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE qianxian_entry SET actor = 'nobody'",
        "DELETE FROM qianxian_entry",
        "TRUNCATE qianxian_entry",
    ],
)
def test_the_journal_is_append_only(statement):
    receive()
    refused(statement)


@pytest.mark.parametrize(
    "change",
    [
        "owner_id = NULL",
        "owner_id = 'cm', owner_kind = 'committee'",
        "owner_id = 'cm', owner_kind = 'department'",
        "owner_id = 'nobody'",
        "stage = 10",
        "dispatched_at = now()",
        "dispatched_at = NULL",
        "stage = 60, closed_at = NULL",
    ],
)
def test_a_matter_in_work_refuses(change):
    matter = receive(NOISE)
    refused(f"UPDATE qianxian_matter SET {change} WHERE id = %s", [matter.pk])


def test_a_closed_matter_keeps_its_owner_and_its_deadline():
    matter = receive(NOISE, exit="E5")
    refused("UPDATE qianxian_matter SET owner_id = 'zj', owner_kind = 'department' WHERE id = %s", [matter.pk])
    refused("UPDATE qianxian_matter SET due_at = now() WHERE id = %s", [matter.pk])


def test_an_article_of_a_published_edition_is_never_edited():
    refused("UPDATE qianxian_article SET body_id = 'zj'")
    refused("DELETE FROM qianxian_article")


def test_an_article_that_makes_a_committee_lead_is_refused():
    lead = Article.objects.get(number="A1")
    lead.pk, lead.number, lead.body_id = None, "A99", "cm"
    with pytest.raises(IntegrityError), transaction.atomic():
        lead.save()


def test_a_place_has_one_finally_responsible_person_at_a_time():
    post_secretary(LIUAN, "first")
    with pytest.raises(IntegrityError), transaction.atomic():
        post_secretary(LIUAN, "second")
    post_secretary(STREET, "third")


REACHES = [
    ({}, set()),
    ({"everything": True}, {"liuan", "zhonglou", "cats"}),
    ({"area": DISTRICT}, {"liuan", "zhonglou", "cats"}),
    ({"area": ZHONGLOU}, {"zhonglou"}),
    ({"area": "990199"}, set()),
    ({"unit": "ga"}, {"liuan", "zhonglou"}),
    ({"unit": "zj"}, set()),
    ({"unit": "st"}, {"liuan", "zhonglou", "cats"}),
]


@pytest.mark.parametrize(("within", "seen"), REACHES)
def test_a_connection_sees_only_what_lies_within_its_reach(within, seen):
    brought = {
        receive(NOISE, LIUAN).pk: "liuan",
        receive(NOISE, ZHONGLOU).pk: "zhonglou",
        receive(CATS, LIUAN).pk: "cats",
    }
    reach(**within)
    assert {brought[pk] for pk in Matter.objects.filter(pk__in=brought).values_list("pk", flat=True)} == seen
    names = Requester.objects.filter(matter_id__in=brought).values_list("matter_id", flat=True)
    assert {brought[pk] for pk in names} == seen


def test_a_tracking_code_opens_one_matter_and_a_telephone_its_own():
    one, other = receive(NOISE), receive(CATS)
    reach(code=one.code)
    assert list(Matter.objects.filter(pk__in=[one.pk, other.pk])) == [one]
    reach(requester=one.requester_index)
    assert set(Matter.objects.filter(pk__in=[one.pk, other.pk])) == {one, other}


def test_an_update_beyond_reach_touches_nothing():
    matter = receive(NOISE)
    reach(unit="jt")
    assert Matter.objects.filter(pk=matter.pk).update(title="x") == 0
    assert Help.objects.filter(matter=matter).update(answer="x") == 0


def test_the_role_of_the_platform_is_no_superuser_so_that_the_walls_hold():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


@transaction.atomic
def break_off():
    receive(NOISE)
    raise ZeroDivisionError


def test_a_deed_and_its_entry_come_together_or_not_at_all():
    before = (Matter.objects.count(), Entry.objects.count())
    with pytest.raises(ZeroDivisionError):
        break_off()
    assert (Matter.objects.count(), Entry.objects.count()) == before
    assert receive_all(demands=[], actor=None, at=MONDAY) == []
