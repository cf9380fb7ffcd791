"""General words that mean the same: what an article says comes first, what it only means comes after."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest
from search.asking import ask
from search.corpus import KOREAN

from portal_builder.search.alike import AllLists, found_alike, groups, pairs
from portal_builder.search.document import Document
from portal_builder.search.lexicon import Lexicon
from portal_builder.search.write import write_index

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
    assert found_alike(AllLists(lists), [(same[1], same[0])], 60) == {}
    assert found_alike(AllLists(lists), [(same[1], same[0])], 2000)["택배"] == [number << 4 | 1 for number in range(60)]


def test_the_portals_own_synonyms_go_before_the_general_list() -> None:
    """What a portal's synonyms say already is not said again with less weight."""
    lexicon = Lexicon({"환불": 3, "반환": 2})
    pair = (("환불",), ("반환",))
    assert pair in pairs(lexicon, "ko", [])
    assert pair not in pairs(lexicon, "ko", [["환불", "반환"]])


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
