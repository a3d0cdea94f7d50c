"""Elements that say the same twice: a citizen number tells sex and day of birth, which must agree with their columns."""

from dataclasses import dataclass

from .expressions import Constant, Expression, Full, Not, Number, Part, Variable, first, joined

ONE, OTHER = Variable("one"), Variable("other")


@dataclass(frozen=True, slots=True)
class Agreement:
    """`one` and `other` are elements; where `differs` holds of their values, `other` has the warning `code`."""

    one: str
    other: str
    code: str
    differs: Expression


SEX = first(((Number(Part(ONE, 16, 1)) % 2).same(1), "1"), otherwise="2")
BIRTH = joined(Part(ONE, 6, 4), "-", Part(ONE, 10, 2), "-", Part(ONE, 12, 2))
WRITTEN = Full(ONE, "[0-9]{17}[0-9X]")

AGREEMENTS = (
    Agreement(
        "person.citizen_number",
        "person.sex",
        "sex_differs",
        WRITTEN & Full(OTHER, "[12]") & Not(OTHER.same(SEX)),
    ),
    Agreement(
        "person.citizen_number",
        "person.birth_date",
        "birth_differs",
        WRITTEN & Not(OTHER.same(Constant(""))) & Not(OTHER.same(BIRTH)),
    ),
)
