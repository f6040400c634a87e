"""Which country an address is in, as far as its own words and its postcode tell."""

from __future__ import annotations

import re

from pycti.numbers.evidence import plain
from pycti.numbers.lazy import Regex

_NAMES = """
AR argentina
AT austria osterreich autriche
AU australia australien
BE belgium belgique belgie belgien belgica
BR brazil brasil brasilien bresil
CA canada kanada
CH switzerland schweiz suisse svizzera suiza
CL chile
CO colombia kolumbien
CZ czechia tschechien cesko
DE germany deutschland allemagne alemania germania
DK denmark danmark danemark
ES spain espana spanien espagne spagna
FI finland suomi finnland
FR france frankreich francia
GB uk gb england scotland wales großbritannien royaume-uni
GR greece griechenland ellada
HU hungary magyarorszag ungarn
IE ireland irland irlande
IN india indien
IT italy italia italien italie
JP japan
LU luxembourg luxemburg
MX mexico mexiko
NL netherlands nederland niederlande holland
NO norway norge norwegen
NZ
PE peru
PL poland polska polen
PT portugal
RO romania rumanien
SE sweden sverige schweden
US us usa u.s.a
"""
_BY_NAME = {
    plain(name): line[:2]
    for line in _NAMES.strip().splitlines()
    for name in [line[:2], *line[3:].split()]
} | {
    "united kingdom": "GB",
    "great britain": "GB",
    "northern ireland": "GB",
    "vereinigtes konigreich": "GB",
    "united states": "US",
    "united states of america": "US",
    "vereinigte staaten": "US",
    "new zealand": "NZ",
    "the netherlands": "NL",
    "les pays-bas": "NL",
}
# Letters that stand before a postcode, as on the plates of cars.
_PLATES = {"A": "AT", "B": "BE", "D": "DE", "F": "FR", "I": "IT", "L": "LU", "E": "ES", "N": "NO"}
_PLATE = Regex(r"(?<![\w-])(?P<plate>[A-Z]{1,2})[-–] ?\d{4,5}(?= +[^\W\d_])")
_STATES = (
    "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|"
    "UT|V[AT]|W[AIVY]"
)
# Postcodes that no other country writes so.
_POSTCODES = (
    ("GB", Regex(r"(?<!\w)(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})(?!\w)")),
    ("US", Regex(rf"(?<!\w)(?:{_STATES})\.?,? \d{{5}}(?:-\d{{4}})?(?![\w-])")),
    ("CA", Regex(r"(?<!\w)[ABCEGHJ-NPRSTVXY]\d[A-Z][ -]?\d[A-Z]\d(?!\w)")),
    ("NL", Regex(r"(?<!\w)[1-9]\d{3} ?(?!S[ADS])[A-Z]{2}(?= +[^\W\d_])")),
    ("PT", Regex(r"(?<![\w-])\d{4}-\d{3}(?= +[^\W\d_])")),
    ("PL", Regex(r"(?<![\w-])\d{2}-\d{3}(?= +[^\W\d_])")),
    ("BR", Regex(r"(?<![\w-])\d{5}-\d{3}(?![\w-])")),
)
# Digits before a town are a postcode, and how many there are tells some countries from others.
_TOWN = Regex(r"(?:\A|[,;|·\n]) *(\d{4,5}) +[^\W\d_a-z]")
_OF_LENGTH = {
    4: frozenset({"AT", "AU", "BE", "CH", "DK", "HU", "LU", "NL", "NO", "NZ", "PT"}),
    5: frozenset({"CZ", "DE", "ES", "FI", "FR", "GR", "IT", "MX", "SE", "US"}),
}
# A country is written last, or alone: "Rue de Belgique" names none.
_PART = re.compile(r"[,;|·•\n()]|\s[-–]\s")


def country_of_name(text: str) -> str:
    """Return the code of the country that ``text`` names or is, ``""`` for none."""
    return _BY_NAME.get(plain(text).strip(" ."), "")


def country_of_address(text: str) -> str:
    """Return the code of the country that an address is in, ``""`` where it does not tell."""
    # "AT" and "IN" are words, too.
    parts = [part for part in _PART.split(text) if len(part.strip(" .")) > len("xx")]
    named = {country_of_name(part) for part in parts} - {""}
    # More than one is a list of countries.
    if len(named) == 1:
        return named.pop()
    if plate := _PLATE.search(text):
        known = _PLATES.get(plate["plate"]) or _BY_NAME.get(plate["plate"].lower())
        if known:
            return known
    for country, postcode in _POSTCODES:
        if postcode.search(text):
            return country
    return ""


def may_be_in(text: str, country: str) -> bool:
    """Return whether a postcode in ``text`` has the length of that country's."""
    return any(country in _OF_LENGTH[len(found)] for found in _TOWN.findall(text))


def tells_apart(text: str, country: str, other: str) -> bool:
    """Return whether a postcode in ``text`` has the length of one country's, not of the other's."""
    return may_be_in(text, country) and not may_be_in(text, other)
