"""Coverage-guided fuzzing of the parsers with atheris (``pip install atheris``).

``python tests/conformance/fuzz_atheris.py -max_total_time=60 -max_len=4096 CORPUS``, where CORPUS
is a copy of the folder ``rfc4475``. It ends with an error on any exception but `MessageError`.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports():
    from pycti.errors import MessageError
    from pycti.sip.dialog_info import parse_dialog_info
    from pycti.sip.headers import Challenge, CSeq, NameAddr, Via
    from pycti.sip.message import parse_message

TEXT_PARSERS = (parse_dialog_info, NameAddr.parse, Via.parse, CSeq.parse, Challenge.parse)


def read(data: bytes) -> None:
    """Pass ``data`` to all parsers of network input."""
    text = data.decode("utf-8", "surrogateescape")
    for parse, given in ((parse_message, data), *((parse, text) for parse in TEXT_PARSERS)):
        try:
            parse(given)
        except MessageError:
            continue


if __name__ == "__main__":
    atheris.Setup(sys.argv, read)
    atheris.Fuzz()
