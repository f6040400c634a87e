"""Which country a page is from: whose national numbers those on it are.

A page says so in several ways; each kind of sign has one vote. Countries that share a code (+1)
share their numbers here, so they count as one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from types import ModuleType

from pycti.numbers.addresses import (
    country_of_address,
    country_of_name,
    may_be_in,
    tells_apart,
)
from pycti.numbers.lazy import Regex
from pycti.numbers.library import known_country, library

# "en-US" is what templates have that nobody adapted.
_BY_DEFAULT = "US"
# Domains of countries that anybody takes, for their letters.
_GENERIC_DOMAINS = """
ac ag ai am bz cc cd cf co dj eu fm ga gg gl gq im io je la li ly me ml ms mu nu sc sh sr st tk to
tv vc ws
"""
_GENERIC = frozenset(_GENERIC_DOMAINS.split())
_LANGUAGE = Regex(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{4})?[-_](?P<region>[A-Za-z]{2})(?![A-Za-z])")
_UNKNOWN = "?"
_AGREED = 2
"""So many signs have to agree before a page's country takes the place of the user's."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What a page shows of its country, as it stands there.

    ``language`` is its own, ``alternates`` those that its alternate links give to itself, ``host``
    its server. ``countries`` are named by its schema.org data, ``addresses`` are texts that hold
    one, ``numbers`` are those with a country's code.
    """

    language: str = ""
    alternates: tuple[str, ...] = ()
    host: str = ""
    countries: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number stands.

    ``default`` is the user's country, ``own`` the one that the number or an element around it
    names, ``signs`` are those of the page.
    """

    default: str | None = None
    own: str | None = None
    signs: Signs | None = None

    def country(self) -> str | None:
        """Return whose national numbers count here, or ``None`` where nobody can tell.

        Raises:
            InputError: BAD_COUNTRY.
            CtiError: NUMBERS_UNAVAILABLE.
        """
        if self.own:
            return known_country(self.own)
        default = known_country(self.default)
        if default is None or self.signs is None:
            return default
        return _country_of(library(), default, self.signs)


def _country_of(plans: ModuleType, default: str, signs: Signs) -> str | None:
    """Return the user's country, or the page's where the signs agree, or ``None`` in doubt."""
    code = plans.country_code_for_region
    home = code(default)
    language = _of_language(signs.language)
    numbers = _most(_of_number(plans, number) for number in signs.numbers)
    address = _most(
        country_of_address(text) or (_UNKNOWN if may_be_in(text, default) else "")
        for text in signs.addresses
    )
    votes = [
        _most(map(_of_language, signs.alternates)),
        _of_host(signs.host),
        _most(map(country_of_name, signs.countries)),
        address,
    ]
    # What these say of another country counts only where something else says the same: a template
    # has "en-US", and foreign numbers have their code where a page's own have none.
    for region, weak in ((language, language == _BY_DEFAULT), (numbers, True)):
        if not weak or code(region) == home:
            votes.append(region)
    known = [region for region in votes if region in plans.SUPPORTED_REGIONS]
    counted = Counter(map(code, known))
    at_home = counted.pop(home, 0)
    best, count = max(counted.items(), key=itemgetter(1), default=(home, 0))
    if count <= at_home:
        return default
    country = next(region for region in known if code(region) == best)
    agreeing = [
        language == _BY_DEFAULT and code(language) == best,
        code(numbers) == best,
        address == "" and any(tells_apart(text, country, default) for text in signs.addresses),
    ]
    disputed = list(counted.values()).count(count) > 1
    agreed = count + sum(agreeing) >= _AGREED
    return country if agreed and not disputed else None


def _most(regions: Iterable[str]) -> str:
    """Return what most of them are, ``""`` where no one is in front of all the others."""
    most = Counter(filter(None, regions)).most_common(2)
    if not most or (len(most) == _AGREED and most[0][1] == most[1][1]):
        return ""
    return most[0][0]


def _of_language(tag: str) -> str:
    found = _LANGUAGE.match(tag)
    return found["region"].upper() if found else ""


def _of_host(host: str) -> str:
    top = host.lower().rstrip(".").rpartition(".")[2]
    if len(top) != len("xx") or top in _GENERIC:
        return ""
    return "GB" if top == "uk" else top.upper()


def _of_number(plans: ModuleType, text: str) -> str:
    try:
        number = plans.parse(text, None)
    except plans.NumberParseException:
        return ""
    return str(plans.region_code_for_number(number) or "")
