"""Numbers in the texts of a page."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TypeAlias

from pycti.numbers import Found, Place, find_numbers, has_plan
from pycti.platform import Platform

PAUSE = 0.01
"""Everything else waits no longer than this while texts are searched, in seconds."""
LONGEST = 600
"""Characters of a text that are searched; a page sends no longer ones."""

Text: TypeAlias = tuple[str, str] | tuple[str, str, str]
"""A text, the label it stands under, and the country that an element around it names."""

Span: TypeAlias = tuple[int, int, int, str]
"""The text's index, where the number begins and ends in it, in UTF-16 units, and its URI."""


async def detect(platform: Platform, place: Place, texts: Sequence[Text]) -> list[Span]:
    """Return the telephone numbers in ``texts``, which stand at ``place``.

    Raises:
        InputError: BAD_COUNTRY.
        CtiError: NUMBERS_UNAVAILABLE.
    """
    await platform.load_numbers()
    here = place.country()
    spans: list[Span] = []
    since = platform.now()
    for index, (text, label, *own) in enumerate(texts):
        if platform.now() - since > PAUSE:
            await asyncio.sleep(0)
            since = platform.now()
        # What is no country, is not there: a page's mistake takes no other number away.
        country = own[0] if own and has_plan(own[0]) else here
        for found in find_numbers(text[:LONGEST], country, label):
            start, end = _utf16(text[: found.start]), _utf16(text[: found.end])
            spans.append((index, start, end, _uri(found)))
    return spans


def _uri(found: Found) -> str:
    return f"tel:{found.number};ext={found.extension}" if found.extension else f"tel:{found.number}"


def _utf16(text: str) -> int:
    """Return how long JavaScript takes ``text`` for."""
    return len(text) + sum(character > "\uffff" for character in text)
