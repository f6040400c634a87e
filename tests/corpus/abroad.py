"""Numbers on pages of five countries, for users of five countries: right and wrong ones, counted.

``python -m tests.corpus.abroad`` prints the table of the manual. A page's national numbers are
those of its own country, wherever its user is. ``signs.json`` holds what the browser's part gathers
from each page; tests/browser compares.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from pycti.numbers import Place, Signs

from .pages import HERE, CorpusPage, read
from .scores import Score, check

FOLDER = HERE / "abroad"
COUNTRIES = ("DE", "AT", "GB", "FR", "US")
SIGNS = FOLDER / "signs.json"

Choice = Callable[[CorpusPage, str], str | None]
"""Whose national numbers count on a page for a user of a country."""


def abroad() -> list[CorpusPage]:
    """Return the pages."""
    return [read(path) for path in sorted(FOLDER.glob("*.html"))]


def host(page: CorpusPage) -> str:
    """Return the server that a page comes from."""
    return re.findall('data-host="([^"]+)"', page.html)[0]


def signs() -> dict[str, Signs]:
    """Return what each page shows of its country."""
    pages = json.loads(SIGNS.read_text("utf-8"))
    return {
        name: Signs(**{key: tuple(v) if isinstance(v, list) else v for key, v in given.items()})
        for name, given in pages.items()
    }


def before(_: CorpusPage, user: str) -> str | None:
    """Every page is from where its user is."""
    return user


def after() -> Choice:
    """What the page shows decides."""
    known = signs()
    return lambda page, user: Place(user, None, known[page.name]).country()


def scores(choice: Choice) -> dict[tuple[str, str], Score]:
    """Return the scores by the pages' country and the user's."""
    found = {(country, user): Score() for country in COUNTRIES for user in COUNTRIES}
    for page in abroad():
        for user in COUNTRIES:
            found[page.country, user] += check(page, choice(page, user))[0]
    return found


def table() -> Iterator[str]:
    """Return the lines of the table, in reStructuredText."""
    old, new = scores(before), scores(after())
    yield ".. list-table:: Right and wrong numbers, before → now"
    yield "   :header-rows: 1"
    yield ""
    yield "   * - Pages of"
    yield from (f"     - for a user in {user}" for user in COUNTRIES)
    for country in COUNTRIES:
        yield f"   * - {country}"
        for user in COUNTRIES:
            was, now = old[country, user], new[country, user]
            yield f"     - {was.right} + {was.wrong} → {now.right} + {now.wrong}"
    yield "   * - all"
    for user in COUNTRIES:
        was, now = (
            sum((one[country, user] for country in COUNTRIES), Score()) for one in (old, new)
        )
        yield f"     - {was.right} + {was.wrong} → {now.right} + {now.wrong}"


def main() -> None:
    print(*table(), sep="\n")


if __name__ == "__main__":
    main()
