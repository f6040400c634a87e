"""What any session may come to do; ``run.py`` calls each of these functions, and keeps what ran.

The snapshot has only the modules that the connector imports: nothing else is imported here.
"""

import asyncio
import base64
import gc
import hashlib
import hmac
import json
import logging
import random
import re
import sys
import traceback
from collections import Counter, OrderedDict, deque

import js
from pyodide.ffi import JsException, create_proxy, to_js

from pycti.connector import Connector
from pycti.errors import CtiError
from pycti.events import ActivityEvent, EventName
from pycti.numbers import Place
from pycti.platform.browser import BrowserPlatform
from pycti.sip.message import parse_message

SIZES = (0, 1, 7, 8, 9, 100, 5_000, 300_000)
WORDS = ("", "a", "Ünïcode", "日本語", "😀", "\0", "a,b;c=d", " padded ", "MixedCase")
NUMBERS = (0, 1, -1, 255, 10**9, 2**31, 2**32, 2**53)


def texts() -> None:
    """Cut, join, search, format and encode."""
    for word in WORDS:
        for size in (0, 1, 3, 1_000):
            text = word * size
            text.encode().decode("utf-8", "replace")
            text.encode("ascii", "replace")
            text.encode("latin-1", "ignore").decode("latin-1")
            for method in (text.lower, text.upper, text.strip, text.casefold, text.split,
                           text.splitlines, text.isalnum, text.isdigit, text.isspace,
                           text.isprintable, text.isascii, text.capitalize):  # fmt: skip
                method()
            text.replace("a", "bb").partition("b"), text.rpartition(";"), text.rsplit(",", 1)
            text.find("c"), text.rfind("c"), text.count("a"), text.startswith(("a", "b"))
            text.ljust(20), text.rjust(20, "0"), text.center(9), text.zfill(5), text[::-1], text[1:]
            text.removeprefix("a"), text.removesuffix("d")
            sorted(text), set(text), repr(text), hash(text), f"{text!r:>10}{text!s:.3}", text * 2
            ",".join(text), "%s %r" % (text, text), text in "abc", text < "b", text == word
    for error in (b"\xff\xfe", b"\xc3", b"\xed\xa0\x80"):
        for how in ("strict", "replace", "ignore", "surrogateescape", "backslashreplace"):
            try:
                error.decode("utf-8", how)
            except UnicodeDecodeError as raised:
                str(raised)
    try:
        "\ud800".encode()
    except UnicodeEncodeError as raised:
        str(raised)


def numbers() -> None:
    """Calculate, compare, read and write."""
    for one in NUMBERS:
        for other in NUMBERS:
            one + other, one - other, one * other, one < other, one == other
            one & other, one | other, one ^ other
            if other:
                one // other, one % other, divmod(one, other), one / other
        one << 3, one >> 3, one**2, abs(one), -one, ~one, one.bit_length(), hash(one)
        (
            str(one),
            int(str(one)),
            f"{one:,} {one:x} {one:08d} {one:e}",
            hex(one),
            bin(one),
            float(one),
        )
        int(f"{abs(one):x}", 16), repr(float(one)), bool(one)
    for text in ("0", "1.5", "-2e10", "nan", "inf", "1e-7", "123456789.123456789"):
        value = float(text)
        str(value), f"{value:.2f}", f"{value:g}", value * 3.7, value < 2, hash(value)
        if value == value and abs(value) < 1e9:
            int(value), round(value), round(value, 2), value % 3, value // 2, value.is_integer()
    for text in ("", "x", "1.5", "9" * 50):
        try:
            int(text)
        except ValueError as error:
            str(error)
    min(3, 1, 2), max([3, 1, 2]), sum(range(100))
    [*range(10, 0, -3)], list(reversed(range(5))), 5 in range(10), len(range(0, 100, 7))


def collections() -> None:
    """Fill and empty what holds things, small and large."""
    for size in SIZES:
        numbers = list(range(size))
        numbers.sort(key=lambda one: -one)
        numbers.reverse()
        names = {str(one): one for one in numbers[:20_000]}
        for key in list(names)[::2]:
            del names[key]
        names |= {"more": 1}
        names.pop("more"), names.get("none"), names.setdefault("x", 2), names.copy()
        list(names.items())[:5], set(numbers[:500]) & {1, 2}, set(numbers[:500]) - {3}
        {1, 2} | {3}, {1} <= {1, 2}, frozenset(numbers[:9]), {1, 2}.isdisjoint({3})
        queue = deque(numbers[:100], maxlen=50)
        queue.append(1), queue.appendleft(2), queue.pop(), queue.rotate(2), queue.extend([1])
        tuple(numbers[:9]) + (1,), numbers[1:5] + [1], numbers[:3] * 2, (1, 2) < (1, 3), [1] == [2]
        any(numbers), all(numbers), list(zip(numbers, names, strict=False)), list(enumerate(names))
        list(map(str, numbers[:9])), list(filter(None, numbers[:9])), Counter(numbers[:99])
        kept = numbers[:9]
        kept.insert(0, 5), kept.append(6), kept.remove(5), kept.extend((1, 2)), kept.count(1)
        kept[1:2] = [7, 8]
        del kept[0]
        kept.pop(), kept.index(kept[0]), kept.clear()
        order = OrderedDict(a=1, b=2)
        order.move_to_end("a"), order.popitem(last=False), order.update(c=3)
        bytes(size % 300), bytearray(b"abc") * 3
    a, *rest = (number for number in (1, 2, 3))
    first, second = {"b": 2, "a": 1}
    str((a, rest, first, second))


