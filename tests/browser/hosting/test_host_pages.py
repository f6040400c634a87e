"""The connector on unusual host pages: old, strict, framed, isolated, loaded in every way."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from browser.conftest import PbxServer

from .any_origin import AnyOrigin
from .host_page import HostPage, wait_for
from .policies import policy
from .sites import Answer, Site

pytestmark = pytest.mark.differs("policy")

EXTENDED = Path(__file__).with_name("extended.js").read_text("utf-8")
SELF, CDN = "SELF/cti/", "CDN/cti/"


@pytest.fixture
def serve(
    new_page: Callable[[], Page], site: Site, cdn: Site, pbx: PbxServer
) -> Callable[..., HostPage]:
    """Opens a page of the site with this content."""

    def make(body: str, headers: dict[str, str] | None = None, kind: str = "text/html",
             **options: Any) -> HostPage:  # fmt: skip
        text = body.replace("SELF", site.url).replace("CDN", cdn.url).replace("API", pbx.api)
        site.answers["/"] = Answer(text, kind, headers or {})
        page = new_page()
        page.goto(f"{site.url}/")
        return HostPage(page, pbx.api, **options)

    return make


Serve = Callable[..., HostPage]


def script(base: str, attributes: str = "", name: str = "cti-connector.js") -> str:
    return f'<script src="{base}{name}" {attributes}></script>'


START = """<script>
  window.connector = new Cti.Connector({
    apiEndpoint: "API",
    onMessage: (event) => { events.push(event); },
  });
</script>"""

PAGES = {
    "quirks mode": f"<title>Old</title><body>{script(SELF)}",
    "quirks mode, frame": f"<title>Old</title><body>{script(CDN)}",
    "a base elsewhere": '<!doctype html><title>Base</title><base href="https://base.example/x/">'
    + script(SELF),
    "a base elsewhere, frame": '<!doctype html><title>B</title><base href="https://base.example/x/">'
    + script(CDN),
    "async": "<!doctype html><title>A</title>" + script(SELF, "async"),
    "defer": "<!doctype html><title>D</title>" + script(SELF, "defer"),
    "as a module": "<!doctype html><title>M</title>" + script(CDN, 'type="module"'),
    "twice": "<!doctype html><title>T</title>" + script(SELF) + script(SELF),
    "extended built-ins": f"<!doctype html><title>X</title><script>{EXTENDED}</script>"
    + script(SELF),
    "extended built-ins, frame": f"<!doctype html><title>X</title><script>{EXTENDED}</script>"
    + script(CDN),
    "built-ins extended later": f"<!doctype html><title>X</title>{script(SELF)}"
    f"<script>{EXTENDED}</script>",
    "elements with our names": "<!doctype html><title>C</title><body>"
    '<form id="Cti"></form><form id="module"><input name="exports"></form><p id="define"></p>'
    + script(SELF),
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_page_of_any_kind(serve: Serve, page: str) -> None:
    serve(page).use()


@pytest.mark.parametrize("base", [SELF, CDN], ids=["same origin", "frame"])
def test_a_script_in_the_head_before_the_body_exists(serve: Serve, base: str) -> None:
    page = serve(f"<!doctype html><html><head>{script(base)}{START}</head><body>A shop")
    page.use()
    assert page.page.evaluate("() => document.body.textContent") == "A shop"


XHTML = (
    '<?xml version="1.0" encoding="UTF-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
    "<head><title>XHTML</title></head><body><p>Call 020 3642 7900 now</p><cti-dialer/>"
    f"{script(CDN)}{script(CDN, name='cti-dialer.js')}</body></html>"
)


def furnish(page: HostPage) -> None:
    """Check that a number in the text becomes a link, and that the dialer has its style."""
    page.page.evaluate("() => void connector.clickToCall({ detect: true })")
    page.until("document.querySelector('p a')?.href === 'tel:+442036427900'")
    page.until("document.querySelector('cti-dialer').shadowRoot.querySelector('button')")
    boxes = "document.querySelector('cti-dialer').shadowRoot.adoptedStyleSheets[0].cssRules.length"
    assert page.page.evaluate(f"() => {boxes} > 50")


def test_an_xhtml_page(serve: Serve) -> None:
    page = serve(XHTML, kind="application/xhtml+xml", defaultCountry="GB")
    furnish(page)
    page.use()


def furnished(base: str) -> str:
    """Return a page with a number and a dialer. The tests make the connector."""
    return (
        "<!doctype html><title>Furnished</title><p>Call 020 3642 7900 now</p>"
        f"<cti-dialer></cti-dialer>{script(base)}{script(base, name='cti-dialer.js')}"
    )


def test_detection_and_the_dialer_under_the_strict_policy(
    serve: Serve, addresses: dict[str, str]
) -> None:
    strict = {"Content-Security-Policy": policy("frame", addresses)}
    page = serve(furnished(CDN), strict, defaultCountry="GB")
    furnish(page)
    page.use()


def test_detection_and_the_dialer_with_extended_built_ins(serve: Serve) -> None:
    page = serve(f"<script>{EXTENDED}</script>" + furnished(SELF), defaultCountry="GB")
    furnish(page)
    page.use()


@pytest.mark.parametrize(
    ("base", "worker_url"),
    [(SELF, None), (CDN, None), (CDN, "blob:")],
    ids=["same origin", "frame", "blob"],
)
def test_trusted_types(serve: Serve, base: str, worker_url: str | None) -> None:
    types = {"Content-Security-Policy": policy("trusted-types", {})}
    page = serve(furnished(base), types, workerUrl=worker_url, defaultCountry="GB")
    furnish(page)
    page.use()


def test_the_frame_needs_no_trusted_type(serve: Serve) -> None:
    types = "require-trusted-types-for 'script'; trusted-types 'none'"
    serve(f"<!doctype html><title>T</title>{script(CDN)}", {"Content-Security-Policy": types}).use()


def test_a_trusted_types_policy_that_is_not_allowed_is_named(
    serve: Serve, trouble: list[str]
) -> None:
    types = "require-trusted-types-for 'script'; trusted-types other"
    page = serve(
        f"<!doctype html><title>T</title>{script(SELF)}", {"Content-Security-Policy": types}
    )
    error = page.refused("login", "anna@example.com", "demo")
    assert (error["code"], error["hint"]) == ("WORKER_BLOCKED", "Add to it: trusted-types pycti")
    trouble.clear()


@pytest.mark.parametrize("base", [SELF, CDN], ids=["same origin", "frame"])
def test_an_isolated_page(serve: Serve, base: str) -> None:
    page = serve(
        f"<!doctype html><title>Isolated</title>{script(base)}",
        {
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Embedder-Policy": "require-corp",
            "Referrer-Policy": "no-referrer",
        },
    )
    assert page.page.evaluate("() => crossOriginIsolated")
    page.use()


# Module loaders

AMD = """<script>
  window.defined = {};
  window.define = (name, needs, make) => {
    if (typeof name !== "string") throw new Error("Mismatched anonymous define()");
    defined[name] = make();
  };
  define.amd = {};
