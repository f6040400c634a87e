"""What a word beside a number says that it is."""

from __future__ import annotations

import functools
from enum import Enum

from pycti.numbers.lazy import Regex
from pycti.numbers.vocabulary import (
    COLUMN_WORDS,
    MARKER_WORDS,
    TELEPHONE_STEMS,
    TELEPHONE_WORDS,
    THING_ENDINGS,
    THINGS,
    THINGS_ADJACENT,
    THINGS_ES,
)


class Kind(Enum):
    """What a word says of the number beside it."""

    TELEPHONE = "telephone"
    THING = "thing"
    """Something else that has a number."""
    MARKER = "marker"
    """A number follows; the words around tell whose."""


_TELEPHONE = frozenset(TELEPHONE_WORDS.split())
_TELEPHONE_STEMS = tuple(TELEPHONE_STEMS.split())
# … and the maximum number of words between them and their number.
_THINGS = (
    (frozenset(THINGS.split()), 2),
    (frozenset(THINGS_ES.split()), 1),
    (frozenset(THINGS_ADJACENT.split()), 0),
)
_ENDINGS = tuple(THING_ENDINGS.split())
COLUMNS = frozenset(COLUMN_WORDS.split())
_MARKERS = frozenset(MARKER_WORDS.split())
# The numbers of these compounds are telephone numbers.
_OF_TELEPHONE = Regex(
    r"(?:kunden)?(?:tele|ruf|handy|mobil|fax|hotline|service|durchwahl|anschluss|festnetz)"
)

TOKEN = Regex(r"sin (?:costo|cargo)|toll[- ]free|n[.]?\s?[º°]s?|[#№]|[^\W\d_]+")
"""A word, or a sign that stands for one."""


@functools.lru_cache(maxsize=4096)
def kind_of(word: str) -> tuple[Kind, int] | None:
    """Return what a word in lower case and without accents says of a number, if anything.

    Also return the maximum number of words between it and the number.
    """
    if word in _MARKERS or not word[0].isalpha() or word[-1] in "º°":
        return Kind.MARKER, 2
    if word in _TELEPHONE or word.startswith(("sin ", "toll")):
        return Kind.TELEPHONE, 0
    for things, reach in _THINGS:
        if word in things:
            return Kind.THING, reach
    if word.startswith(_TELEPHONE_STEMS):
        return Kind.TELEPHONE, 0
    if word.endswith(_ENDINGS) and word not in _ENDINGS:
        return (Kind.TELEPHONE if _OF_TELEPHONE.match(word) else Kind.THING), 1
    return None


FUNCTION = Regex(
    r"\b(?:is|are|was|as|of|the|a|an|for|to|your|our|my|his|her|their|es|son|era|de|del|la|el|las|los|"
    r"un|una|su|sus|mi|para|con|y|ist|sind|war|lautet|der|die|das|des|dem|den|ein|eine|ihr\w*|sein\w*|"
    r"mein\w*|unser\w*|fur|zu|zum|zur|und|e\.? ?g|i\.? ?e|z\.? ?b|p\.? ?ej|por ejemplo|such)\b"
)
"""Words that do not part a label from its number."""

ABOUT = Regex(
    r"\s+(?:\w+\s+)?(?:about|regarding|concerning|for|to|with|sobre|acerca|para|por|con|zu[rm]?|uber|"
    r"wegen|bei|for)\b"
)
"""After "questions": what follows is their subject, as in "questions about your order"."""

CAPITALS = Regex(r"\s*(?!(?:TEL|TLF|TFN|TFNO|FAX|MOB|TTY|SMS|PH|FON)\b)[A-Z]{2,4}\s\Z")
"""All that stands before a number that ends the text: a kind of document, as in "RE 2026"."""

AT = Regex(r"\b(?:on|at|en|en el|al|unter|auf)\s*\Z")
"""Before a number under which somebody is reached."""

WANTED = Regex(r"\b(?:to|you|we|for an?|para|pid[ae]|solicite|fur eine?n?)\s\Z")
"""Before a thing that is wanted, as in "to order" or "for a quote"."""

POSSESSIVE = Regex(r"\b(?:my|his|her|your|their|mi|tu|su|ihr\w*|sein\w*|mein\w*|dein\w*)\s")
"""In "the number of his brother"."""

LETTER = Regex(r"(?:^|[\s(|·,;:])[tmfp][.:]?\s*$")
"""A lone letter before a number: T, M, F or P, as on business cards."""

GIVEN = Regex(
    r"\b(?:with|mit|con|quoting|citing|citando|indicando|please quote|angabe (?:von|der|des))\s*$"
)
"""Before a number that is to be named to somebody, as "quoting 123"."""

TOLD = Regex(r"\s?(?:bitte )?(?:angeben|nennen|eingeben|bereit\w*|at hand|a mano|to hand|ready)\b")
"""After a number that is to be named to somebody."""

COUNTED = Regex(
    r"\s?(?:visit\w*|besuch\w*|people|person\w*|menschen|gente|habitantes|inhabitants|einwohner|"
    r"follow\w*|seguidor\w*|abonnent\w*|users?|usuarios|nutzer|views|vistas|aufrufe|downloads|"
    r"descargas|votes|votos|stimmen|copies|ejemplares|exemplare|times|veces|mal|items|kunden)\b"
)
"""After a number that counts something."""

OWN = Regex(
    r"\b(?:my|our|his|her|their|your|this|that|the|following|free|new|main|"
    r"mi|tu|su|nuestro|este|el|al|mein|meine|unsere|ihre|seine|diese|die|der|unter|[^\W\d]+['’]s)"
    r"(?:\s(?:new|old|other|own|main|current|private|personal|direct|neue|alte|andere|private|nuevo|"
    r"antiguo|otro))?\s*$"
)
"""Before "number": it is somebody's, so it is a telephone number."""
