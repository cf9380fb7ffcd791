"""Owns a help centre of many brands, made by a script. Refuses to build it.

Every brand shares most articles; some belong to every third brand alone, and some hold a block for one brand.
"""

from __future__ import annotations

import random
from pathlib import Path

LANGUAGES = ("ko", "en", "ja")
SHARED = "faq/billing/refund-0"
"""An article that the brands of `brands_of_shared` show, and no others."""
_KINDS = ("faq/billing", "faq/orders", "faq/shipping", "faq/returns", "faq/accounts", "guides")
_COLOURS = ("#1f6f54", "#234a8f", "#8f2342", "#5b3f8c", "#7a4a12")
_SAID = {
    "ko": ("환불은 승인된 뒤 카드사에서 3영업일 안에 처리합니다.", "주문 내역에서 상태를 확인해 주세요.", "환불"),
    "en": ("The card company pays the refund within 3 business days.", "Look at the state of your order.", "Refund"),
    "ja": ("返金は承認後、カード会社が3営業日以内に処理します。", "注文履歴で状態をご確認ください。", "返金"),
}


def names(brands: int) -> list[str]:
    return [f"brand-{number:02}" for number in range(brands)]


def brands_of_shared(brands: int) -> list[str]:
    """Who shows the article that is edited."""
    return names(brands)[::3]


def write_centre(root: Path, brands: int, articles: int, seed: int = 7) -> None:
    """The whole tree below `root`."""
    chance = random.Random(seed)  # noqa: S311 -- invented texts
    for number, name in enumerate(names(brands)):
        _write(root / f"themes/{name}/brand.yml", _brand(name, number))
    _write(root / "content/forms/inquiry.yml", _FORM)
    for language in LANGUAGES:
        for kind in ("faq", *_KINDS):
            _write(root / f"content/{kind}/index.{language}.md", f"---\ntitle: {kind.title()}\n---\n")
    for number in range(articles):
        article_id = SHARED if number == 0 else f"{_KINDS[number % len(_KINDS)]}/article-{number}"
        brand = f"[{', '.join(brands_of_shared(brands))}]" if number == 0 else "all"
        for language in LANGUAGES:
            _write(root / f"content/{article_id}.{language}.md", _article(number, language, brand, chance))


def _brand(name: str, number: int) -> str:
    return (
        f"name: {name.title()}\nurl: https://help.{name}.example/\nzone: Asia/Seoul\nlanguages: [ko, en, ja]\n"
        f'email: help@{name}.example\ncolours: {{primary: "{_COLOURS[number % len(_COLOURS)]}"}}\n'
        f"terms: {{orders: {name} orders}}\n"
    )


def _article(number: int, language: str, brand: str, chance: random.Random) -> str:
    first, second, title = _SAID[language]
    parts = []
    for section in range(4):
        count = chance.randint(1, 10**6)
        parts.append(f"## {title} {section}\n\n{first} ({count})\n\n1. **{{{{ brand.orders }}}}**\n2. {second}\n")
    return f"---\ntitle: {title} {number}\nsummary: {second}\nbrand: {brand}\n---\n\n" + "\n".join(parts)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


_FORM = """\
title: {ko: 문의하기, en: Contact us, ja: お問い合わせ}
fields:
  - {name: email, type: email, required: true, label: {ko: 이메일, en: E-mail, ja: メール}}
  - {name: message, type: long_text, required: true, label: {ko: 내용, en: Message, ja: 内容}}
privacy:
  purpose: {ko: 답변, en: To answer, ja: 回答}
  items: {ko: "이메일, 내용", en: E-mail and message, ja: メールと内容}
  retention: {ko: 180일, en: 180 days, ja: 180日}
  refusal: {ko: 거부할 수 있어요, en: You may refuse, ja: 拒否できます}
"""
