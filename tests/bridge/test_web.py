"""Nothing a browser sends gets a traceback, a cookie or a file that is not its business; dead ends are kind."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import Client

from bridge.testing import ANSWERS, BRAND, House, open_house, write_centre
from bridge.web.app import create_app
from portal_builder.shipped import shipped

FORM = "/f/daon/ko/inquiry"
JSON = {"Accept": "application/json"}
MULTIPART = "multipart/form-data; boundary=x"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(write_centre(tmp_path)) as house:
        yield house


@pytest.fixture
def client(house: House) -> Client:
    return create_app(house.service).test_client()


@pytest.fixture
def site(house: House) -> Client:
    folder = house.base.centre.root / "site"
    for name, text in {
        "index.html": "root",
        "daon/ko/index.html": "온담 홈",
        "daon/ko/404.html": "한국어 404",
        "daon/ko/faq/index.html": "faq",
        "daon/ko/한글 이름/index.html": "korean",
        "daon/ko/search.json": "{}",
        "daon/ko/pic.svg": "<svg/>",
        "daon/ko/data.unknown": "?",
    }.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    (house.base.centre.root / "secret.txt").write_text("secret", "utf-8")
    return create_app(house.service, folder).test_client()


def test_every_page_has_our_headers_and_no_cookie(client: Client) -> None:
    for address in (FORM, f"{FORM}/0000-0000-000", "/nowhere", "/f/daon/xx/inquiry", "/healthz"):
        headers = client.get(address).headers
        assert "Set-Cookie" not in headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]


def test_pages_bring_nothing_inline_and_nothing_from_elsewhere(client: Client) -> None:
    page = client.get(FORM).text
    assert "<script>" not in page
    assert "<style" not in page
    assert " style=" not in page
    assert 'src="/f/_static/daon/' in page
    assert 'href="https://help.daon.example/ko/' in page  # the portal's own pages
    assert 'href="/f/daon/en/inquiry"' in page


@pytest.mark.parametrize(
    ("address", "accept_language", "language", "says"),
    [
        ("/f/daon/ko/nothing", "en", "ko", "찾는 페이지가 없어요"),
        ("/f/daon/en/nothing", "ko", "en", "find that page"),
        ("/f/daon/fr/inquiry", "en", "en", "find that page"),
        ("/f/daon/fr/inquiry", "fr", "ko", "찾는 페이지가 없어요"),
        ("/f/nobody/en/inquiry", "ja", "en", "find that page"),
        ("/f/nobody/mn/inquiry", "ja", "ja", "ページが見つかりません"),
        ("/f/nobody/ko/inquiry", "", "ko", "찾는 페이지가 없어요"),
        ("/f", "en", "en", "find that page"),
    ],
)
def test_dead_ends_speak_a_sensible_language(
    client: Client, address: str, accept_language: str, language: str, says: str
) -> None:
    answer = client.get(address, headers={"Accept-Language": accept_language})
    assert answer.status_code == 404
    assert f'<html lang="{language}"' in answer.text
    assert says in answer.text


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{}", "application/json", 415),
        (b"hello", "text/plain", 415),
        (b"", "multipart/form-data", 400),
        (b"", MULTIPART, 400),
        (b"not multipart at all", MULTIPART, 400),
        (b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\ncut of', MULTIPART, 400),
        (b"", "application/x-www-form-urlencoded", 400),
        (b"name=\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b"name=" + b"x" * 300_000, "application/x-www-form-urlencoded", 413),
        (b"&".join(b"a=b" for _ in range(80_000)), "application/x-www-form-urlencoded", 413),
        (
            b'--x\r\nContent-Disposition: form-data; name="n"\r\n\r\n' + b"y" * 300_000 + b"\r\n--x--\r\n",
            MULTIPART,
            413,
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="f"; filename="e"\r\n\r\n\r\n' * 900 + b"--x--\r\n",
            MULTIPART,
            413,
        ),
    ],
)
def test_broken_bodies_get_a_clear_answer(client: Client, body: bytes, content_type: str, status: int) -> None:
    page = client.post(FORM, data=body, content_type=content_type)
    assert page.status_code == status
    assert "help@daon.example" in page.text  # another way to reach the brand
    answer = client.post(FORM, data=body, content_type=content_type, headers=JSON)
    assert answer.status_code == status
    assert set(answer.get_json()) == {"error"}


def test_a_body_over_the_limit_is_refused_by_its_length(client: Client) -> None:
    data = ANSWERS | {"files": (io.BytesIO(b"x" * 5_000_000), "big.pdf")}
    assert client.post(FORM, data=data, content_type="multipart/form-data").status_code == 413


def test_urlencoded_posts_are_taken_too(client: Client) -> None:
    assert client.post(FORM, data=ANSWERS).status_code == 303


def test_other_methods_are_refused_kindly(client: Client) -> None:
    answer = client.put(FORM)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) >= {"GET", "POST"}


def test_an_error_of_ours_is_logged_with_a_number_and_not_shown(house: House, caplog: pytest.LogCaptureFixture) -> None:
    folder = house.base.centre.root / "themes/daon/templates"
    folder.mkdir()
    (folder / "form.html").write_text("{{ page.meta.form.nothing.at_all }}", "utf-8")
    answer = create_app(house.service).test_client().get(FORM)
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "help@daon.example" in answer.text
    (number,) = [record.args[0] for record in caplog.records if record.args and "error %s on" in record.msg]  # type: ignore[index]
    assert str(number) in answer.text


def test_a_brands_template_may_extend_the_one_it_replaces(house: House) -> None:
    """As in its portals: the same folder serves both."""
    folder = house.base.centre.root / "themes/daon/templates"
    folder.mkdir()
    (folder / "form.html").write_text(
        '{% extends "_base/form.html" %}{% block before_form %}<p>이 문장은 브랜드의 것</p>{% endblock %}', "utf-8"
    )
    page = create_app(house.service).test_client().get(FORM).text
    assert "이 문장은 브랜드의 것" in page
    assert 'name="message"' in page


def test_even_with_broken_templates_there_is_an_answer(house: House) -> None:
    folder = house.base.centre.root / "themes/daon/templates"
    folder.mkdir()
    (folder / "base.html").write_text("{% broken", "utf-8")
    answer = create_app(house.service).test_client().get(FORM, headers={"Accept-Language": "ko"})
    assert answer.status_code == 500
    assert "help@daon.example" in answer.text


def test_a_portal_on_another_host_may_read_our_answers(client: Client) -> None:
    ours = {"Origin": "https://help.daon.example"}
    assert client.post(FORM, data=ANSWERS, headers=JSON | ours).headers["Access-Control-Allow-Origin"] == ours["Origin"]
    assert client.options(FORM, headers=ours).headers["Access-Control-Allow-Methods"] == "POST"
    for origin in (
        "https://evil.example",
        "null",
        "https://help.daon.example.evil.example",
        "http://help.daon.example",
    ):
        answer = client.post(FORM, data=ANSWERS, headers=JSON | {"Origin": origin})
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Origin" in answer.headers["Vary"]


def test_where_the_customer_is_sent_is_never_theirs_to_say(client: Client) -> None:
    data = ANSWERS | {"_next": "//evil.example", "_page": "https://evil.example", "redirect": "https://evil.example"}
    answer = client.post(f"{FORM}?next=//evil.example", data=data, headers={"Host": "evil.example"})
    assert answer.location.startswith(f"{FORM}/")


def test_health(client: Client, house: House) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    client.post(FORM, data=ANSWERS)
    lease = house.base.store.lease(house.clock.time, house.clock.time, "t")
    assert lease is not None
    house.base.store.record(lease, "dead", house.clock.time, error="550")
    assert client.get("/healthz").get_json() == {"status": "attention"}


def test_the_look_comes_from_the_bridge_itself(client: Client) -> None:
    colours = client.get("/f/_static/daon/brand.css")
    assert colours.content_type == "text/css; charset=utf-8"
    assert "--brand:#1f6f54" in colours.text
    again = client.get("/f/_static/daon/brand.css", headers={"If-None-Match": colours.headers["ETag"]})
    assert again.status_code == 304
    script = client.get("/f/_static/daon/form.js")
    assert script.content_type == "text/javascript; charset=utf-8"
    for address in ("daon/../brand.yml", "daon/%2e%2e/brand.yml", "nobody/brand.css", "daon/nothing.css"):
        assert client.get(f"/f/_static/{address}").status_code == 404


@pytest.mark.parametrize(
    ("address", "status", "content_type", "text"),
    [
        ("/", 200, "text/html; charset=utf-8", "root"),
        ("/daon/ko/", 200, "text/html; charset=utf-8", "온담 홈"),
        ("/daon/ko/faq/index.html", 200, "text/html; charset=utf-8", "faq"),
        ("/daon/ko/한글 이름/", 200, "text/html; charset=utf-8", "korean"),
        ("/daon/ko/search.json", 200, "application/json; charset=utf-8", "{}"),
        ("/daon/ko/pic.svg", 200, "image/svg+xml; charset=utf-8", "<svg/>"),
        ("/daon/ko/data.unknown", 200, "application/octet-stream", "?"),
        ("/daon/ko/faq/nothing/at/all/", 404, "text/html; charset=utf-8", "한국어 404"),
        ("/daon/ko/search.json/", 404, "text/html; charset=utf-8", "한국어 404"),
    ],
)
def test_the_site_is_served(site: Client, address: str, status: int, content_type: str, text: str) -> None:
    answer = site.get(address)
    assert (answer.status_code, answer.content_type, answer.text) == (status, content_type, text)
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_folder_without_its_slash_is_sent_on(site: Client) -> None:
    answer = site.get("/daon/ko/faq?q=1")
    assert (answer.status_code, answer.location) == (302, "/daon/ko/faq/?q=1")


def test_the_site_is_revalidated(site: Client) -> None:
    first = site.get("/daon/ko/")
    assert site.get("/daon/ko/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert first.headers["Last-Modified"]


@pytest.mark.parametrize(
    "address",
    [
        "/../secret.txt", "/daon/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/daon/..%5c..%5csecret",
        "/%2fetc/passwd", "//etc/passwd", "/daon/ko/%00", "/./../secret.txt", "/daon//../../secret.txt",
    ],
)  # fmt: skip  # one line a few reads better than a column
def test_nothing_outside_the_site_is_served(site: Client, address: str) -> None:
    answer = site.get(address, follow_redirects=True)
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_an_address_that_looks_like_a_host_is_no_redirect_to_it(site: Client) -> None:
    for address in ("//evil.example", "//evil.example/daon/..", "///evil.example//"):
        answer = site.get("/", environ_overrides={"PATH_INFO": address})
        assert not answer.headers.get("Location", "/").startswith(("//", "http://evil"))


def test_the_forms_go_before_the_site(site: Client) -> None:
    page = site.get(FORM)
    assert page.status_code == 200
    assert 'href="/daon/ko/' in page.text


def test_behind_a_proxy_addresses_keep_its_prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAEDAP_PROXY_HOPS", "1")
    with open_house(write_centre(tmp_path, brand=BRAND)) as house:
        client = create_app(house.service).test_client()
        answer = client.post(FORM, data=ANSWERS, headers={"X-Forwarded-Prefix": "/help"})
        assert answer.location.startswith("/help/f/daon/ko/inquiry/")


def test_shipped_templates_escape_every_answer(house: House) -> None:
    """Escaping is the templates' own. Hostile text goes through every field of the real ones."""
    assert (shipped() / "themes/_base/templates/form.html").is_file()
    hostile = "\"'><b id=x onclick=y>&amp;</textarea>"
    data = dict.fromkeys([*ANSWERS, "urgent", "_page", "_key"], hostile)
    upload = {"files": (io.BytesIO(b"x"), '<b id=x>".pdf')}
    client = create_app(house.service).test_client()
    page = client.post(FORM, data=data | upload, content_type="multipart/form-data")
    assert page.status_code == 422
    assert "<b id" not in page.text
    assert page.text.count("</textarea>") == 1
