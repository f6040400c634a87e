"""Validate the input of the control API, with error messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pycti.errors import ApiError
from pycti.pbx.faults import Fault

MOST_SECONDS = 86_400.0
"""The longest delay that can be set."""
MOST_LINES = 1_000
"""The most lines that a phone can be given."""


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # The comparison is false for NaN as well.
    return float(value) if 0 <= value <= MOST_SECONDS else None


def flag(body: Mapping[str, object], name: str) -> bool:
    """Return a boolean field; false if it is missing.

    Raises:
        ApiError: 400, it has another type.
    """
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise ApiError(400, f"{name} has to be true or false.")
    return value


def phone_setting(name: str, value: object) -> float | bool | None:
    """Return the value of one of `PhoneSettings`.

    Raises:
        ApiError: 400, the value is not valid for this setting.
    """
    if name in ("registered", "dnd"):
        return flag({name: value}, name)
    if name == "lines":
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= MOST_LINES:
            raise ApiError(400, f"lines has to be a number from 1 to {MOST_LINES}.")
        return value
    if value is None and name != "ring_time":
        return None
    seconds = _seconds(value)
    if seconds is None:
        raise ApiError(400, f"{name} has to be a number of seconds.")
    return seconds


_CHECKS: dict[str, tuple[Callable[[object], bool], str]] = {
    "path": (lambda value: isinstance(value, str) and value[:1] in ("/", "*"), 'a path or "*"'),
    "method": (lambda value: isinstance(value, str) and value.isalpha(), "an HTTP method"),
    "status": (
        lambda value: type(value) is int and 400 <= value <= 599,
        "a status from 400 to 599",
    ),
    "delay": (lambda value: _seconds(value) is not None, "a number of seconds"),
    "drop": (lambda value: isinstance(value, bool), "true or false"),
    "times": (lambda value: type(value) is int and value > 0, "a number from 1"),
}


def fault(body: Mapping[str, object]) -> Fault:
    """Return the fault that ``body`` describes.

    Raises:
        ApiError: 400, a field is missing or not valid.
    """
    if "path" not in body:
        raise ApiError(400, 'path is missing, such as "/ping" or "*".')
    for name, value in body.items():
        valid, what = _CHECKS[name]
        if not valid(value):
            raise ApiError(400, f"{name} has to be {what}.")
    fault = Fault(**body)  # type: ignore[arg-type]  # checked just now
    fault.method = fault.method.upper()
    return fault
