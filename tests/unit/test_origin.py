"""Which country a page is from, and whose national numbers count on it."""

from __future__ import annotations

import pytest

from pycti.errors import InputError
from pycti.numbers import Place, Signs
from pycti.numbers.addresses import country_of_address, country_of_name


def country(default: str | None = "AT", own: str | None = None, **signs: str | list[str]) -> object:
    """Return whose numbers count for a user of ``default`` where a page shows this."""
    given = {
        name: tuple(value) if isinstance(value, list) else value for name, value in signs.items()
    }
    return Place(default, own, Signs(**given)).country()  # type: ignore[arg-type]


def test_a_page_that_says_nothing_is_from_where_its_user_is() -> None:
    assert country() == "AT"
    assert Place("AT").country() == "AT"
    assert country(language="de", host="www.example.com", alternates=["de"]) == "AT"


@pytest.mark.parametrize(
    "sign",
    [
        {"language": "de-DE"},
        {"language": "de_DE"},
        {"language": "de-Latn-DE"},
        {"alternates": ["de-DE"]},
        {"alternates": ["x-default", "de", "de-DE"]},
        {"host": "www.example.de"},
        {"countries": ["DE"]},
        {"countries": ["Deutschland", "Germany"]},
        {"addresses": ["Am Markt 3, 10115 Berlin, Deutschland"]},
        {"addresses": ["D-10115 Berlin"]},
    ],
)
def test_one_sign_against_the_users_country_takes_its_numbers_away(
    sign: dict[str, str | list[str]],
) -> None:
    assert country("AT", **sign) is None
    assert country("DE", **sign) == "DE"


@pytest.mark.parametrize(
    "signs",
    [
        {"language": "de-DE", "host": "www.example.de"},
        {"language": "de-DE", "alternates": ["de-DE"]},
        {"host": "example.de", "countries": ["Germany"]},
        {"countries": ["DE"], "addresses": ["Am Markt 3\n10115 Berlin\nGermany"]},
        {"language": "de-DE", "numbers": ["+49 30 5550123"]},
        # No other country of these two has postcodes of five digits.
        {"host": "example.de", "addresses": ["Am Markt 3, 10115 Berlin"]},
    ],
)
def test_two_signs_that_agree_make_the_pages_numbers_count(
    signs: dict[str, str | list[str]],
) -> None:
    assert country("AT", **signs) == "DE"
    assert country("GB", **{**signs, "addresses": []}) in ("DE", None)


def test_signs_that_contradict_each_other_leave_the_users_country_in_force() -> None:
    assert country("AT", language="de-DE", host="example.at") == "AT"
    assert country("AT", language="de-DE", numbers=["+43 1 5550123"]) == "AT"
    assert country("AT", language="de-DE", host="example.de", countries=["AT"]) == "DE"


def test_signs_of_two_other_countries_do_not_agree() -> None:
    assert country("AT", language="de-DE", host="example.ch") is None
    signs = {
        "language": "de-DE",
        "alternates": ["de-DE"],
        "host": "example.ch",
        "countries": ["CH"],
    }
    assert country("AT", **signs) is None  # type: ignore[arg-type]


def test_what_templates_and_foreign_numbers_say_counts_only_beside_something_else() -> None:
    assert country("GB", language="en-US") == "GB"
    assert country("GB", language="en-US", host="example.us") == "US"
    assert country("GB", numbers=["+49 30 5550123", "+49 30 5550124"]) == "GB"
    assert country("GB", numbers=["+49 30 5550123"], host="example.de") == "DE"
    # Most of them say it.
    assert country("GB", host="example.de", numbers=["+44 20 79460123", "+49 30 5550124"]) is None
    assert country("GB", host="example.de", numbers=["+49", "x", "+49 30 5550124"]) == "DE"


def test_domains_that_anybody_takes_say_nothing() -> None:
    for host in ("example.io", "example.tv", "example.eu", "example.com", "127.0.0.1", "localhost"):
        assert country("GB", host=host) == "GB"
    assert country("DE", host="www.example.co.uk.", language="en-GB") == "GB"
    assert country("GB", host="example.co.uk", language="fr-FR") == "GB"


def test_countries_that_share_a_code_are_one() -> None:
    assert country("CA", language="en-CA", host="example.us", countries=["US"]) == "CA"
    assert country("US", language="en-CA", host="example.ca") == "US"


def test_an_address_that_may_be_at_home_outweighs_a_foreign_one() -> None:
    home = "Calle Mayor 1, 28013 Madrid"
    foreign = "Am Markt 3, 10115 Berlin, Germany"
    assert country("ES", addresses=[foreign]) is None
    assert country("ES", addresses=[home, foreign]) == "ES"
    assert country("ES", addresses=[home, foreign, f"{foreign} "]) is None


def test_the_numbers_own_country_comes_first() -> None:
    assert country("AT", "gb", language="de-DE", host="example.de") == "GB"
    assert Place(None, "DE").country() == "DE"
    assert Place(None, None, Signs(language="de-DE", host="example.de")).country() is None
    for wrong in (Place("AT", "ZZ"), Place("ZZ"), Place("AT", "Austria")):
        with pytest.raises(InputError):
            wrong.country()


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("Hauptstr. 5, 10115 Berlin, Deutschland", "DE"),
        ("Hauptstr. 5\n1010 Wien\nÖsterreich", "AT"),
        ("A-1010 Wien", "AT"),
        ("CH-8001 Zürich", "CH"),
        ("F-75008 Paris", "FR"),
        ("10 rue Haute, 75008 Paris (France)", "FR"),
        ("12 High Street, London SW1A 1AA", "GB"),
        ("12 High Street, Leeds, United Kingdom", "GB"),
        ("1200 Market Street, Springfield, IL 62701", "US"),
        ("Springfield, IL 62701-1234", "US"),
        ("1 King St, Toronto M5H 2N2", "CA"),
        ("Damrak 1, 1012 LG Amsterdam", "NL"),
        ("Rua Nova 1, 1200-001 Lisboa", "PT"),
        ("ul. Nowa 1, 00-001 Warszawa", "PL"),
        ("Rua Nova 1, 01001-000, São Paulo", "BR"),
        ("Am Markt 3 · 10115 Berlin · Germany", "DE"),
        # A list of countries, a street, words of two letters, what other countries write, too.
        ("Deutschland | Österreich | Schweiz", ""),
        ("Rue de Belgique, 75001 Paris", ""),
        ("AT, IN", ""),
        ("1010 Wien", ""),
        ("10115 Berlin", ""),
        ("X-1010 Wien", ""),
    ],
)
def test_an_address_tells_its_country(address: str, country: str) -> None:
    assert country_of_address(address) == country


def test_a_country_is_named_by_its_code_or_in_a_language_of_its_neighbours() -> None:
    assert [country_of_name(name) for name in ("de", "Österreich", "U.S.A.", "Großbritannien")] == [
        "DE",
        "AT",
        "US",
        "GB",
    ]
    assert country_of_name("Atlantis") == ""
