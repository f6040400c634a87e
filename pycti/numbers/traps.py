"""Numbers that are something else by their form: dates, prices, addresses, card numbers, …"""

from __future__ import annotations

import re

from pycti.numbers.lazy import Regex

HIDDEN = "\x1f"
"""What stands in the place of a trap, so that nothing is found in it or across it."""

_MONTH = (
    r"(?:jan|ene|feb|mar|m[aä]r|apr|abr|may|mai|jun|jul|aug|ago|sep|sept|oct|okt|nov|dec|dez|dic)"
    r"[a-záéíóúäöüß]*\.?"
)
_UNIT = (
    r"(?:[kcdµμm]m[²³23]?|m[²³23]|km/h|[kmµμ]?g|[mcd]l|lit(?:er|ers|re|res|ros)|[kmgt]i?b|"
    r"(?:kilo|mega|giga)?bytes?|[mk]?ah|[kmg]?wh?|[kmg]?hz|k?v|rpm|u/min|°\s?[cf]?|ft|inch(?:es)?|"
    r"zoll|lbs?|oz|psi|bar|k?pa|dpi|px|mp|nits|lm|lux|db|%|‰|ha|miles?|std\.?|µs|st(?:ü|ue)?ck|"
    r"stk\.?|pcs|uds?\.?|unidades|units|mrd\.?|mio\.?|mill\.?|tsd\.?)"
)
_MONEY = r"(?:[€$£¥₹]|(?:a|us|mx|ar|c)\$|eur|euros?|usd|gbp|chf|mxn|ars|clp|nok|sek|dkk|fr\.)"
# A quantity: thousands may be grouped. Not a part of a longer number.
_QUANTITY = (
    r"(?<![\d.,])(?<!\d[ \u00a0\u202f-])"
    r"(?:\d{1,3}(?:[ .,'’\u00a0\u202f]\d{3})+|\d{1,6})(?:[.,]\d+)?"
)
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_YEAR = r"(?:19|20)\d\d"
_CLOCK = r"(?:[01]\d|2[0-4])[0-5]\d"

_TRAPS = Regex(
    "|".join(
        (
            # Words of the net: addresses, file names, queries.
            r"(?:https?|ftp|wss?|file)://\S+",
            r"\bwww\.\S+",
            r"\S+@\S+",
            r"(?<![\w.-])[\w-]*_[\w.-]*\d[\w.-]*",
            r"\b[\w-]+\.(?:zip|pdf|jpe?g|png|gif|docx?|xlsx?|csv|txt|html?|exe|iso|tar|gz|mp[34]|log)\b",
            # IBAN; hexadecimal, UUID, MAC.
            r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b",
            r"\b(?=\w*\d)(?=\w*[a-fA-F])[0-9a-fA-F]{12,}\b",
            r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b",
            r"\b(?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}\b",
            # IP addresses, versions, coordinates.
            rf"(?<![\d.+]){_OCTET}(?:\.{_OCTET}){{3}}(?:[:/]\d+)?(?![\d.])",
            r"(?<![\d.+])\bv?(?!0\d)\d{1,3}(?=[\d.]*\.\d(?:\.|\b))(?:\.\d{1,6}){2,3}\b(?!\.\d)",
            r"[-+]?\d{1,3}\.\d{3,}(?:, ?| )[-+]?\d{1,3}\.\d{3,}",
            r"\d{1,3}(?:[.,]\d+)? ?°[^;·|]{0,24}?[NSEWO]\b",
            # Dates and times.
            rf"\b\d{{1,2}}(?:st|nd|rd|th)?\.?(?: de)? {_MONTH}(?: de)?,?(?: \d{{4}})?(?!\w)",
            rf"\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?!\d)(?:,? \d{{4}})?\b",
            rf"(?<!\d)(?<!\d[.\-/])(?:{_YEAR}([-/.])[01]?\d\1[0-3]?\d"
            rf"|[0-3]?\d([-/.])[0-3]?\d\2(?:{_YEAR}|\d\d))(?!\d)(?![.\-/]\d)"
            r"(?:,?(?: |T| um | at | a las )[0-2]?\d[:.]\d\d(?:[:.]\d\d)?)?",
            r"(?<!\d)[0-2]?\d:[0-5]\d(?::[0-5]\d)?(?!\d)",
            r"(?<![\d./-])\d{1,2}(?:[:.][0-5]\d)? ?(?i:[ap]\.?m\b|h\b|hrs?\b|uhr\b|std\b)",
            r"(?<![\d./-])24/7(?![\d./-])",
            rf"(?<![\d-]){_CLOCK} ?[-–—] ?{_CLOCK}(?![\d-])",
            rf"(?<![\d/])\d{{1,7}}/{_YEAR}(?![\d/-])",
            rf"(?<!\d)(?:{_YEAR}[ ,;/–-]+)+{_YEAR}(?!\d)",
            # Money, measures, shares.
            rf"(?<!\w)(?i:{_MONEY}) ?[-+±]?{_QUANTITY}",
            rf"{_QUANTITY} ?(?i:{_MONEY}|M€)(?!\w)",
            rf"{_QUANTITY}(?: ?[x×] ?\d[\d.,]*)* ?(?i:{_UNIT})(?!\w)",
            rf"{_QUANTITY} ?[x×] ?\d[\d.,]*",
            r"[=<>≤≥±~≈] ?[-+]?\d[\d., ]*\d",
            # Decimals and grouped thousands that no telephone number is written like.
            r"(?<![\d.,])\d{1,3}(?:\.\d{3})+,\d{1,2}(?![\d.,])",
            r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])",
            r"(?<![\d.,])\d{1,3}(?:['’]\d{3})+(?:\.\d+)?(?!\d)",
            r"(?<![\d.,])\d+,\d[\d ]*",
            r"(?<![\d.,+/()-])(?<!\d )\d\.\d[\d ]*(?![\d.])",
            # ISBN.
            r"\b97[89][- ]?\d{1,5}[- ]?\d{1,7}[- ]?\d{1,7}[- ]?\d\b",
            # What continues a word: RMA-2026-…, NK-0512….
            r"(?<!\w)(?!(?i:tele?f?o?n?|phone|fax|mobile?|movil|handy|cell?)\b)"
            r"(?=[\w./-]*[A-Za-z])[A-Za-z0-9]+(?:[-/.][A-Za-z0-9]+)*[-/]\d[\w./-]*",
            r"\b\d+[A-Za-z]+\d[\w-]*",
        )
    )
)

