"""Small workbooks for the tests of forms, as tables that pyxform reads."""

HEAD = "| survey |\n| | type | name | label | relevant | constraint | constraint_message | calculation | choice_filter | required | readonly | bind::element | hint | repeat_count |\n"
CHOICES = """| choices |
| | list_name | name | label | town |
| | yes_no | yes | 是 | |
| | yes_no | no | 否 | |
| | towns | a | 清河 | |
| | towns | b | 山前 | |
| | streets | a1 | 河东路 | a |
| | streets | b1 | 山前街 | b |
"""


def workbook(
    *rows: str, form: str = "visit", title: str = "入户走访", choices: str = CHOICES, version: str = "1"
) -> bytes:
    """Return a form as a table; each row lacks its outer bars."""
    lines = [f"| | {row} |" for row in rows]
    settings = f"| settings |\n| | form_title | form_id | version |\n| | {title} | {form} | {version} |\n"
    return (HEAD + "\n".join(lines) + "\n" + choices + settings).encode()


VISIT = workbook(
    "text | need | 有什么困难 | | | | | | yes | | | 一句话就行 |",
    "integer | people | 家里几口人 | | . > 0 and . < 30 | 人数要在 1 到 29 之间 | | | | | | |",
    "select_one yes_no | alone | 是否独居 | ${people} = 1 | | | | | | | | |",
    "select_one towns | town | 街镇 | | | | | | | | | |",
    "select_one streets | street | 街道 | | | | | town = ${town} | | | | |",
    "begin_repeat | member | 家庭成员 | | | | | | | | | |",
    "text | called | 称呼 | | | | | | | | | |",
    "integer | years | 年龄 | | . <= 120 | 年龄不对 | | | | | | |",
    "end_repeat | | | | | | | | | | | |",
    "calculate | total | | | | | sum(${years}) | | | | | |",
    "note | told | 合计 ${total} 岁 | | | | | | | | | |",
)
PERSON = workbook(
    "text | phone | 联系电话 | | | | | | yes | | person.phone | |",
    "text | marital | 婚姻状况 | | | | | | | | person.marital | |",
    "text | note | 走访记录 | | | | | | | | | |",
    form="person", title="居民情况采集",
)  # fmt: skip
ASKS_TOO_MUCH = workbook(
    "text | name | 姓名 | | | | | | yes | | person.name | |",
    "text | number | 身份证号 | | | | | | yes | | person.citizen_number | |",
    "text | note | 走访记录 | | | | | | | | | |",
    form="too_much", title="重复采集的表",
)  # fmt: skip
