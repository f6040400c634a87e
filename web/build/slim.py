"""Runs inside Python before the snapshot is taken, and drops data that no running program reads.

It drops all docstrings, and the line tables of the standard library and of Pyodide. A traceback
still has the line numbers of pycti.
"""

import gc
from functools import cache
from types import CodeType, FunctionType, ModuleType

_HAS_DOCSTRING = 0x4000000
_HEAP_TYPE, _IMMUTABLE_TYPE = 1 << 9, 1 << 8


def slim_code(code: CodeType) -> CodeType:
    consts = tuple(slim_code(it) if isinstance(it, CodeType) else it for it in code.co_consts)
    flags = code.co_flags
    if flags & _HAS_DOCSTRING:
        consts, flags = (None, *consts[1:]), flags & ~_HAS_DOCSTRING
    if "/pycti/" in code.co_filename:
        return code.replace(co_consts=consts, co_flags=flags)
    return code.replace(
        co_consts=consts, co_flags=flags, co_linetable=without_lines(len(code.co_code))
    )


@cache
def without_lines(size: int) -> bytes:
    """Return a line table without lines: `traceback` cannot format a frame with an empty table.

    An entry covers up to eight code units. Its code 15 means "no location" (CPython's
    InternalDocs/code_objects.md).
    """
    entries, rest = divmod(size // 2, 8)
    return b"\xff" * entries + (bytes([0xF8 | (rest - 1)]) if rest else b"")


def is_open_type(it: object) -> bool:
    return isinstance(it, type) and it.__flags__ & (_HEAP_TYPE | _IMMUTABLE_TYPE) == _HEAP_TYPE


def slim() -> None:
    for it in gc.get_objects():
        if isinstance(it, FunctionType):
            it.__code__ = slim_code(it.__code__)
            it.__doc__ = None
        elif (isinstance(it, ModuleType) or is_open_type(it)) and it.__dict__.get("__doc__"):
            it.__doc__ = None


slim()