QUANTITY_END = Regex(rf" ?(?i:{_MONEY}|{_UNIT})(?!\w)")
"""What makes a quantity of the number before it."""

_LONG = Regex(r"(?<![\d+])\d(?:[ -]?\d){12,}(?!\d)")
_SECOND = Regex(r"((?:\d[ .()-]?){7,})( ?/ ?-?\d{1,4})(?!\d|[ ./-]\d)")
"""The rest of a second number, as in 020 7946 0199/0198."""

_NUMBER = r"(?P<number>\+?(?:\d[ ./()–-]{0,2}){5,}\d)"
_GLUED = Regex(
    rf"{_NUMBER}(?:(?P<mail>[a-z][\w.+-]*@)"
    r"|[A-ZÄÖÜ](?:[a-zäöüßáéíóú]{2,}|-?[Mm]ail|\.? ?:? ?[+(0]))"
)
"""A number with the next thing glued to it: "…45 51info@example.org", "… 491F. +39 …"."""

_RANGE = Regex(r"(?<!\d)(\(?[2-9]\d\d\)?[ .-]\d{3}[ .-]\d{3}(\d))-(\d)(?![\w-])")
"""The end of a range of numbers, as in (212) 736-5001-4."""

_BRACKETED = Regex(r"((?:\d[ ./()–-]{0,2}){8,}\d ?)\((\d{2,5})\)(?![ -]?\d)")
"""An extension in brackets, or a year: no part of the number before it."""

# "0228-999582-5777": no card and no article is grouped like this, whatever its last digit.
_TRUNK_GROUPED = Regex(r"0[1-9]\d{1,3}[ -]\d+(?:[ -]\d+)?")

_PAREN = Regex(r"\([^()]*[A-Za-z][^()]*\)")


def hide(text: str) -> str:
    """Return ``text``, as long as it was, with what is no telephone number hidden."""
    text = _GLUED.sub(_part, text)
    text = _BRACKETED.sub(lambda found: f"{found[1]}{HIDDEN}{found[2]}{HIDDEN}", text)
    text = _RANGE.sub(_without_range, text)
    text = _PAREN.sub(lambda found: HIDDEN + found[0][1:-1] + HIDDEN, text)
    text = _TRAPS.sub(lambda found: HIDDEN * len(found[0]), text)
    text = _SECOND.sub(lambda found: found[1] + HIDDEN * len(found[2]), text)
    return _LONG.sub(_hide_checked, text)


def _part(found: re.Match[str]) -> str:
    """Put a break between a number and what is glued to it."""
    number, rest = found["number"], found[0][found.end("number") - found.start() :]
    # Digits alone may begin an address.
    if found["mail"] and number.isdigit():
        return found[0]
    return f"{number}{HIDDEN}{rest[1:]}"


def _without_range(found: re.Match[str]) -> str:
    return f"{found[1]}{HIDDEN}{found[3]}" if found[3] > found[2] else found[0]


def _hide_checked(found: re.Match[str]) -> str:
    """Hide what has the check digit of a card or of an article (Luhn, GTIN)."""
    digits = [int(digit) for digit in found[0] if digit.isdigit()]
    telephone = found[0].startswith("00") or _TRUNK_GROUPED.fullmatch(found[0])
    checked = not telephone and (_luhn(digits) or _gtin(digits))
    return HIDDEN * len(found[0]) if checked else found[0]


def _luhn(digits: list[int]) -> bool:
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return 14 <= len(digits) <= 19 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _gtin(digits: list[int]) -> bool:
    weighed = sum(digits[-1::-2]) + 3 * sum(digits[-2::-2])
    return len(digits) in (13, 14) and weighed % 10 == 0
