"""Telephone numbers: E.164, national, extensions, RFC 3966 ``tel:`` URIs, and numbers in text.

What knows numbering plans (`to_e164`, `format_number`, `find_numbers`) needs phonenumberslite
(``pip install 'pycti[numbers]'``) and raises `pycti.errors.CtiError` NUMBERS_UNAVAILABLE without
it. Everything else needs nothing.
"""

from pycti.numbers.detect import Found, find_numbers
from pycti.numbers.e164 import digits, same, to_wire
from pycti.numbers.library import check_country, has_plan
from pycti.numbers.origin import Place, Signs
from pycti.numbers.plan import format_number
from pycti.numbers.reading import SHORT, Reading, destination, is_national, read_number, to_e164
from pycti.numbers.tel import TelUri

__all__ = [
    "SHORT",
    "Found",
    "Place",
    "Reading",
    "Signs",
    "TelUri",
    "check_country",
    "destination",
    "digits",
    "find_numbers",
    "format_number",
    "has_plan",
    "is_national",
    "read_number",
    "same",
    "to_e164",
    "to_wire",
]
