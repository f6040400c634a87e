"""A small WebAssembly module, written by hand, with one of each thing that two modules share."""

from __future__ import annotations

I32 = b"\x7f"


def text(name: str) -> bytes:
    return bytes([len(name)]) + name.encode()


def section(identity: int, *entries: bytes) -> bytes:
    content = bytes([len(entries)]) + b"".join(entries)
    return bytes([identity, len(content)]) + content


def function(code: bytes) -> bytes:
    """A body without locals."""
    body = b"\0" + code + b"\x0b"
    return bytes([len(body)]) + body


FUNCTIONS = {
    # Imported as 0: env.twice. Each takes a number and returns one.
    1: b"\x23\1\x41\1\x6a\x24\1\x20\0\x41\1\x6a",  # counts in the global; x + 1
    2: b"\x20\0\x45\x04\x7f\x41\1\x05\x20\0\x41\1\x6b\x10\3\x0b",  # whether x is even
    3: b"\x20\0\x45\x04\x7f\x41\0\x05\x20\0\x41\1\x6b\x10\2\x0b",  # whether x is odd
    4: b"\x41\0\x20\0\x36\2\0\x20\0\x10\0",  # writes x to the memory; twice x
    5: b"\x20\0\x20\0\x41\3\x71\x41\1\x6a\x11\0\0",  # one of the first four, by the pointer
    6: b"\x20\0\x08\0\x41\0",  # throws x
    7: b"\x06\x7f\x20\0\x10\6\x07\0\x0b\x41\xe4\0\x6a",  # catches it; x + 100
}

MODULE = b"\0asm\1\0\0\0" + b"".join(
    [
        section(1, b"\x60\1\x7f\1\x7f", b"\x60\1\x7f\0"),
        section(
            2,
            text("env") + text("twice") + b"\0\0",
            text("GOT.func") + text("told") + b"\3\x7f\1",
        ),
        section(3, *[b"\0" for _ in FUNCTIONS]),
        section(4, b"\x70\0\5"),
        section(5, b"\0\1"),
        section(13, b"\0\1"),
        section(6, b"\x7f\1\x41\7\x0b", b"\x7f\0\x41\x2a\x0b"),
        section(
            7,
            text("memory") + b"\2\0",
            text("counted") + b"\3\1",
            *[text(f"f{index}") + b"\0" + bytes([index]) for index in FUNCTIONS if index != 2],
        ),
        section(9, b"\0\x41\1\x0b\4\1\2\3\4"),
        section(10, *map(function, FUNCTIONS.values())),
    ]
)