class Made:
    """An object of a class of one's own."""

    count = 0

    def __init__(self, name: str = "") -> None:
        self.name = name

    @property
    def shout(self) -> str:
        return self.name.upper()

    @classmethod
    def make(cls) -> "Made":
        return cls("made")

    @staticmethod
    def nothing() -> None: ...

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Made) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __getattr__(self, name: str) -> str:
        raise AttributeError(name)


def objects() -> None:
    """Make objects, ask them, throw them away."""
    made = Made.make()
    made.extra = 1
    del made.extra
    made.count += 1
    made.nothing(), made.shout, made == Made("x"), {made: 1}, repr(made), str(made), vars(made)
    getattr(made, "none", None), hasattr(made, "name"), isinstance(made, (int, Made)), type(made)
    issubclass(Made, object), callable(made), id(made), dir(made)[:1], super(Made, made).__repr__()
    ring = [Made()]
    ring[0].ring = ring
    del ring
    gc.collect()
    try:
        made.missing
    except AttributeError as error:
        str(error)
    EventName("READY"), EventName.READY.value, list(EventName)[:2], EventName.READY is None


def errors() -> None:
    """Raise, catch, chain and print."""

    def fail(kind: type[BaseException]) -> None:
        try:
            raise kind("reason")
        finally:
            len("cleanup")

    for kind in (ValueError, KeyError, TypeError, OSError, RuntimeError, TimeoutError,
                 asyncio.CancelledError, ConnectionError, LookupError, StopIteration):  # fmt: skip
        try:
            try:
                fail(kind)
            except BaseException as error:
                raise RuntimeError(f"because of {error!r}") from error
        except RuntimeError:
            printed()
            traceback.format_exception(*sys.exc_info())
    for work in (lambda: {}["x"], lambda: [][1], lambda: 1 / 0, lambda: None.x, lambda: int([]),
                 lambda: "a" + 1, lambda: len(5), lambda: next(iter(())), lambda: undefined,  # noqa: F821
                 lambda: (lambda a: a)(), lambda: (lambda: 1)(2), lambda: (lambda: 1)(b=2),
                 lambda: json.loads("{"), lambda: "x".nothing, lambda: {[]: 1}):  # fmt: skip
        try:
            work()
        except Exception as error:
            str(error), repr(error), printed(), error.args, error.__traceback__


def printed() -> str:
    """Format what is being handled; the snapshot has no line numbers of the standard library."""
    try:
        return traceback.format_exc()
    except RuntimeError:
        return ""


def formats() -> None:
    """JSON, regular expressions, hashes, SIP."""
    value = {"a": [1, 2.5, None, True, 'é\n"\\😀'], "b": {"c": {}}, "d": [], "e": -1e300}
    for options in ({}, {"ensure_ascii": False}, {"indent": 1}, {"sort_keys": True},
                    {"separators": (",", ":")}):  # fmt: skip
        json.loads(json.dumps(value, **options))
    json.loads(b'{"a": "\\u00e9\\ud83d\\ude00", "n": [0, -0.5, 1e5, 123456789012345678901]}')
    for text in ("{", "[1,", '{"a" 1}', "nul", '"\\x"', "", "[" * 50):
        try:
            json.loads(text)
        except (ValueError, RecursionError) as error:
            str(error)
    for name in ("md5", "sha1", "sha256", "sha512"):
        digest = getattr(hashlib, name, None)
        if digest is not None:
            digest(b"x" * 100).hexdigest(), digest("ä".encode()).digest()
    hmac.compare_digest("a", "a"), base64.b64encode(b"abc"), base64.b64decode("YWJj")
    re.sub(r"(?i)(\w+)=(\d+)", r"\2=\1", "a=1, B=22; c = 3"), re.split(r"[;,]\s*", "a, b;c")
    re.findall(r"\+?\d[\d ()-]{5,}", "call +44 20 3642 7900"), re.fullmatch(r"[^@]+@\w+", "a@b")
    random.random(), random.randrange(10), random.uniform(1, 2), random.choice("abc")
    for text in ("", "garbage", "SIP/2.0 200 OK\r\n\r\n",
                 "NOTIFY sip:a@b SIP/2.0\r\nVia: SIP/2.0/WS x;branch=z\r\nContent-Length: 0\r\n\r\n"):  # fmt: skip
        try:
            parse_message(text)
        except Exception as error:
            str(error)
    logging.getLogger("pycti").warning("%s and %d", "text", 5)


