"""The words in English: finds every sentence of pages and programs, keeps locale/en up to date, compiles it.

`python -m qianxian.web.catalogue update` adds new sentences without a translation and drops those that are gone;
`compile` writes the binary catalogue that Django reads, which is not committed.
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template.base import Lexer, Token, TokenType

PACKAGE = Path(__file__).resolve().parent.parent
TEMPLATES = PACKAGE / "web" / "templates"
ENGLISH = PACKAGE / "web" / "locale" / "en" / "LC_MESSAGES" / "django.po"
CALLS = dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")) | dict.fromkeys(
    ("ngettext", "ngettext_lazy"), (1, 2)
)

# Without dates and tools, so that the file changes only when a sentence does.
HEADER = b"""# English words of Qianxian.
msgid ""
msgstr ""
"Language: en\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""

LITERAL = re.compile(r"""^translate\s+(?:"([^"]+)"|'([^']+)')""")
MARKED = re.compile(r"""_\(\s*(?:"([^"]+)"|'([^']+)')\s*\)""")

CHINESE = re.compile(r"[\u4e00-\u9fff]+")

Message = str | tuple[str, str]


def found() -> dict[Message, str]:
    """Return every sentence that is marked for translation, with the file in which it stands first."""
    sentences: dict[Message, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for message in _of_program(path):
            sentences.setdefault(message, path.relative_to(PACKAGE).as_posix())
    for path in sorted(TEMPLATES.rglob("*.html")):
        for message in of_template(path.read_text()):
            sentences.setdefault(message, path.relative_to(PACKAGE).as_posix())
    return sentences


def _of_program(path: Path) -> Iterator[Message]:
    for _line, _call, message, _comments in extract_python(
        BytesIO(path.read_bytes()), CALLS, [], {"encoding": "utf-8"}
    ):
        if isinstance(message, str) and message:
            yield message
        elif isinstance(message, tuple) and isinstance(message[0], str) and message[0]:
            yield (message[0], str(message[1])) if _call.startswith("n") else message[0]


def of_template(source: str) -> Iterator[Message]:
    """Return the sentences of one template: translate, blocktranslate with its plural, and _("…") in any tag."""
    tokens = iter(Lexer(source).tokenize())
    for token in tokens:
        if token.token_type is TokenType.BLOCK and token.contents.startswith("blocktranslate"):
            yield _of_block(token, tokens)
        elif token.token_type in (TokenType.BLOCK, TokenType.VAR):
            literal = LITERAL.match(token.contents)
            yield from filter(None, literal.groups() if literal else ())
            yield from ("".join(groups) for groups in MARKED.findall(token.contents))


def _of_block(opening: Token, tokens: Iterator[Token]) -> Message:
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token.contents == "endblocktranslate":
            break
        if token.token_type is TokenType.BLOCK and token.contents == "plural":
            parts.append([])
        elif token.token_type is TokenType.VAR:
            parts[-1].append(f"%({token.contents.strip()})s")
        else:
            parts[-1].append(token.contents.replace("%", "%%"))
    words = ["".join(part) for part in parts]
    if " trimmed" in opening.contents:
        words = [" ".join(filter(None, (line.strip() for line in text.splitlines()))) for text in words]
    return (words[0], words[1]) if len(words) > 1 else words[0]


def unmarked(source: str) -> list[str]:
    """Return the Chinese words of a template that stand in it bare, or in a tag that does not translate."""
    bare, inside = [], False
    for token in Lexer(source).tokenize():
        if token.token_type is TokenType.BLOCK and token.contents.startswith(("blocktranslate", "endblocktranslate")):
            inside = not token.contents.startswith("end")
        elif not inside and token.token_type is not TokenType.COMMENT:
            said = (
                LITERAL.sub("", MARKED.sub("", token.contents))
                if token.token_type is not TokenType.TEXT
                else token.contents
            )
            bare += CHINESE.findall(said)
    return bare


def held() -> Catalog:
    """Return the English catalogue as it is kept."""
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def untranslated() -> list[str]:
    """Return the sentences that have no English yet, with their files."""
    catalogue = held()
    return [f"{place}: {message}" for message, place in found().items() if not _translated(catalogue, message)]


def _translated(catalogue: Catalog, message: Message) -> bool:
    kept = catalogue.get(message)
    if kept is None or kept.fuzzy:
        return False
    return all(kept.string) if isinstance(kept.string, tuple) else bool(kept.string)


def update() -> None:
    """Bring the kept catalogue up to the sentences that are found."""
    before, after = held(), Catalog(locale="en")
    for message, place in sorted(found().items(), key=lambda item: (item[1], str(item[0]))):
        kept = before.get(message)
        after.add(message, kept.string if kept else None, locations=[(place, None)])  # type: ignore[list-item]
    with ENGLISH.open("wb") as file:
        file.write(HEADER)
        write_po(file, after, width=0, omit_header=True)


def compile_catalogue() -> None:
    """Write the binary catalogue beside the kept one."""
    with ENGLISH.with_suffix(".mo").open("wb") as file:
        write_mo(file, held())


def main(arguments: list[str]) -> int:
    """Do what the command line asks."""
    deeds: dict[str, Any] = {"update": update, "compile": compile_catalogue}
    if len(arguments) != 1 or arguments[0] not in deeds:
        sys.stderr.write("python -m qianxian.web.catalogue update|compile\n")
        return 2
    deeds[arguments[0]]()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
