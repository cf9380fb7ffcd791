"""Whether a text is in the language it claims: prose is told from code, and languages from each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal_builder.catalogue import load_catalogues
from portal_builder.tongues.judge import Tongues, Verdict
from portal_builder.tongues.prose import prose
from support import REPOSITORY

TONGUES = Tongues(load_catalogues(Path("nowhere")).catalogues)
TEXTS = {
    "ko": (
        "환불은 얼마나 걸리나요?",
        "Galaxy Watch 7을 iPhone 16 Pro와 연결하려면 블루투스를 켠 뒤 설정에서 기기를 고르세요.",
    ),
    "ja": (
        "返品の送料はどなたが負担しますか？",
        "Google Play で購入したアイテムは、Lumi Go を再起動すると表示されます。",
    ),
    "zh-CN": (
        "退款需要多长时间？",
        "请在 Samsung Wallet 中打开支付设置，然后重新添加您的信用卡。",
    ),
    "zh-TW": (
        "退款需要多久時間？",
        "請在 Samsung Wallet 中開啟付款設定，然後重新新增您的信用卡。",
    ),
    "en": (
        "How long does a refund take?",
        "Open Samsung Wallet, choose your card and tap the button at the bottom.",
    ),
    "es": (
        "¿Cuánto tarda el reembolso?",
        "Abra Samsung Wallet, elija su tarjeta y pulse el botón que está abajo.",
    ),
    "vi": (
        "Hoàn tiền mất bao lâu?",
        "Mở Samsung Wallet, chọn thẻ của bạn rồi nhấn nút ở phía dưới.",
    ),
    "id": (
        "Berapa lama pengembalian dana?",
        "Buka Samsung Wallet, pilih kartu Anda lalu ketuk tombol di bagian bawah.",
    ),
    "th": (
        "การคืนเงินใช้เวลานานเท่าไร",
        "เปิด Samsung Wallet เลือกบัตรของคุณ แล้วแตะปุ่มด้านล่าง",
    ),
    "de": (
        "Wie lange dauert eine Erstattung?",
        "Öffnen Sie Samsung Wallet, wählen Sie Ihre Karte und tippen Sie unten.",
    ),
    "fr": (
        "Combien de temps prend un remboursement ?",
        "Ouvrez Samsung Wallet, choisissez votre carte et appuyez en bas.",
    ),
}
CODE = """
```python
for item in order.items:
    if item.price is None and not item.is_free:
        raise ValueError("there is no price for this item in the order")
```

`haedap build --out public` | <https://example.com/en/how-to-return-the-item> | `the status of the order is not found`

    $ curl -s https://example.com/the/order/that/is/not/there; echo "it was not found"