async def tasks() -> None:
    """Wait, time out, cancel, gather."""
    loop = asyncio.get_running_loop()
    await asyncio.sleep(0)
    await asyncio.sleep(0.001)
    loop.call_later(0.001, len, "x")
    loop.call_later(5, len, "x").cancel()
    loop.call_soon(len, "x")
    for timeout in (0.001, 5):
        try:
            async with asyncio.timeout(timeout):
                await asyncio.sleep(0.01)
        except TimeoutError as error:
            str(error)
    task = asyncio.ensure_future(asyncio.sleep(5))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, asyncio.sleep(0, 1), failing(), return_exceptions=True)
    event, future, lock, queue = (
        asyncio.Event(),
        loop.create_future(),
        asyncio.Lock(),
        asyncio.Queue(),
    )
    loop.call_soon(event.set)
    loop.call_soon(future.set_result, 1)
    await event.wait()
    await future
    async with lock:
        await queue.put(1)
    await queue.get()
    await asyncio.wait_for(asyncio.sleep(0), 1)
    await asyncio.wait([asyncio.ensure_future(asyncio.sleep(0))])
    async for _ in counting():
        pass
    future = loop.create_future()
    future.set_exception(ValueError("x"))
    future.add_done_callback(lambda _: None)
    try:
        await future
    except ValueError as error:
        str(error)


async def without_packages() -> None:
    """What numbers need cannot be loaded, and the session goes on."""
    words = "return Promise.reject(new Error('https://cdn.test/x.wasm was answered with 404'))"
    platform = BrowserPlatform(None, js.Function.new(words))
    connector = Connector(lambda event: None, platform=platform, api_endpoint="https://pbx.test")
    for work in (platform.load_numbers, lambda: connector.prepare("GB"),
                 lambda: connector.detect([("+44 20 3642 7900", "")], Place("GB")),
                 lambda: connector.execute("call", ["020 3642 7900"], Place("GB"))):  # fmt: skip
        task = asyncio.ensure_future(work())
        try:
            await task
        except CtiError as error:
            logging.getLogger("pycti").warning("%s", error.message)
            json.dumps(error.to_json()), json.dumps(ActivityEvent.from_error(error).to_json())
    await connector.aclose()


async def failing() -> None:
    raise ValueError("failed")


async def counting():
    for number in range(3):
        yield number
        await asyncio.sleep(0)


async def javascript() -> None:
    """Objects, errors and promises from beyond the border."""
    value = to_js({"a": 1, "b": [1, "x", None, True, 2.5]}, dict_converter=js.Object.fromEntries)
    value.a, value.b.length, value.b.to_py(), js.Object.keys(value).to_py(), str(value), repr(value)
    hasattr(value, "none"), getattr(value, "none", None), js.JSON.stringify(value), bool(value)
    value.c = 3
    value.b[0], list(value.b), len(value.b), js.Array.new(1, 2).to_py(), js.Date.now()
    js.Uint8Array.new(3).to_bytes(), js.Number("12"), js.String("é"), to_js(b"abc"), to_js([1, [2]])
    proxy = create_proxy(lambda *given: len(given))
    js.setTimeout(proxy, 0)
    await asyncio.sleep(0.01)
    proxy.destroy()
    for work in (lambda: js.JSON.parse("{"), lambda: js.undefinedThing, lambda: value.b.nothing(),
                 lambda: js.Reflect.construct(1), lambda: js.URL.new("no url")):  # fmt: skip
        try:
            work()
        except Exception as error:
            str(error), repr(error), getattr(error, "name", ""), printed()
    for promise in (js.Promise.reject(js.Error.new("refused")), js.Promise.resolve(5),
                    js.Promise.reject(js.DOMException.new("late", "TimeoutError")),
                    js.fetch("data:text/plain,hello"), js.fetch("nowhere://")):  # fmt: skip
        try:
            await promise
        except JsException as error:
            str(error), repr(error), getattr(error, "name", ""), error.js_error.message
            printed()
    js.AbortSignal.timeout(1_000)


[texts, numbers, collections, objects, errors, formats, tasks, javascript, without_packages] * 2
