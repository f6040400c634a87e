"""Damage messages and documents, fast and reproducibly from one seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

NASTY = (
    b"", b" ", b";", b",", b'"', b'"\\', b"<", b">", b"<>", b"=", b":", b"@", b"\\", b"\0", b"\r",
    b"\n", b"\r\n ", b"\r\nForged: 1", b"\r\n\r\n", b"\xff\xfe", b"\xc2\xb2", b"\xed\xa0\x80",
    b"-1", b"0", b"2147483648", b"4294967296", b"9" * 30, b"9" * 5000, b"1e9", b"%00", b"%", b"[",
    b"[::1]", b"sip:", b"sip:a@b:99999", b"<sip:@>", b"a" * 3000, b";" * 2000, b"," * 2000,
    b"<" * 2000, b'"' * 2001, b";a=b" * 500, b"terminated;reason=rejected", b"active;expires=0",
    b"Digest realm", b'Digest nonce="', b"SIP/2.0", b"SIP/2.0/UDP", b"\xe2\x80\xa8", b"\x85",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&amp;" * 50, b"&#0;", b"&x;", b"]]>", b"<![CDATA[",
)  # fmt: skip
HUGE = (60_000, 65_000, 65_536, 65_537, 70_000, 200_000)

_NUMBER = re.compile(rb"[0-9]+")
_ELEMENT = re.compile(rb"<(\w+)[^<>]*?(?:/>|>.*?</\1>)", re.DOTALL)
_ATTRIBUTE = re.compile(rb'[\w:.-]+="[^"]*"')

Operator = Callable[[random.Random, bytes, list[bytes]], bytes]


def _flip(r: random.Random, data: bytes, _: list[bytes]) -> bytes:
    out = bytearray(data)
    for _i in range(r.randint(1, 4)):
        if out:
            out[r.randrange(len(out))] = r.randrange(256)
    return bytes(out)


def _span(r: random.Random, data: bytes) -> tuple[int, int]:
    start = r.randrange(len(data) + 1)
    return start, min(len(data), start + r.randint(1, 80))


def _cut(r: random.Random, data: bytes, _: list[bytes]) -> bytes:
    start, end = _span(r, data)
    return data[:start] if r.random() < 0.2 else data[:start] + data[end:]


def _repeat(r: random.Random, data: bytes, _: list[bytes]) -> bytes:
    start, end = _span(r, data)
    return data[:end] + data[start:end] * r.choice((1, 1, 2, 50)) + data[end:]


def _swap_lines(r: random.Random, data: bytes, _: list[bytes]) -> bytes:
    lines = data.split(b"\r\n")
    a, b = r.randrange(len(lines)), r.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    return b"\r\n".join(lines)


def _copy_line(r: random.Random, data: bytes, _: list[bytes]) -> bytes:
    lines = data.split(b"\r\n")
    lines.insert(r.randrange(len(lines)), r.choice(lines))
    return b"\r\n".join(lines)


def _splice(r: random.Random, data: bytes, others: list[bytes]) -> bytes:
    other = r.choice(others)
    return data[: r.randrange(len(data) + 1)] + other[r.randrange(len(other) + 1) :]


def _nasty_value(r: random.Random, data: bytes, _: list[bytes]) -> bytes:
    lines = data.split(b"\r\n")
    at = r.randrange(len(lines))
    name, colon, value = lines[at].partition(b":")
    lines[at] = name + colon + r.choice((b" ", value, value + b";tag=")) + r.choice(NASTY)
    return b"\r\n".join(lines)


def _insert(r: random.Random, data: bytes, _: list[bytes]) -> bytes:
    at = r.randrange(len(data) + 1)
    return data[:at] + r.choice(NASTY) + data[at:]


def _number(r: random.Random, data: bytes, _: list[bytes]) -> bytes:
    found = list(_NUMBER.finditer(data))
    if not found:
        return data
    at = r.choice(found)
    new = r.choice((b"0", b"-1", b"9" * 20, b"9" * 4000, b"4294967296", b"1", b"0000000001"))
    return data[: at.start()] + new + data[at.end() :]


def _element(r: random.Random, data: bytes, _: list[bytes]) -> bytes:
    found = list(_ELEMENT.finditer(data[:8000]))  # The search takes quadratic time.
    if not found:
        return data
    at = r.choice(found)
    whole, depth = at[0], r.choice((1, 3, 300))
    name = at[1]
    new = r.choice((b"", whole * 2, b"<%b>" % name * depth + whole + b"</%b>" % name * depth))
    return data[: at.start()] + new + data[at.end() :]


def _attribute(r: random.Random, data: bytes, _: list[bytes]) -> bytes:
    found = list(_ATTRIBUTE.finditer(data))
    if not found:
        return data
    at = r.choice(found)
    name, _, value = at[0].partition(b"=")
    new = r.choice((b"", name + b'="' + r.choice(NASTY) + b'"', name + b"=" + value.upper()))
    return data[: at.start()] + new + data[at.end() :]


def _grow(r: random.Random, data: bytes, _: list[bytes]) -> bytes:
    if r.random() > 0.02:
        return data
    at, size = r.randrange(len(data) + 1), r.choice(HUGE)
    return data[:at] + r.choice((b"a", b";", b"<a>", b"\r\n", b"A: b\r\n", b",")) * size + data[at:]


OPERATORS: tuple[Operator, ...] = (
    _flip, _cut, _repeat, _swap_lines, _copy_line, _splice, _nasty_value, _insert, _number,
    _element, _attribute, _grow,
)  # fmt: skip


def mutate(r: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """Return ``data`` with up to three damages; one in eight is unchanged."""
    for _ in range(r.choice((0, 1, 1, 1, 1, 2, 2, 3))):
        data = r.choice(OPERATORS)(r, data, others)
    # In most cases the Content-Length is corrected after a change of the length.
    head, end, body = data.partition(b"\r\n\r\n")
    if end and r.random() < 0.7:
        fixed = re.sub(
            rb"(?mi)^(Content-Length|l):[^\r\n]*", b"Content-Length: %d" % len(body), head
        )
        data = fixed + end + body
    return data
