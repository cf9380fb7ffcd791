"""The whole main job in a real Chromium: browse, switch language, fill in a form wrong and right, read the mail.

What `make run` starts is started here: the shipped help centre, its bridge, and a mail server that keeps real messages.
"""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from e2e.town import DESKTOP, PHONE, Town, confirm, context, fits
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.xdist_group("browser")  # one browser and one town for all of them

PHOTO = "상자 사진.png"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b8"
    "0000000049454e44ae426082"
)


def test_a_reader_finds_an_answer(town: Town, page: Page) -> None:
    """All brands, a brand's home, a category, an article, and the next one: each by a click that anyone sees."""
    page.goto(town.address)
    fits(page)
    page.get_by_role("link", name="온담").first.click()
    expect(page).to_have_url(f"{town.address}/ondam/ko/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    fits(page)
    page.get_by_role("main").get_by_role("link", name=re.compile("^결제")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^결제"))
    fits(page)
    page.goto(f"{town.address}/ondam/ko/faq/billing/")
    page.get_by_role("main").get_by_role("link", name="환불은 언제 들어오나요?").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("환불은 언제 들어오나요?")
    expect(page.get_by_role("main")).to_contain_text("마이온담 > 주문 내역")
    fits(page)


@pytest.mark.parametrize(("brand", "language"), [("ondam", "ko"), ("lumina", "en"), ("daljan", "ja")])
def test_every_kind_of_page_is_there(town: Town, browser: Browser, brand: str, language: str) -> None:
    """Home, lists, article, notice, guide, contact, form, index and guided answers; on a phone, where room is short."""
    paths = (
        "", "faq/", "faq/returns/", "faq/billing/refund-time/", "notices/", "notices/easy-pay-delay/", "guides/",
        "guides/before-you-ask/", "contact/", "contact/inquiry/", "contact/refund/", "all/",
        "flows/", "flows/refund/", "flows/refund.after.damaged/",
    )  # fmt: skip  # a list of addresses
    with context(browser, PHONE) as tabs:
        page = tabs.new_page()
        for path in paths:
            answer = page.goto(f"{town.address}/{brand}/{language}/{path}")
            assert answer is not None
            assert answer.ok, answer.url
            expect(page.locator("html")).to_have_attribute("lang", language)
            fits(page)


def test_an_old_address_keeps_its_anchor(town: Town, page: Page) -> None:
    """One that the article knows lands on its new heading, any other stays as it was."""
    page.goto(f"{town.address}/ondam/en/faq/billing/refunds/#period")
    expect(page).to_have_url(f"{town.address}/ondam/en/faq/billing/refund-time/#time-by-payment-method")
    page.goto("about:blank")
    page.goto(f"{town.address}/ondam/en/faq/billing/refunds/#other")
    expect(page).to_have_url(f"{town.address}/ondam/en/faq/billing/refund-time/#other")


def test_the_language_switch_stays_on_the_article(town: Town, page: Page) -> None:
    """From the Korean article to the English one, and the door remembers the choice."""
    page.goto(f"{town.address}/ondam/ko/faq/billing/refund-time/")
    page.locator("header details summary").first.click()
    page.locator("header").get_by_role("link", name="English").click()
    expect(page).to_have_url(f"{town.address}/ondam/en/faq/billing/refund-time/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto(f"{town.address}/ondam/")
    expect(page).to_have_url(f"{town.address}/ondam/en/")


def test_a_text_without_translation_says_so(town: Town, page: Page) -> None:
    """The notice in the reader's language, the text marked as Korean, and machines are told where it is at home."""
    page.goto(f"{town.address}/ondam/ja/faq/orders/partial-cancel/")
    expect(page.get_by_role("main")).to_contain_text("まだ翻訳されていない")
    expect(page.locator("main [lang=ko]").first).to_be_visible()
    expect(page.locator("link[rel=canonical]")).to_have_attribute("href", re.compile("/ondam/ko/faq/orders/partial"))
    expect(page.locator("link[hreflang]")).to_have_count(0)


def fill_in_refund(page: Page) -> None:
    page.get_by_label("이름").fill("홍길동")
    page.get_by_label("주문 번호").fill("OD-20261121-0042")
    page.get_by_label("받았을 때 망가져 있었어요").check()
    page.get_by_label("상황 설명").fill("상자 모서리가 찌그러져 있었고\n접시 두 장이 깨져 있었어요.")


def test_an_inquiry_reaches_the_mailbox(town: Town, page: Page) -> None:
    """From an article to the form, a check that fails, the right answers, the receipt, and the mail with the photo."""
    page.goto(f"{town.address}/ondam/ko/faq/returns/damaged-item/")
    page.get_by_role("main").get_by_role("link", name="환불 신청").last.click()
    expect(page).to_have_url(re.compile("/contact/refund/"))
    expect(page.locator("input[type=file]")).to_be_hidden()  # asked only when something arrived broken
    fill_in_refund(page)
    expect(page.locator("input[type=file]")).to_be_visible()
    page.locator("input[type=file]").set_input_files({"name": PHOTO, "mimeType": "image/png", "buffer": PNG})
    page.locator("[name=email]").fill("길동")
    page.locator("form button[type=submit]").click()

    summary = page.locator("#error-summary")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(2)  # the address, and the consent
    expect(page.get_by_label("상황 설명")).to_have_value(re.compile("접시 두 장"))
    expect(page.get_by_role("main")).to_contain_text(PHOTO)
    fits(page)
    page.locator("[name=email]").fill("gildong@example.com")
    page.locator("[name=agree]").check()
    page.locator("form button[type=submit]").click()

    expect(page).to_have_url(re.compile(r"/f/ondam/ko/refund/\w+"))
    receipt = page.url.rsplit("/", 1)[-1]
    fits(page)
    shown = page.locator("#number").inner_text()
    assert shown == receipt
    page.reload()
    expect(page.locator("#number")).to_have_text(shown)
    check_mail(town.mail(receipt), receipt, page_from="/ondam/ko/faq/returns/damaged-item/")


def check_mail(mail: EmailMessage, receipt: str, page_from: str) -> None:
    """Everything the team needs is in the mail."""
    assert mail["To"] == "help@ondam.example"
    assert mail["Reply-To"].addresses[0].addr_spec == "gildong@example.com"
    assert mail["From"].addresses[0].addr_spec == "help@ondam.example"
    assert "환불 신청" in mail["Subject"]
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    for said in (
        "홍길동",
        "OD-20261121-0042",
        "받았을 때 망가져 있었어요",
        "접시 두 장이 깨져 있었어요.",
        "온담",
        "한국어",
    ):
        assert said in text, said
    assert page_from in text
    assert receipt in text
    (photo,) = mail.iter_attachments()
    assert photo.get_filename() == PHOTO
    assert photo.get_content() == PNG


def test_without_javascript_nothing_is_missing(town: Town, browser: Browser) -> None:
    """The same way with plain pages: 422 with the summary in focus, answers and photo kept, then the receipt."""
    with context(browser, PHONE, java_script_enabled=False) as tabs:
        page = tabs.new_page()
        page.goto(f"{town.address}/ondam/ko/contact/refund/?from=faq/returns/damaged-item/")
        fill_in_refund(page)
        page.locator("input[type=file]").set_input_files({"name": PHOTO, "mimeType": "image/png", "buffer": PNG})
        with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
            page.locator("form button[type=submit]").click()
        assert answer.value.status == 422
        expect(page.locator("#error-summary")).to_be_focused()
        expect(page.get_by_label("이름")).to_have_value("홍길동")
        expect(page.get_by_label("받았을 때 망가져 있었어요")).to_be_checked()
        expect(page.get_by_role("main")).to_contain_text(PHOTO)
        page.locator("[name=email]").fill("gildong@example.com")
        page.locator("[name=agree]").check()
        with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
            page.locator("form button[type=submit]").click()
        assert answer.value.status == 303
        confirm(page)
        receipt = page.url.rsplit("/", 1)[-1]
        check_mail(town.mail(receipt), receipt, page_from="/ondam/ko/faq/returns/damaged-item/")


def test_going_back_and_writing_anew_is_another_inquiry(town: Town, browser: Browser) -> None:
    """Whoever comes back to a form that was sent and writes something else gets a receipt of its own."""
    with context(browser, PHONE) as tabs:
        page = tabs.new_page()
        receipts = []
        page.goto(f"{town.address}/lumina/ko/contact/inquiry/")
        for text in ("첫 번째 문의", "두 번째 문의"):
            page.locator("[name=topic]").select_option("other")
            for name, value in {"name": "홍길동", "email": "g@example.com", "subject": text, "message": text}.items():
                page.locator(f"[name={name}]").fill(value)
            page.locator("form button[type=submit]").click()
            page.locator("#number").wait_for()
            receipts.append(page.url.rsplit("/", 1)[-1])
            page.go_back()
        assert receipts[0] != receipts[1]


def test_the_index_and_languages_work_without_javascript(town: Town, browser: Browser) -> None:
    """Every article can be reached from the index; the door lists the languages as links."""
    with context(browser, PHONE, java_script_enabled=False) as tabs:
        page = tabs.new_page()
        page.goto(f"{town.address}/daljan/")
        page.get_by_role("link", name="日本語").click()
        expect(page.locator("html")).to_have_attribute("lang", "ja")
        page.goto(f"{town.address}/daljan/ko/all/")
        links = page.get_by_role("main").get_by_role("link").evaluate_all("all => all.map(link => link.href)")
        assert len([link for link in links if "/faq/" in link]) >= 20


def test_an_unknown_address_has_a_page(town: Town, browser: Browser) -> None:
    """404 with the brand's look and ways on; a waiting text is such an address. One that has run out says so (410)."""
    with context(browser, DESKTOP) as tabs:
        page = tabs.new_page()
        answers = {"no/such/page/": 404, "notices/chuseok-shipping/": 410, "notices/ondam-membership/": 404}
        for path, status in answers.items():
            answer = page.goto(f"{town.address}/ondam/ko/{path}")
            assert answer is not None
            assert answer.status == status
            expect(page.get_by_role("link", name="온담").first).to_be_visible()


@pytest.mark.parametrize(
    ("written", "says"),
    [("제 번호는 900101-1234567이에요", "주민등록번호로 보이는"), ("카드 4111 1111 1111 1111", "카드 번호로 보이는")],
)
def test_a_number_nobody_should_send_is_warned_of_once(town: Town, page: Page, written: str, says: str) -> None:
    """Beside its field, before anything is sent; sending once more sends it, and the bridge hides it."""
    page.goto(f"{town.address}/ondam/ko/contact/inquiry/")
    page.locator("[name=topic]").select_option("other")
    page.get_by_label("이름").fill("홍길동")
    page.locator("[name=email]").fill("gildong@example.com")
    page.get_by_label("제목").fill("주문번호 2026112112345678 관련")  # a long number that is none of them
    page.locator("[name=message]").fill(written)
    page.locator("form button[type=submit]").click()
    warning = page.get_by_role("alert")
    expect(warning).to_have_count(1)
    expect(warning).to_contain_text(says)
    expect(page.locator("[name=message]")).to_be_focused()
    assert "/contact/inquiry/" in page.url
    fits(page)
    page.locator("form button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"/f/ondam/ko/inquiry/\w+"))
    body = town.mail(page.url.rsplit("/", 1)[-1]).get_body(("plain",))
    assert body is not None
    assert "*" in body.get_content()
    assert written not in body.get_content()
