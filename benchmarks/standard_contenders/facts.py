"""Tables that every contender looks up: words of codes, place codes with their years."""

from qianxian.standard.code_tables import crosswalk
from qianxian.standard.programs.citizens import spans
from qianxian.standard.programs.codes import words_of

TABLES = {
    "性别": "sex",
    "民族": "ethnicity",
    "婚姻状况": "marital_jyt1001",
    "学历": "education",
    "政治面貌": "political",
    "与户主关系": "family",
}
MAPPED = {link.source_code: link.code for link in crosswalk("marital_jyt1001", "marital").links.values()}
WORDS = {header: (dict(words_of(table)), MAPPED if header == "婚姻状况" else None) for header, table in TABLES.items()}
SINCE, UNTIL = spans()
SPANS = {code: (first, UNTIL[code]) for code, first in SINCE.items()}
