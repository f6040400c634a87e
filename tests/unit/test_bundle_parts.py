"""The parts that the demo's pages share."""

from __future__ import annotations

from pathlib import Path

import pytest

from pycti.bundle import BundleError, build
from pycti.bundle.parts import fill_in

PARTS = {
    "head": '<title>{title}</title>\n<link rel="stylesheet" href="{styles…}" />\n',
    "top": '<a href="{root}">Home</a>\n<a href="{root}shop/">Shop</a>\n',
    "header": "<header>\n  <h1>{name}</h1>\n  {slot}\n</header>\n",
}
SHOP = Path("shop/index.html")


def test_a_part_has_the_page_s_values_and_its_indentation() -> None:
    text = '<html>\n  <!-- part: head title="Shop" styles="a.css b.css" -->\n</html>\n'
    assert fill_in(SHOP, text, PARTS) == (
        "<html>\n"
        "  <title>Shop</title>\n"
        '  <link rel="stylesheet" href="a.css" />\n'
        '  <link rel="stylesheet" href="b.css" />\n'
        "</html>\n"
    )


@pytest.mark.parametrize(
    ("page", "links"),
    [
        ("index.html", ['<a href="./" aria-current="page">', '<a href="./shop/">']),
        ("shop/index.html", ['<a href="../">', '<a href="../shop/" aria-current="page">']),
    ],
)
def test_links_are_relative_and_the_page_itself_is_marked(page: str, links: list[str]) -> None:
    filled = fill_in(Path(page), "<!-- part: top -->\n", PARTS)
    assert [line.partition(">")[0] + ">" for line in filled.splitlines()] == links


def test_what_is_between_the_comments_goes_into_the_slot() -> None:
    text = (
        '  <!-- part: header name="Shop" -->\n    <p>\n      Hi\n    </p>\n  <!-- end: header -->\n'
    )
    assert fill_in(SHOP, text, PARTS) == (
        "  <header>\n    <h1>Shop</h1>\n    <p>\n      Hi\n    </p>\n  </header>\n"
    )


@pytest.mark.parametrize(
    ("comment", "problem"),
    [
        ("<!-- part: foot -->", "there is no part “foot”"),
        ('<!-- part: head styles="a.css" -->', "the part “head” needs title="),
        ('<!-- part: top colour="red" -->', "the part “top” has no gap colour"),
    ],
)
def test_a_mistake_in_a_comment_is_an_error(comment: str, problem: str) -> None:
    with pytest.raises(BundleError, match=f"shop/index.html: {problem}"):
        fill_in(SHOP, f"{comment}\n", PARTS)


def test_other_comments_stay() -> None:
    text = "<!-- The connector. -->\n<script></script>\n"
    assert fill_in(SHOP, text, PARTS) == text


def test_the_build_fills_in_the_parts_and_does_not_copy_them(checkout: Path) -> None:
    demo = checkout / "web/demo"
    (demo / "common").mkdir()
    (demo / "common/parts.html").write_text(
        '<template id="head">\n  <title>{title}</title>\n</template>\n'
    )
    (demo / "index.html").write_text('<!-- part: head title="Home" -->\n')
    built = build() / "demo"
    assert (built / "index.html").read_text() == "<title>Home</title>\n"
    assert not (built / "common/parts.html").exists()
