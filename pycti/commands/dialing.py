"""What a user dials, as a number that the servers understand."""

from __future__ import annotations

from pycti.numbers import check_country, destination, is_national, to_e164
from pycti.platform import Platform


class Dialling:
    """Knows the country whose national numbers may be dialled, if there is one.

    Raises:
        InputError: BAD_COUNTRY.
    """

    def __init__(self, platform: Platform, country: str | None) -> None:
        self._platform = platform
        self.country = check_country(country) if country else None

    def within(self, country: str | None) -> Dialling:
        """Return the same for another country; this one where there is none."""
        return Dialling(self._platform, country) if country else self

    async def number(self, text: str, *, extension_only: bool = False) -> str:
        """Return ``text`` as `pycti.numbers.destination` does, or a national number in E.164 form.

        The numbering plans are loaded where the number needs them.

        Raises:
            InputError: EMPTY_DESTINATION, BAD_NUMBER, BAD_EXTENSION, BAD_TEL_URI or BAD_COUNTRY.
            CtiError: NUMBERS_UNAVAILABLE.
        """
        if self.country is None or not is_national(text):
            return destination(text, extension_only=extension_only)
        await self._platform.load_numbers()
        return to_e164(text, self.country)

    async def prepare(self) -> None:
        """Load the numbering plans, where national numbers may be dialled.

        Raises:
            CtiError: NUMBERS_UNAVAILABLE.
        """
        if self.country is not None:
            await self._platform.load_numbers()
