"""What is wrong with a value, said in Swedish: pydantic's findings in the user's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from geo.errors import SchemaError
from geo.wording import Message, mark


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field of one record."""

    field: str
    reason: Message


def wrong(template: str, /, **params: object) -> PydanticCustomError:
    """Make a validator's error out of a Swedish sentence."""
    # The sentence travels inside the error, so that it can be translated where it is shown.
    context = {"template": template, **params}
    return PydanticCustomError("said", template, context)


_SENTENCES: Mapping[str, str] = {
    "missing": mark("Värde saknas."),
    "string_type": mark("Här ska stå en text."),
    "string_too_short": mark("Värde saknas."),
    "string_too_long": mark("Texten är längre än {max_length} tecken."),
    "string_pattern_mismatch": mark("Värdet har ett tecken som inte går att använda här."),
    "int_parsing": mark("”{input}” är inte ett heltal."),
    "int_from_float": mark("”{input}” är inte ett heltal."),
    "int_type": mark("”{input}” är inte ett heltal."),
    "float_parsing": mark("”{input}” är inte ett tal."),
    "float_type": mark("”{input}” är inte ett tal."),
    "finite_number": mark("”{input}” är inte ett tal."),
    "bool_parsing": mark("”{input}” är varken ja eller nej."),
    "bool_type": mark("”{input}” är varken ja eller nej."),
    "date_parsing": mark("”{input}” är inte ett datum (skriv ÅÅÅÅ-MM-DD)."),
    "date_from_datetime_parsing": mark("”{input}” är inte ett datum (skriv ÅÅÅÅ-MM-DD)."),
    "date_from_datetime_inexact": mark("”{input}” är en tid; här ska stå ett datum (ÅÅÅÅ-MM-DD)."),
    "date_type": mark("”{input}” är inte ett datum (skriv ÅÅÅÅ-MM-DD)."),
    "datetime_parsing": mark("”{input}” är inte en tid (skriv ÅÅÅÅ-MM-DD TT:MM)."),
    "datetime_from_date_parsing": mark("”{input}” är inte en tid (skriv ÅÅÅÅ-MM-DD TT:MM)."),
    "datetime_type": mark("”{input}” är inte en tid (skriv ÅÅÅÅ-MM-DD TT:MM)."),
    "timezone_aware": mark("Tiden ”{input}” saknar tidszon."),
    "greater_than": mark("”{input}” måste vara större än {gt}."),
    "greater_than_equal": mark("”{input}” måste vara minst {ge}."),
    "less_than_equal": mark("”{input}” får vara högst {le}."),
    "literal_error": mark("”{input}” går inte; välj bland {expected}."),
    "extra_forbidden": mark("Fältet finns inte."),
}
_SHOWN_CHARS = 60


def _shown(value: object) -> str:
    text = f"{value:.10g}" if isinstance(value, float) else str(value)
    return text if len(text) <= _SHOWN_CHARS else text[: _SHOWN_CHARS - 1] + "…"


def _reason(error: ErrorDetails) -> Message:
    context = dict(error.get("ctx", {}))
    if error["type"] == "said":
        template = str(context.pop("template", error["msg"]))
        return Message(template, context)
    template = _SENTENCES.get(error["type"], mark("”{input}” går inte att använda här."))
    # What may stand there is told as 'a', 'b' or 'c', in English.
    limits = {name: _shown(value).replace("' or '", "', '") for name, value in context.items()}
    return Message(template, {**limits, "input": _shown(error["input"])})


def problems(error: ValidationError) -> list[Problem]:
    """List everything pydantic found, field by field, in Swedish."""
    return [
        Problem(str(found["loc"][0]) if found["loc"] else "", _reason(found))
        for found in error.errors(include_url=False)
    ]


def schema_error(error: ValidationError) -> SchemaError:
    """Make pydantic's findings one error a page or the command line can show."""
    return SchemaError([(problem.field, problem.reason) for problem in problems(error)])