</script>"""
COMMON = "<script>window.module = { exports: {} }; window.exports = module.exports;</script>"
TAKEN = "<script>window.module = { exports: { other: 1 } };</script>"


def test_an_amd_loader_gets_a_named_module(serve: Serve) -> None:
    page = serve(f"<!doctype html><title>AMD</title>{AMD}{script(SELF)}{script(SELF)}")
    assert page.page.evaluate("() => defined['cti-connector'] === Cti")
    assert page.page.evaluate("() => Object.keys(defined)") == ["cti-connector"]
    page.use()


def test_an_empty_commonjs_exports_object_is_set(serve: Serve) -> None:
    page = serve(f"<!doctype html><title>CommonJS</title>{COMMON}{script(SELF)}")
    assert page.page.evaluate("() => module.exports === Cti")
    page.use()


def test_exports_of_another_library_are_kept(serve: Serve) -> None:
    page = serve(f"<!doctype html><title>CommonJS</title>{TAKEN}{script(SELF)}")
    assert page.page.evaluate("() => Object.keys(module.exports)") == ["other"]
    page.use()


def test_the_first_of_two_versions_is_kept(serve: Serve, site: Site, bundle_dir: Path) -> None:
    text = (bundle_dir / "cti-connector.js").read_text("utf-8")
    manifest = json.loads((bundle_dir / "manifest.json").read_text("utf-8"))
    build = f"{manifest['version']}+{manifest['inputs'][:8]}"
    assert build in text
    other = text.replace(build, "9.9.9+newer")
    site.answers["/cti/newer.js"] = Answer(other, "text/javascript")
    keep = "<script>window.first = Cti.Connector;</script>"
    page = serve(
        f"<!doctype html><title>Two</title>{script(SELF)}{keep}{script(SELF, name='newer.js')}"
    )
    assert page.page.evaluate("() => Cti.Connector === first")
    page.use()


# Frames


def framed(page: HostPage, url: str) -> Any:
    assert isinstance(page.page, Page)
    tab = page.page
    return wait_for(lambda: next((one for one in tab.frames if one.url == url), None), url)


@pytest.mark.parametrize("base", [SELF, CDN], ids=["same origin", "frame"])
@pytest.mark.parametrize("sandbox", ["", 'sandbox="allow-scripts"'], ids=["frame", "sandbox"])
def test_within_a_frame(
    serve: Serve, site: Site, cdn: Site, pbx: PbxServer, base: str, sandbox: str
) -> None:
    inner = f"<!doctype html><title>Inner</title>{script(base)}"
    text = inner.replace("SELF", site.url).replace("CDN", cdn.url)
    site.answers["/inner"] = Answer(text)
    frame = f'<iframe {sandbox} src="/inner"></iframe>'
    outer = serve(f"<!doctype html><title>Outer</title>{script(SELF)}{frame}")
    server = AnyOrigin(pbx.url)
    inside = HostPage(framed(outer, f"{site.url}/inner"), pbx.api, sipServer=server.url)
    inside.use()
    assert bool(server.opaque) == bool(sandbox)
    assert inside.page.evaluate("() => self.origin") == ("null" if sandbox else site.url)
    # While a call rings, pages without a shared worker use a lock.
    pbx.incoming()
    inside.wait("RINGING")
    inside.run("answer")
    inside.run("logout")
    server.stop()
