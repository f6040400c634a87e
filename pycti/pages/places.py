"""Where a number stands, as a page tells: anything at all, until it has been read."""

from __future__ import annotations

from typing import Any

from pycti.commands.detection import Text
from pycti.numbers import Place, Signs

_MANY = 30
_LONG = 600


def read_place(default: str | None, message: dict[str, Any]) -> Place:
    """Return where the number of a command, or the texts of a message, stand."""
    own = message.get("country")
    return Place(default, own if isinstance(own, str) and own else None, _read_signs(message))


def read_texts(value: Any) -> list[Text]:
    """Return texts with their labels, and countries where they have one of their own.

    Raises:
        TypeError, ValueError: it is none of that.
    """
    return [_read_text(*entry) for entry in value]


def _read_text(text: object, label: object, own: object = "") -> Text:
    if not isinstance(own, str):
        raise TypeError("a country is no text")
    return (str(text), str(label), own) if own else (str(text), str(label))


def _read_signs(message: dict[str, Any]) -> Signs | None:
    signs = message.get("signs")
    if not isinstance(signs, dict):
        return None
    return Signs(
        language=_one(signs.get("language")),
        alternates=_several(signs.get("alternates")),
        host=_one(signs.get("host")),
        countries=_several(signs.get("countries")),
        addresses=_several(signs.get("addresses")),
        numbers=_several(signs.get("numbers")),
    )


def _one(value: object) -> str:
    return value[:_LONG] if isinstance(value, str) else ""


def _several(value: object) -> tuple[str, ...]:
    return tuple(map(_one, value[:_MANY])) if isinstance(value, list) else ()
