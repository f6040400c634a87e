"""The static pages."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from pycti.pbx import Pbx


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[aiohttp.ClientSession]:
    pages = tmp_path / "dist"
    (pages / "demo" / "shop").mkdir(parents=True)
    (pages / "demo" / "index.html").write_text("<title>Demo</title>")
    (pages / "demo" / "shop" / "index.html").write_text("<title>Shop</title>")
    (pages / "demo" / ".hidden").write_text("hidden")
    (pages / "pyodide").mkdir()
    for name in ("cti.mjs", "cti.js", "a.wasm", "a.whl", "a.json", "a.css", "a.bin"):
        (pages / "pyodide" / name).write_text("content")
    (pages / "cti-connector.js").write_text("content")
    (pages / "assets").mkdir()
    (pages / "assets" / "worker-1a2b.mjs").write_text("plain")
    (pages / "assets" / "worker-1a2b.mjs.br").write_text("brotli")
    (pages / "assets" / "worker-1a2b.mjs.gz").write_bytes(gzip.compress(b"plain"))
    (tmp_path / "secret.txt").write_text("secret")
    (pages / "demo" / "link.txt").symlink_to(tmp_path / "secret.txt")
    pbx = Pbx(pages=pages)
    await pbx.start()
    async with aiohttp.ClientSession(pbx.url, auto_decompress=False) as http:
        yield http
    await pbx.stop()


@pytest.mark.parametrize(
    ("path", "title"),
    [("/", "Demo"), ("/index.html", "Demo"), ("/shop/", "Shop"), ("/dist/demo/", "Demo")],
)
async def test_the_demo_is_at_the_root(http, path, title):
    async with http.get(path) as answer:
        assert answer.status == 200
        assert answer.content_type == "text/html"
        assert await answer.text() == f"<title>{title}</title>"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("cti.mjs", "text/javascript"),
        ("cti.js", "text/javascript"),
        ("a.wasm", "application/wasm"),
        ("a.whl", "application/zip"),
        ("a.json", "application/json"),
        ("a.bin", "application/octet-stream"),
        ("a.css", "text/css"),
    ],
)
async def test_files_have_their_types(http, name, kind):
    async with http.get(f"/dist/pyodide/{name}") as answer:
        assert (answer.status, answer.content_type) == (200, kind)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Embedder-Policy"] == "require-corp"


async def test_a_page_is_revalidated_and_sent_once(http):
    async with http.get("/") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"
        tag = answer.headers["ETag"]
    async with http.get("/", headers={"If-None-Match": tag}) as answer:
        assert answer.status == 304


async def test_a_file_with_a_hash_in_its_name_is_immutable(http):
    async with http.get("/dist/assets/worker-1a2b.mjs") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


async def test_an_included_script_is_revalidated_in_the_background(http):
    async with http.get("/dist/cti-connector.js") as answer:
        caching = answer.headers["Cache-Control"]
        assert caching == "public, max-age=60, stale-while-revalidate=600"


async def test_all_other_files_are_revalidated(http):
    for path in ("/dist/demo/index.html", "/dist/pyodide/cti.js"):
        async with http.get(path) as answer:
            assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("accepted", "encoding", "sent"),
    [
        ("gzip, deflate, br, zstd", "br", b"brotli"),
        ("gzip", "gzip", b"plain"),
        ("identity", None, b"plain"),
    ],
)
async def test_a_text_is_sent_in_its_compressed_copy(http, accepted, encoding, sent):
    url, headers = "/dist/assets/worker-1a2b.mjs", {"Accept-Encoding": accepted}
    async with http.get(url, headers=headers) as answer:
        assert answer.headers.get("Content-Encoding") == encoding
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.content_type == "text/javascript"
        body = await answer.read()
    assert (gzip.decompress(body) if encoding == "gzip" else body) == sent


@pytest.mark.parametrize(
    "path",
    [
        "/nothing.html",
        "/shop",
        "/dist/",
        "/dist/pyodide/",
        "/.hidden",
        "/link.txt",
        "/..%2f..%2fsecret.txt",
        "/%2e%2e/%2e%2e/secret.txt",
        "/dist/../../secret.txt",
        "/dist//etc/passwd",
        "/dist/%00",
        "/dist/..%5c..%5csecret.txt",
    ],
)
async def test_nothing_else_is_served(http, path):
    async with http.get(URL(str(http._base_url).rstrip("/") + path, encoded=True)) as answer:
        assert answer.status == 404
        assert "secret" not in await answer.text()


async def test_pages_cannot_be_written(http):
    async with http.put("/index.html", data=b"x") as answer:
        assert answer.status == 405


async def test_the_api_answers_json_beside_the_pages(http):
    for method, path, status in (
        ("GET", "/v1.2/voipstudio/nothing", 404),
        ("POST", "/v1.2/voipstudio/nothing", 404),
        ("GET", "/v1.2/voipstudio/login", 405),
    ):
        async with http.request(method, path) as answer:
            assert answer.status == status
            assert (await answer.json())["message"]


async def test_the_web_socket_is_at_the_root_too(http):
    async with http.ws_connect("/", protocols=("sip",)) as ws:
        assert ws.protocol == "sip"


async def test_without_control_there_is_no_control_api(http):
    async with http.get("/_pbx/state") as answer:
        assert answer.status == 404
