"""What stands where a text was: that it has run out, and where to go next; of the text itself nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal_builder.audit.walk import audit
from portal_builder.centre import load_centre
from portal_builder.check import check
from portal_builder.edition import Edition, Page
from portal_builder.plan import plan
from support import BRAND, SMALL, article, haedap, write_tree

AT = datetime(2026, 12, 1, tzinfo=UTC)
OVER = "2026-11-01"
GONE = "faq/orders/gone/"


def editions(root: Path, files: dict[str, str], at: datetime = AT) -> dict[str, Edition]:
    centre = load_centre(write_tree(root, {**SMALL, **files}))
    assert check(centre) == ()
    return {str(portal): plan(centre, portal, at) for portal in centre.portals()}


def page(edition: Edition, url: str = GONE) -> Page:
    found = edition.page(url)
    assert found is not None, url
    return found


def test_a_text_that_has_run_out_leaves_a_page_without_a_word_of_it(tmp_path: Path) -> None:
    """The page is there in each portal that showed the text, says nothing of it, and no machine is led to it."""
    text = article("zqtitle", "zqbody", summary="zqsummary", expire_at=OVER, redirect_from="faq/zqold")
    found = editions(tmp_path, {"content/faq/orders/gone.ko.md": text})
    for edition in found.values():
        gone = page(edition)
        assert gone.template == "gone.html"
        assert gone.meta["machines"]["robots"] == "noindex"
        assert edition.gone == (GONE,)
        assert "zq" not in repr(edition)
        assert not [name for name, said in edition.files.items() if "orders/gone" in name + said]


def test_before_it_is_out_a_text_leaves_nothing(tmp_path: Path) -> None:
    """Not even an address: not of a text that waits, nor of a translation where the source has not been shown."""
    files = {
        "content/faq/orders/gone.ko.md": article("zqlater", publish_at="2027-01-01", expire_at="2027-02-01"),
        "scheduled/faq/orders/other.en.md": article("zqother", publish_at="2027-01-01", expire_at="2027-02-01"),
    }
    for edition in editions(tmp_path, files).values():
        assert edition.gone == ()
        assert "zq" not in repr(edition)
        assert "orders" not in repr(edition)


def test_the_page_leads_to_what_the_writer_names_or_to_what_that_names(tmp_path: Path) -> None:
    """`instead` is followed over other withdrawn texts, ends at one that is out, and a circle ends nowhere."""
    path = "content/faq/orders/{}.ko.md"
    files = {
        path.format("gone"): article("zqone", expire_at=OVER, instead="faq/orders/next"),
        path.format("next"): article("zqtwo", expire_at=OVER, instead="faq/billing/refund"),
        path.format("round"): article("zqthree", expire_at=OVER, instead="faq/orders/trip"),
        path.format("trip"): article("zqfour", expire_at=OVER, instead="faq/orders/round"),
        path.format("early"): article("zqfive", expire_at=OVER, instead="faq/orders/later"),
        path.format("later"): article("zqsix", publish_at="2027-01-01"),
    }
    edition = editions(tmp_path, files)["daon/ko"]
    assert page(edition).meta["instead"]["url"] == "faq/billing/refund/"
    assert page(edition, "faq/orders/round/").meta["instead"] is None
    assert page(edition, "faq/orders/early/").meta["instead"] is None
    assert "zq" not in repr(edition)


def test_the_category_is_offered_while_something_is_in_it(tmp_path: Path) -> None:
    """An empty category has no page to lead to."""
    files = {"content/faq/orders/gone.ko.md": article(expire_at=OVER)}
    assert page(editions(tmp_path, files)["daon/ko"]).meta["category"] is None
    files["content/faq/orders/open.ko.md"] = article()
    assert page(editions(tmp_path, files)["daon/ko"]).meta["category"]["url"] == "faq/orders/"


def test_the_last_version_decides(tmp_path: Path) -> None:
    """An older version does not come back, a newer one brings the text back, and another language goes its own way."""
    files = {
        "content/faq/orders/gone.ko.md": article("first"),
        "scheduled/faq/orders/gone.ko.md": article("second", publish_at="2026-10-01", expire_at=OVER),
        "content/faq/orders/gone.en.md": article("English"),
    }
    found = editions(tmp_path, files)
    assert page(found["daon/ko"]).template == "gone.html"
    assert page(found["daon/en"]).template == "article.html"
    there = next(other for other in page(found["daon/ko"]).meta["alternates"] if other["code"] == "en")
    assert (there["url"], there["translated"]) == (f"../en/{GONE}", False)


@pytest.mark.parametrize(("policy", "is_there"), [("notice", True), ("omit", False), ("link", False)])
def test_only_a_portal_that_had_a_page_keeps_one(tmp_path: Path, policy: str, *, is_there: bool) -> None:
    """Where the source text was left out, or led elsewhere, there was no page to withdraw."""
    files = {
        "themes/daon/brand.yml": f"{BRAND}fallback: {policy}\n",
        "content/faq/orders/gone.ko.md": article(expire_at=OVER),
    }
    assert bool(editions(tmp_path, files)["daon/en"].gone) == is_there


def test_a_folders_name_and_a_text_for_another_brand_leave_no_page(tmp_path: Path) -> None:
    """index.<lang>.md is no article; what a brand never showed it does not miss."""
    files = {
        "themes/lumi/brand.yml": BRAND.replace("daon", "lumi"),
        "content/faq/orders/index.ko.md": article(expire_at=OVER),
        "content/faq/orders/gone.ko.md": article(brand="lumi", expire_at=OVER),
    }
    found = editions(tmp_path, files)
    assert found["daon/ko"].gone == ()
    assert found["lumi/ko"].gone == (GONE,)


def test_redirects_for_hosts_leave_out_what_only_a_script_can_follow(tmp_path: Path) -> None:
    """An old address with ways for its anchors stays with the page; the others are listed with where they lead."""
    old = "\n  - faq/old\n  - faq/split\n  - faq/split#part: heading"
    files = {"content/faq/orders/open.ko.md": article(body="## heading", redirect_from=old)}
    assert editions(tmp_path, files)["daon/ko"].redirects == {"faq/old/": "faq/orders/open/"}


def test_what_is_built_says_so_and_is_in_the_record(tmp_path: Path) -> None:
    """Through the engine: the page, the record for hosts, nothing in the search, and no answer in the audit."""
    files = {
        "content/faq/orders/gone.ko.md": article("zqtitle", expire_at=OVER, instead="faq/billing/refund"),
        "content/faq/orders/open.ko.md": article("열린 글", redirect_from="faq/old"),
    }
    root = write_tree(tmp_path, {**SMALL, **files})
    run = haedap("build", "--root", root, "--at", "2026-12-01")
    assert run.returncode == 0, run.stdout + run.stderr
    site = root / "build/site"
    html = (site / "daon/ko" / GONE / "index.html").read_text("utf-8")
    assert "지금은 볼 수 없는 글이에요" in html
    assert 'href="../../billing/refund/"' in html
    assert '<meta name="robots" content="noindex">' in html
    assert not [file for file in site.rglob("*") if file.is_file() and b"zqtitle" in file.read_bytes()]
    record = json.loads((site / ".haedap/release.json").read_text("utf-8"))["portals"]["daon/ko"]
    assert (record["gone"], record["redirects"]) == ([GONE], {"faq/old/": "faq/orders/open/"})
    assert "orders/gone" not in (site / "daon/ko/search/head.json").read_text("utf-8")
    found = audit(root, site, ["daon/ko"])
    assert not [one for one in found.reports if any("orders/gone" in file for file in one.pages)]
    again = haedap("build", "--root", root, "--at", "2026-12-01")
    assert again.stdout.count("unchanged") == 2
    assert json.loads((site / ".haedap/release.json").read_text("utf-8"))["portals"]["daon/ko"] == record
