"""What a receipt says of a row: kept apart from its values, said in the reader's language."""

import json

from pydantic import TypeAdapter

from geo.model.receipt import Receipt, Remark
from geo.wording import Amount, Wording, quote, say

EN = Wording("en")
REMARKS = TypeAdapter(tuple[Remark, ...])


def stored(*remarks: Remark) -> tuple[Remark, ...]:
    """What comes back from the database, where remarks are JSON."""
    return REMARKS.validate_json(json.dumps(REMARKS.dump_python(remarks, mode="json")))


def test_a_reason_comes_back_with_its_values_and_is_said_in_english() -> None:
    reason = say("Samma id finns på rad {line} med annat innehåll.", line=2)
    (back,) = stored(Remark(line=5, field="visit_id", reason=reason))
    assert back == Remark(line=5, field="visit_id", reason=reason)
    assert str(back.reason) == "Samma id finns på rad 2 med annat innehåll."
    assert EN.message(back.reason) == "The same id is on row 2 with other content."


def test_numbers_quotes_and_lists_inside_a_reason_come_back_too() -> None:
    reason = say(
        "{a} {b} {c} {d}",
        a=Amount(200_000),
        b=Amount(0.5, digits=1),
        c=quote("{0.__class__}"),
        d=(say("källare"), say("vind")),
    )
    (back,) = stored(Remark(reason=reason))
    assert back.reason.params == reason.params
    assert EN.message(back.reason) == "200,000 0.5 “{0.__class__}” basement, attic"


def test_a_receipt_of_an_earlier_version_is_read_as_it_stands() -> None:
    # Before, a reason was its Swedish sentence.
    sentence = "”{bil}” är varken ja eller nej."
    (old,) = REMARKS.validate_json(
        json.dumps([{"line": 3, "field": "done", "reason": sentence}], ensure_ascii=False)
    )
    assert str(old.reason) == sentence
    assert EN.message(old.reason) == sentence
    assert stored(old) == (old,)


def test_an_old_sentence_without_values_is_even_said_in_english() -> None:
    (old,) = REMARKS.validate_python([{"line": 3, "reason": "Värde saknas."}])
    assert EN.message(old.reason) == "A value is missing."


def test_what_no_json_can_hold_is_kept_as_its_text() -> None:
    (back,) = stored(Remark(reason=say("{path}", path=Receipt)))
    assert str(back.reason) == str(Receipt)
