"""Bring the catalogues up to the sentences in the code: ``make catalogues``.

Swedish is what the code says, so its catalogue fills itself.  A new sentence waits
untranslated in the English one, and a test names it until somebody writes it.
"""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("geo", "ui", "web")
LANGUAGES = ("sv", "en")
KEYWORDS = {
    **dict.fromkeys(("say", "mark", "wrong", "wording", "w", "_", "self"), 1),
    "plural": 2,
}
"""What a sentence is an argument of, and how many it takes: one, or one and many."""
_HOLE = re.compile(r"\{\w*[^}]*\}")


def path_of(language: str) -> Path:
    """Say where a language's catalogue lies."""
    return ROOT / "geo" / "locale" / language / "LC_MESSAGES" / "trygg.po"


def sentences() -> Catalog:
    """Gather every sentence of the code, and the files it is in."""
    template = Catalog(charset="utf-8")
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for message in _sentences_of(path):
                # Files without lines: a catalogue that changes with every edit is read by nobody.
                template.add(message, locations=[(path.relative_to(ROOT).as_posix(), 0)])
    return template


def _sentences_of(path: Path) -> Iterator[str | tuple[str, ...]]:
    """Find the sentences of one file, in the order they stand.

    By its syntax tree: babel's own reader takes an f-string for one text before Python 3.12,
    and so does not see what is called inside it.
    """
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if _is_asked(node)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        count = KEYWORDS[_name(call)]
        texts = tuple(
            one.value
            for one in call.args[:count]
            if isinstance(one, ast.Constant) and isinstance(one.value, str)
        )
        if len(texts) == count and all(texts):
            yield texts[0] if count == 1 else texts


def _is_asked(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and _name(node) in KEYWORDS


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call() as asked:  # deps.wording()("...")
            return _name(asked)
    return ""


def read(language: str) -> Catalog:
    """Read a language's catalogue; an empty one where there is none yet."""
    path = path_of(language)
    if not path.is_file():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def faults(language: str) -> Iterator[str]:
    """Name what keeps a catalogue from being complete."""
    template, catalogue = sentences(), read(language)
    for message in template:
        if message.id:
            yield from _faults_of(message, catalogue.get(message.id))
    for message in catalogue:
        if message.id and message.id not in template:
            yield f"no longer in the code: {message.id!r}"


def _faults_of(message: Message, translated: Message | None) -> Iterator[str]:
    if translated is None:
        yield f"missing: {message.id!r}"
        return
    if translated.fuzzy:
        yield f"fuzzy: {message.id!r}"
    texts = _texts(translated.string)
    if not texts or not all(texts):
        yield f"untranslated: {message.id!r}"
        return
    wanted = {hole for text in _texts(message.id) for hole in _HOLE.findall(text)}
    for text in texts:
        if set(_HOLE.findall(text)) - wanted:
            yield f"a hole the code does not fill: {text!r}"
    if {hole for text in texts for hole in _HOLE.findall(text)} != wanted:
        yield f"a value of the code is left out: {message.id!r}"


def _texts(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def update(language: str) -> None:
    """Write a catalogue with the sentences of the code, keeping what is translated."""
    catalogue, template = read(language), sentences()
    fresh = Catalog(
        locale=language,
        project="Trygg karta Mark",
        version="",
        charset="utf-8",
        fuzzy=False,
        header_comment=f"# {language}: see checks/catalogues.py",
    )
    for message in sorted(template, key=lambda m: _texts(m.id)):
        if not message.id:
            continue
        known = catalogue.get(message.id)
        string = known.string if known is not None and not known.fuzzy else ""
        if isinstance(string, str) == isinstance(message.id, tuple):
            string = ""  # The same words, but counted now, or no more.
        if language == "sv":
            string = message.id
        fresh.add(message.id, string=string, locations=message.locations)
    written = io.BytesIO()
    write_po(written, fresh, include_lineno=False, width=0, omit_header=False)
    # The date of writing is no sentence, and would change the file each time.
    dated = re.compile(rb'^"(POT-Creation-Date|PO-Revision-Date|Generated-By).*\n', re.MULTILINE)
    path_of(language).parent.mkdir(parents=True, exist_ok=True)
    path_of(language).write_bytes(dated.sub(b"", written.getvalue()))


if __name__ == "__main__":
    for one in LANGUAGES:
        update(one)
        print(f"{path_of(one).relative_to(ROOT)}: {sum(1 for _ in faults(one))} left to do")
