"""What a user dials, as a number that the servers understand."""

from __future__ import annotations

from pycti.errors import InputError, quoted
from pycti.numbers import Place, check_country, is_national, read_number
from pycti.platform import Platform


class Dialling:
    """Knows the country whose national numbers may be dialled, if there is one.

    Raises:
        InputError: BAD_COUNTRY.
    """

    def __init__(self, platform: Platform, country: str | None, place: Place | None = None) -> None:
        self._platform = platform
        self._place = place or Place()
        self.country = check_country(country) if country else None

    def within(self, place: Place | None) -> Dialling:
        """Return the same for a number that stands there."""
        if place is None:
            return self
        return Dialling(self._platform, place.default or self.country, place)

    @property
    def place(self) -> Place:
        """Where the number stands."""
        own = check_country(self._place.own) if self._place.own else None
        return Place(self.country, own, self._place.signs)

    async def number(self, text: str, *, extension_only: bool = False) -> str:
        """Return ``text`` as `pycti.numbers.read_number` does.

        The numbering plans are loaded where the number needs them.

        Raises:
            InputError: EMPTY_DESTINATION, BAD_NUMBER, BAD_EXTENSION or BAD_COUNTRY.
            CtiError: NUMBERS_UNAVAILABLE.
        """
        place = self.place
        if not (place.own or place.default) or not is_national(text):
            return read_number(text, extension_only=extension_only).number
        await self._platform.load_numbers()
        country = place.country()
        if country is None:
            raise InputError(
                "BAD_NUMBER",
                f"{quoted(text)} is a national number on a page that seems to be from another "
                f"country than {self.country}.",
                "Write the number with + and the country's code, or name the country with "
                "data-cti-country.",
            )
        return read_number(text, country).number

    async def prepare(self) -> None:
        """Load the numbering plans, where national numbers may be dialled.

        Raises:
            CtiError: NUMBERS_UNAVAILABLE.
        """
        if self.country is not None:
            await self._platform.load_numbers()
