import pytest
from datetime import datetime
from django.db import transaction
from qianxian.kernel.worktime import BEIJING
from qianxian.cadres import queries as cadres
from qianxian.web.demonstration import district, errands
from qianxian.web.demonstration.stories import Cast
from qianxian.matters.queries import calendar

@pytest.mark.parametrize("at", [datetime(2026, 9, 16, 10, 20, tzinfo=BEIJING), datetime(2026, 11, 21, 23, 40, tzinfo=BEIJING), datetime(2026, 10, 3, 15, 0, tzinfo=BEIJING), datetime(2026, 11, 28, 3, 0, tzinfo=BEIJING)])
def test_it(db, at):
    wrong = []
    with cadres.reaching_everything():
        district.enter(at)
        cast, days = Cast(), calendar()
        for row in sorted(errands.rows_of("errands.csv"), key=lambda row: -float(row["filed"])):
            try:
                with transaction.atomic():
                    errands.Story(row, at, cast, days).tell()
            except Exception as e:
                wrong.append((row["title"], repr(e)[:600]))
        try:
            for name, f in (("gate.csv", errands._ask), ("own_meetings.csv", errands._meet), ("certificates.csv", errands._certify)):
                for row in errands.rows_of(name):
                    f(row, at, cast, days)
        except Exception as e:
            wrong.append((str(row), repr(e)[:600]))
    assert not wrong, "\n".join(f"{a}: {b}" for a, b in wrong)
