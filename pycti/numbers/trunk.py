"""The trunk prefix 0, which is dialled inside a country only: never behind the country's code.

It needs no numbering plans: the codes are few, and a test compares them with the plans.
"""

from __future__ import annotations

from pycti.numbers.lazy import Regex

_CODES = """
20 27 31 32 33 40 41 43 44 46 49 51 53 54 55 57 58 60 61 62 63 64 66 81 82 84 86 90 91 92 93 94
95 98 211 212 213 218 231 232 233 234 243 249 251 252 254 255 256 260 261 262 263 264 265 291
353 355 358 359 370 373 374 377 380 381 382 383 385 386 387 389 421 423 508 590 591 593 594 595
596 598 686 850 855 856 880 886 961 962 963 964 966 967 970 971 972 976 977 994 995 996
"""
TRUNK_ZERO = frozenset(_CODES.split())
"""The countries whose trunk prefix is 0, and in which no number begins with 01 to 09."""

_ZERO_STAYS = frozenset({"39", "225", "241", "242", "378", "379"})
"""Countries in which a number may begin with 0, also behind the country's code."""

_BRACKETED = Regex(
    r"(?P<before>[\s(\[]*(?P<sign>\+|00)?[\s(\[]*(?P<code>[1-9]\d{0,2})(?:\W(?<![(\[]))*)"
    r"[(\[]\s*0\s*[)\]](?=\D*(?P<next>\d))"
)


def without_bracketed_zero(text: str) -> str:
    """Return a number without the "(0)" that follows its country's code, as in "+44 (0)20 …".

    In Italy and a few more countries the 0 is a part of the number: there only the brackets go.
    """
    found = _BRACKETED.match(text)
    if found is None or not (found["sign"] or found["code"] in TRUNK_ZERO):
        return text
    # Mobile numbers of Italy begin with 3: theirs is no part of them either.
    stays = found["code"] in _ZERO_STAYS and not (found["code"] == "39" and found["next"] == "3")
    return f"{found['before']}{'0' if stays else ' '}{text[found.end() :]}"


def without_trunk_zero(digits: str) -> str:
    """Return the digits of a number in E.164 form without a 0 that cannot be meant."""
    for length in (2, 3):
        zero, following = digits[length : length + 1], digits[length + 1 : length + 2]
        if digits[:length] in TRUNK_ZERO and zero == "0" and following not in ("", "0"):
            return digits[:length] + digits[length + 1 :]
    return digits