[Google Play](https://play.google.com/store/apps/details?id=com.example.the.app){: .button }
"""


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_is_in_its_language_and_in_no_other(language: str) -> None:
    """Short ones, and those with names of products in them."""
    for text in TEXTS[language]:
        assert TONGUES.judge(text, language).verdict is Verdict.YES, text
        for other in TEXTS.keys() - {language}:
            judged = TONGUES.judge(text, other)
            assert judged.verdict is Verdict.NO, (text, other)
            assert judged.looks_like == language, (text, other)


@pytest.mark.parametrize("language", TEXTS)
def test_code_and_addresses_are_no_prose(language: str) -> None:
    """One sentence in a page of code is enough; code alone says nothing against any language."""
    for text in TEXTS[language]:
        page = f"{CODE}\n\n{text}\n\n{CODE}\n{CODE}"
        assert TONGUES.judge(page, language).verdict is Verdict.YES, text
    assert TONGUES.judge(CODE * 3, language).verdict is not Verdict.NO


SCRAPS = (
    "환불은 ",
    "앱",
    "refund ",
    "the item ",
    "返品",
    "退款",
    "の",
    "カード",
    "ไทย",
    "Привет ",
    "ñé",
    "Ệ",
    "ᄒ",
    "😀",
    "1,299 ",
)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(SCRAPS), st.integers(1, 9)), max_size=8))
def test_what_is_plainly_korean_is_korean_to_a_closer_look(scraps: list[tuple[str, int]]) -> None:
    """The quick look says nothing that the slow one would not."""
    text = "".join(scrap * count for scrap, count in scraps)
    assert TONGUES.judge(text, "ko") == TONGUES.judge_closely(text, prose(text), "ko")


def test_names_and_numbers_alone_say_nothing() -> None:
    """A table of products is in every language."""
    names = "| Galaxy S25 Ultra | iPhone 16 Pro | PlayStation 5 |\n| --- | --- | --- |\n| 1,299 | 999 | 499 |"
    assert all(TONGUES.judge(names, language).verdict is not Verdict.NO for language in TEXTS)
    assert all(TONGUES.judge("", language).verdict is Verdict.UNSURE for language in TEXTS)


def test_a_language_without_words_here_is_judged_by_its_script() -> None:
    """Mongolian cannot be told from Russian, but from Korean; nothing is said of what cannot be known."""
    assert TONGUES.judge("Буцаан олголт хэр удаан үргэлжлэх вэ?", "mn").verdict is Verdict.UNSURE
    assert TONGUES.judge("환불은 얼마나 걸리나요? 카드사에 따라 다릅니다.", "mn").verdict is Verdict.NO
    assert TONGUES.judge("Open the app and choose the item that you want to return to us.", "pt").looks_like == "en"
    assert TONGUES.judge("Abra o aplicativo e escolha o artigo que deseja devolver.", "pt").verdict is Verdict.UNSURE
    assert TONGUES.judge("anything that is written here", "tlh").verdict is Verdict.UNSURE


def test_a_catalogue_teaches_its_language(tmp_path: Path) -> None:
    """A language that is one new file is told from its neighbours, too."""
    (tmp_path / "i18n").mkdir()
    lines = (
        "Como podemos ajudar você?", "Procure sua resposta aqui primeiro; se não a encontrar, uma pessoa vai ajudar.",
        "Não conseguimos enviar a mensagem porque a conexão caiu. Tudo o que você escreveu continua aqui.",
        "Escolha o artigo que deseja devolver e toque no botão abaixo.", "Até {count} arquivos, {size} MB cada um",
        "Você está conectado novamente. Nós respondemos em um dia útil.", "Não há nada aqui ainda. Feche o aviso.",
    )  # fmt: skip  # a table
    text = "\n".join(f'"word.{number}": "{line}"' for number, line in enumerate(lines))
    (tmp_path / "i18n" / "pt.yml").write_text(text, "utf-8")
    tongues = Tongues(load_catalogues(tmp_path).catalogues)
    assert tongues.judge("Não encontrou a resposta? Uma pessoa vai ajudar você.", "pt").verdict is Verdict.YES
    assert tongues.judge(TEXTS["fr"][1], "pt").verdict is Verdict.NO


def test_the_example_content_is_in_its_languages() -> None:
    """No alarm in some hundred real articles, and an alarm in each that claims another's language."""
    files = [file for file in (REPOSITORY / "content").rglob("*.md") if file.stem.count(".") == 1]
    assert len(files) > 100
    for file in files:
        language = file.stem.rpartition(".")[2]
        text = file.read_text("utf-8").partition("\n---\n")[2]
        if len(text.strip()) < 20:
            continue
        assert TONGUES.judge(text, language).verdict is Verdict.YES, file
        for other in {"ko", "ja", "en", "vi", "zh-TW"} - {language}:
            assert TONGUES.judge(text, other).verdict is Verdict.NO, (file, other)


@pytest.mark.parametrize("cells", ["| S | M |\n| x | y |\n", "| a | b |\n", "| GB | kg |\n| o | x |\n"])
def test_a_table_of_letters_says_nothing_against_a_language(cells: str) -> None:
    """Sizes, units and marks are no sentences, however many rows of them there are."""
    for language, title in (("ko", "요금표"), ("ja", "料金の一覧"), ("zh-CN", "价格表")):
        text = f"{title}\n\n| 1 | 2 |\n|---|---|\n{cells * 20}"
        assert TONGUES.judge(text, language).verdict is not Verdict.NO, (language, cells)
