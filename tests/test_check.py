"""Planted faults: each alone in the smallest help centre, and all of them at once, found with file, line and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal_builder.catalogue import load_tool_words
from portal_builder.centre import load_centre
from portal_builder.check import check
from support import BRAND, FORM, SMALL, article, haedap, write_tree

Files = dict[str, str | bytes]
A = "content/faq/orders/x.ko.md"
S = "scheduled/faq/orders/"
BRAND_FILE = "themes/daon/brand.yml"
FORM_FILE = "content/forms/inquiry.yml"
SVG = "<svg xmlns='http://www.w3.org/2000/svg'/>"


def form(before: str, after: str) -> Files:
    assert before in FORM
    return {FORM_FILE: FORM.replace(before, after)}


def box(keys: str) -> Files:
    return form("privacy:", f"  - {{name: agree, type: consent, label: x, {keys}}}\nprivacy:")


# name: (files laid over the small help centre, where the fault is, its message's key)
FAULTS: dict[str, tuple[Files, str, str]] = {
    "unknown key": ({A: article(sumary="x")}, f"{A}:3", "key.nearest"),
    "unknown key, far from all": ({A: article(qqqqq="x")}, f"{A}:3", "key.unknown"),
    "wrong type": ({A: article(order="first")}, f"{A}:3", "value.number"),
    "not a truth value": ({A: article(pinned="maybe")}, f"{A}:3", "value.truth"),
    "list for a text": ({A: article(summary="[a, b]")}, f"{A}:3", "value.text"),
    "no title": ({A: "---\norder: 1\n---\n"}, f"{A}:1", "value.missing"),
    "empty title": ({A: article('" "')}, f"{A}:2", "value.title_empty"),
    "title too long": ({A: article("가" * 301)}, f"{A}:2", "value.string_too_long"),
    "moment with a short hour": ({A: article(publish_at="2026-12-01 9:00")}, f"{A}:3", "value.moment"),
    "moment of YAML's making": ({A: article(expire_at="10:00")}, f"{A}:3", "value.moment"),
    "unknown brand": ({A: article(brand="daom")}, f"{A}:3", "article.brand_unknown"),
    "language nobody speaks": ({"content/faq/x.fr.md": article()}, "content/faq/x.fr.md:1", "article.language_unused"),
    "languages differ": ({A: article(language="en")}, f"{A}:3", "article.languages_differ"),
    "no language": ({"content/faq/x.md": article()}, "content/faq/x.md:1", "article.no_language"),
    "duplicate id": (
        {A: article(), "content/faq/orders/x.md": article(language="ko")},
        "content/faq/orders/x.md:1",
        "article.twice",
    ),
    "dead link": ({A: article(body="글\n\n[x](../billing/refnd.ko.md)")}, f"{A}:7", "link.article"),
    "dead picture": ({A: article(body="![x](a.png)")}, f"{A}:5", "link.picture"),
    "picture that is none": (
        {A: article(body="![x](a.png)"), "content/faq/orders/a.png": b"<!doctype html>"},
        f"{A}:5",
        "link.picture_fake",
    ),
    "drawing that is none": (
        {A: article(body="![x](a.svg)"), "content/faq/orders/a.svg": b"\x89PNG"},
        f"{A}:5",
        "link.picture_fake",
    ),
    "logo that is only called one": (
        {BRAND_FILE: BRAND + "logo: logo.webp\n", "themes/daon/logo.webp": b"RIFF"},
        f"{BRAND_FILE}:9",
        "brand.picture_fake",
    ),
    "dead download": ({A: article(body="[x](a.zip)")}, f"{A}:5", "link.file"),
    "dead anchor": ({A: article(body="## 기간\n\n[x](#기감)")}, f"{A}:7", "link.anchor"),
    "dead form": ({A: article(body="[x](../../forms/inquiri.yml)")}, f"{A}:5", "link.form"),
    "absolute link": ({A: article(body="[x](/faq/)")}, f"{A}:5", "link.absolute"),
    "link to another brand's article": (
        {
            A: article(body="[x](y.ko.md)"),
            "content/faq/orders/y.ko.md": article(brand="lumi"),
            "themes/lumi/brand.yml": BRAND,
        },
        f"{A}:5",
        "link.brand",
    ),
    "unknown term": ({A: article(body="{{ brand.ap }}")}, f"{A}:5", "term.unknown"),
    "unknown related article": ({A: article(related="[faq/billing/refun]")}, f"{A}:3", "article.related_unknown"),
    "unknown form": ({A: article(form="inquire")}, f"{A}:3", "article.form_unknown"),
    "over before it is out": (
        {A: article(publish_at="2026-12-02", expire_at="2026-12-01")},
        f"{A}:4",
        "article.expires_first",
    ),
    "scheduled without a time": (
        {"scheduled/faq/x.ko.md": article()},
        "scheduled/faq/x.ko.md:1",
        "article.scheduled_when",
    ),
    "two replacements at one instant": (
        {
            A: article(),
            f"{S}x@1.ko.md": article(publish_at="2027-01-01 09:00"),
            f"{S}x@2.ko.md": article(publish_at="2027-01-01T00:00Z"),
        },
        f"{S}x@2.ko.md:3",
        "article.same_instant",
    ),
    "a replacement at the instant of its original": (
        {A: article(publish_at="2027-01-01"), f"{S}x.ko.md": article(publish_at="2027-01-01 00:00")},
        f"{S}x.ko.md:3",
        "article.same_instant",
    ),
    "a replacement of nothing": (
        {f"{S}x@1.ko.md": article(publish_at="2027-01-01"), "content/faq/orders/y.ko.md": article()},
        f"{S}x@1.ko.md:1",
        "article.replaces_nothing",
    ),
    "a form that waits": ({"scheduled/forms/later.yml": FORM}, "scheduled/forms/later.yml:1", "scheduled.no_article"),
    "a flow that waits": ({"scheduled/flows/later.yml": "x"}, "scheduled/flows/later.yml:1", "scheduled.no_article"),
    "a reply that waits": ({"scheduled/replies/x.ko.md": "x"}, "scheduled/replies/x.ko.md:1", "scheduled.no_article"),
    "nothing to read instead": ({A: article(instead="faq/billing/refun")}, f"{A}:3", "article.instead_unknown"),
    "itself to read instead": ({A: article(instead="faq/orders/x")}, f"{A}:3", "article.instead_self"),
    "severity of an answer": ({A: article(severity="info")}, f"{A}:3", "article.severity_kind"),
    "severity that is none": ({A: article(severity="outtage")}, f"{A}:3", "value.choice"),
    "script in a text": ({A: article(body="글\n\n<script>alert(1)</script>")}, f"{A}:7", "article.script"),
    "script in a tag": ({A: article(body='<b title="x" onclick="alert(1)">글</b>')}, f"{A}:5", "article.script"),
    "heading without an address": ({A: article(body="## ???")}, f"{A}:5", "article.anchor_empty"),
    "attachment missing": ({A: article(attachments="[a.pdf]")}, f"{A}:3", "attachment.missing"),
    "attachment too large": (
        {A: article(attachments="[a.pdf]"), "content/faq/orders/a.pdf": b"%" * 10_000_001},
        f"{A}:3",
        "attachment.large",
    ),
    "too many attachments": (
        {A: article(attachments="[" + ", ".join(f"a{n}.pdf" for n in range(31)) + "]")},
        f"{A}:3",
        "value.list_long",
    ),
    "decomposed Hangul in a name": (
        {"content/faq/\u1112\u116a\u11ab.ko.md": article()},
        "content/faq/\u1112\u116a\u11ab.ko.md:1",
        "file.decomposed",
    ),
    "unreadable encoding": ({A: article().encode() + "한글".encode("cp949")}, f"{A}:6", "file.encoding"),
    "broken YAML": ({A: "---\ntitle: 안내: 환불\n---\n"}, f"{A}:2", "yaml.broken"),
    "key twice": ({A: "---\ntitle: a\norder: 1\ntitle: b\n---\n"}, f"{A}:4", "yaml.twice"),
    "no front matter": ({A: "글만 있어요\n"}, f"{A}:1", "article.no_front_matter"),
    "front matter without an end": ({A: "---\ntitle: a\n\n글\n"}, f"{A}:1", "article.front_matter_open"),
    "empty file": ({A: "\n"}, f"{A}:1", "article.empty"),
    "name that cannot stand in an address": (
        {"content/faq/what is it?.ko.md": article()},
        "content/faq/what is it?.ko.md:1",
        "name.address",
    ),
    "kind that is ours": ({"content/contact/x.ko.md": article()}, "content/contact/x.ko.md:1", "article.kind_reserved"),
    "old address that is taken": ({A: article(redirect_from="[faq/billing/refund]")}, f"{A}:3", "redirect.taken"),
    "old address outside of the portal": ({A: article(redirect_from='["../../../x"]')}, f"{A}:3", "value.old_address"),
    "old address of a page of ours": ({A: article(redirect_from="[contact/inquiry]")}, f"{A}:3", "redirect.taken"),
    "article where a folder is": (
        {"content/faq/billing.ko.md": article()},
        "content/faq/billing.ko.md:1",
        "article.address_taken",
    ),
    "picture outside of the brand": (
        {BRAND_FILE: BRAND + "logo: ../../x.svg\n"},
        f"{BRAND_FILE}:9",
        "value.picture_name",
    ),
    "link that is no address": ({A: article(body="[x](http://[::1)")}, f"{A}:5", "link.broken"),
    "picture with a space": ({A: article(body="![x](a b.png)")}, f"{A}:5", "link.space"),
    "name longer than a disk takes": ({A: article(body=f"[x]({'가' * 200}.pdf)")}, f"{A}:5", "link.file"),
    "number beyond all bounds": ({A: article(order="9" * 5000)}, f"{A}:3", "value.wrong"),
    "YAML that holds itself": ({A: "---\ntitle: x\ntags: &t [*t]\n---\n"}, f"{A}:2", "yaml.unreadable"),
    "pattern that cannot be": (
        form("type: email, required: true", 'type: email, pattern: "(?P<x>a){99999999999}"'),
        f"{FORM_FILE}:3",
        "value.regex",
    ),
    "unknown zone": ({BRAND_FILE: BRAND.replace("Seoul", "Seul")}, f"{BRAND_FILE}:3", "value.zone"),
    "colour that is none": ({BRAND_FILE: BRAND.replace("#1f6f54", "green")}, f"{BRAND_FILE}:6", "value.colour"),
    "colour without contrast": ({BRAND_FILE: BRAND.replace("#1f6f54", "#f2e05c")}, f"{BRAND_FILE}:6", "brand.contrast"),
    "logo missing": ({BRAND_FILE: BRAND + "logo: logo.svg\n"}, f"{BRAND_FILE}:9", "brand.picture_missing"),
    "logo that is no picture": (
        {BRAND_FILE: BRAND + "logo: brand.yml\n"},
        f"{BRAND_FILE}:9",
        "brand.picture_kind",
    ),
    "language without words": (
        {BRAND_FILE: BRAND.replace("[ko, en]", "[ko, xx]")},
        f"{BRAND_FILE}:4",
        "brand.no_words",
    ),
    "hours that cannot be": (
        {BRAND_FILE: BRAND + "hours: {mon-fri: 18:00-09:00}\n"},
        f"{BRAND_FILE}:9",
        "value.span",
    ),
    "policy that is none": ({BRAND_FILE: BRAND + "fallback: notise\n"}, f"{BRAND_FILE}:9", "value.choice"),
    "channel without a form": (
        {BRAND_FILE: BRAND + "channels:\n  - {kind: form, form: ask, use_for: x}\n"},
        f"{BRAND_FILE}:10",
        "channel.form",
    ),
    "broken form file": (form("fields:", "fields"), f"{FORM_FILE}:3", "yaml.broken"),
    "form field of no type": (form("type: email", "type: emial"), f"{FORM_FILE}:3", "value.choice"),
    "form without an address": (form("type: email", "type: short_text"), f"{FORM_FILE}:2", "form.no_email"),
    "form field without a translation": (
        form("label: {ko: 내용, en: Message}", "label: {ko: 내용}"),
        f"{FORM_FILE}:4",
        "form.untranslated",
    ),
    "form text broken by a comma": (form('"이메일, 내용"', "이메일, 내용"), f"{FORM_FILE}:7", "value.local_text"),
    "form that depends on nothing": (
        form("required: true, label: {ko: 내용", "show_if: {field: topc, values: a}, label: {ko: 내용"),
        f"{FORM_FILE}:4",
        "form.show_if_field",
    ),
    "consent that cannot be refused": (
        box("required: true, privacy: {purpose: a, items: b, retention: c, refusal: d}"),
        f"{FORM_FILE}:5",
        "value.consent_bundled",
    ),
    "consent for nothing": (box("required: false"), f"{FORM_FILE}:5", "value.consent_for_nothing"),
    "consent that may be hidden": (
        box("required: true, show_if: {field: message, values: x}"),
        f"{FORM_FILE}:5",
        "form.consent_hidden",
    ),
    "notice that forces consent": (
        {FORM_FILE: str(box("required: true")[FORM_FILE]) + "  basis: notice\n"},
        f"{FORM_FILE}:5",
        "form.consent_not_asked",
    ),
    "consent without a box": (
        {FORM_FILE: FORM + "  basis: consent_required\n"},
        f"{FORM_FILE}:10",
        "form.consent_no_box",
    ),
    "privacy of no box": (
        form("type: email", "type: email, privacy: {purpose: a, items: b, retention: c, refusal: d}"),
        f"{FORM_FILE}:3",
        "value.privacy_unused",
    ),
    "retention of no file": (
        form("type: email", "type: email, retention_days: 3"),
        f"{FORM_FILE}:3",
        "value.retention_unused",
    ),
    "file kept longer than the rest": (
        form("privacy:", "  - {name: f, type: file, label: f, retention_days: 181}\nprivacy:"),
        f"{FORM_FILE}:5",
        "form.file_outlives",
    ),
    "word missing": ({"i18n/sv.yml": "language.name: Svenska\n"}, "i18n/sv.yml:1", "words.missing"),
    "word nobody says": ({"i18n/ko.yml": "home.questoin: 무엇을?\n"}, "i18n/ko.yml:1", "words.unknown"),
    "placeholder lost": ({"i18n/ko.yml": "home.articles: 글\n"}, "i18n/ko.yml:1", "words.placeholders"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_planted_fault_is_found_where_it_is(tmp_path: Path, name: str) -> None:
    """One fault, one problem of its own: file, line, and a message in Korean and in English."""
    files, place, key = FAULTS[name]
    problems = check(load_centre(write_tree(tmp_path, {**SMALL, **files})))
    found = [problem for problem in problems if f"{problem.path}:{problem.line}" == place and problem.key == key]
    assert found, problems
    for language in ("ko", "en"):
        assert found[0].text(load_tool_words(language).words).startswith(f"{place}: ")


def test_the_small_help_centre_has_no_problem(tmp_path: Path) -> None:
    """What the faults are planted into is good, so that none of them is found by accident."""
    assert check(load_centre(write_tree(tmp_path, SMALL))) == ()


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """The command prints every problem of a folder with many, never a traceback, and ends with 1."""
    planted: Files = {}
    expected: list[str] = []
    for number, (files, place, _) in enumerate(FAULTS.values()):
        if set(files) == {A}:
            path = f"content/faq/orders/x{number}.ko.md"
            planted[path] = files[A]
            expected.append(f"{path}:{place.rpartition(':')[2]}: ")
    run = haedap("check", "--root", write_tree(tmp_path, {**SMALL, **planted}))
    assert run.returncode == 1
    assert len(expected) >= 25
    for place in expected:
        assert place in run.stdout
    assert "Traceback" not in run.stdout + run.stderr


def test_a_broken_file_is_told_once(tmp_path: Path) -> None:
    """References to a form, a brand or an article that is there but broken are no faults of those who refer to it."""
    files = {
        FORM_FILE: FORM.replace("type: email", "type: emial"),
        "content/faq/orders/broken.ko.md": article(sumary="x"),
        A: article(
            form="inquiry", related="[faq/orders/broken]", body="[x](broken.ko.md) [y](../../forms/inquiry.yml)"
        ),
    }
    found = check(load_centre(write_tree(tmp_path, {**SMALL, **files})))
    assert [problem.path for problem in found] == ["content/faq/orders/broken.ko.md", FORM_FILE]


@pytest.mark.parametrize(
    ("key", "word", "nearest"),
    [
        ("tags2", "x", "tags"),
        ("publishat", "2026-12-01", "publish_at"),
        ("Sumary", "x", "summary"),
        ("brands", "x", "brand"),
    ],
)
def test_an_unknown_key_names_the_nearest(tmp_path: Path, key: str, word: str, nearest: str) -> None:
    """The message says which key was probably meant."""
    problems = check(load_centre(write_tree(tmp_path, {**SMALL, A: article(**{key: word})})))
    said = problems[0].text(load_tool_words("en").words)
    assert said.endswith(f"unknown key {key}. Did you mean {nearest}?")


def test_a_build_with_problems_writes_nothing(tmp_path: Path) -> None:
    """A help centre with a problem is not built: exit code 1, every problem named, no output folder."""
    write_tree(tmp_path, {**SMALL, A: article(sumary="x")})
    run = haedap("build", "--root", tmp_path)
    assert run.returncode == 1
    assert "Did you mean summary?" in run.stdout
    assert not (tmp_path / "build/site").exists()
