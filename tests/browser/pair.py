"""Enters a resident and a record that may be the same person, in the database that the browser tests' platform serves."""

import django

django.setup()

from django.utils import timezone  # noqa: E402

from qianxian.cadres.queries import reaching_everything  # noqa: E402
from qianxian.register.actions import privacy, records  # noqa: E402
from qianxian.register.models import Link  # noqa: E402

PLACE, PHONE = "990101001001", "19900008811"
RESIDENT = {
    "person.name": "温如玉", "person.sex": "2", "person.birth_date": "1950-04-05", "person.phone": PHONE,
    "person.citizen_number": "990101195004050021", "person.living_address": "柳岸里6号楼2单元402室", "person.marital": "20",
}  # fmt: skip
DOUBLES = {"温茹玉": 0.82, "文如玉": 0.64}


def main() -> None:
    at = timezone.now()
    with reaching_everything():
        for authority, unit in (("police", "ga"), ("civil_affairs", "mz"), ("community", "cm-liuan")):
            privacy.keep(
                authority=authority, unit=unit, area="990101" if unit != "cm-liuan" else PLACE, actor="test", at=at
            )
        resident = enter(RESIDENT, "户籍名册", "police", at)
        privacy.read(
            resident,
            elements=["person.phone"],
            purpose="上门服务",
            actor="test",
            unit="cm-liuan",
            name="柳岸社区 社区工作者",
            at=at,
        )
        for name, probability in DOUBLES.items():
            double = enter(
                {"person.name": name, "person.phone": PHONE, "person.living_address": "柳岸里6栋2-402"},
                "物业住户登记",
                "",
                at,
            )
            reasons = [
                {"element": "person_name", "step": "same_sound", "weight": 6.1},
                {"element": "phone", "step": "same", "weight": 7.9},
            ]
            Link.objects.create(
                left=resident, right=double, probability=probability, reasons=reasons, state="queued", at=at
            )


def enter(said, source, authority, at):
    return records.state(
        None, entity="person", place=PLACE, said={code: (value, value) for code, value in said.items()}, source=source,
        authority=authority, actor="test", at=at,
    )  # fmt: skip


if __name__ == "__main__":
    main()
