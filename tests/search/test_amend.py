"""What some changed articles make of a finished index is, file by file, what an index made anew has there."""

from __future__ import annotations

import marshal
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from search.corpus import JAPANESE, KOREAN, SYNONYMS

from portal_builder.search.amend import amended_index
from portal_builder.search.document import Document
from portal_builder.search.parts import Parts
from portal_builder.search.write import write_index

MORE = [
    Document(f"guides/{at}", f"guides/{at}/", one.title, one.text[at:], "guides", keywords=one.keywords)
    for at, one in enumerate((*KOREAN, *JAPANESE))
]
"""So that an edit is one of many articles."""
SENTENCES = [
    *(sentence for one in (*KOREAN, *JAPANESE) for sentence in (one.title, *one.text.split(". "))),
    "고객센터운영시간은언제인가요", "환불받을수있을까요", "무서워서 못 하겠어요", "물의 온도", "물", "가", "상담원의",
    "English words, and their endings: connecting connections", "the", "東京タワーの営業時間と料金について", "",
    "退款需要多少天", "보증서와 보증금과 보증",
    "주문서 주문 주문번호 문서", "땅 토지 부지 대지", "집값 주택 가격", "할 싶어요 해요",
]  # fmt: skip  # a list of sentences
BY_ID = sorted((*KOREAN, *MORE), key=lambda one: one.id)
edits = st.lists(
    st.tuples(
        st.sampled_from([*BY_ID[:4], *BY_ID[-4:]]),
        st.sampled_from(["text", "more", "less", "title", "headings", "keywords", "language", "long"]),
        st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4),
    ),
    min_size=1,
    max_size=3,
)
steps = st.lists(
    st.tuples(edits, st.sampled_from(["amend"] * 8 + ["lost", "damaged", "added", "gone", "synonyms"])),
    min_size=1,
    max_size=4,
)


def edited(one: Document, what: str, sentences: Sequence[str]) -> Document:
    said = " ".join(sentences)
    match what:
        case "more":
            return replace(one, text=f"{one.text} {said}")
        case "less":
            return replace(one, text=one.text[: len(one.text) // 2])
        case "long":
            return replace(one, text=f"{said} " * 300)
        case "headings" | "keywords":
            return replace(one, **{what: tuple(sentences)})  # type: ignore[arg-type]  # both hold sentences
        case "language":
            return replace(one, language="" if one.language == "en" else "en")
        case _:
            return replace(one, **{what: said})  # type: ignore[arg-type]  # text and title


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def amend(folder: Path, changed: Sequence[Document], memory: Path, language: str = "ko") -> bool:
    """Whether the index in a folder could be amended; it is then."""
    amended = amended_index(changed, folder, language, memory)
    if amended is None:
        return False
    before = files(folder)
    assert all(before.get(name) != data for name, data in amended.files.items())
    for name, data in amended.files.items():
        (folder / name).write_bytes(data)
    for name in amended.gone:
        (folder / name).unlink()
    return True


def damage(memory: Path, at: int) -> None:
    """Another byte in the middle of what is remembered."""
    for file in memory.iterdir():
        data = bytearray(file.read_bytes())
        data[at % len(data)] ^= 0x55
        file.write_bytes(data)


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(steps, st.integers(0, 10**9))
def test_whatever_is_amended_the_index_is_as_if_made_anew(
    story: list[tuple[list[tuple[Document, str, list[str]]], str]], seed: int
) -> None:
    """Articles are edited, come and go, synonyms change, the memory is lost: every byte is that of a cold index."""
    library = {one.id: one for one in BY_ID}
    synonyms: Sequence[Sequence[str]] = SYNONYMS
    with tempfile.TemporaryDirectory() as work:
        warm, cold, memory = (Path(work) / name for name in ("warm", "cold", "memory"))
        write_index(library.values(), "ko", warm, synonyms, memory)
        for edits_now, event in story:
            changed = {one.id: edited(library.get(one.id, one), what, said) for one, what, said in edits_now}
            library |= changed
            if event == "lost":
                shutil.rmtree(memory)
            elif event == "damaged":
                damage(memory, seed)
            elif event == "added":
                library["faq/new"] = replace(BY_ID[0], id="faq/new", url="faq/new/", title=SENTENCES[seed % 9])
            elif event == "gone":
                library.pop(BY_ID[seed % len(BY_ID)].id, None)
            elif event == "synonyms":
                synonyms = [*synonyms, ["땅", SENTENCES[seed % 5]]]
            if event in {"added", "gone", "synonyms"} or not amend(warm, list(changed.values()), memory):
                write_index(library.values(), "ko", warm, synonyms, memory)
            write_index(library.values(), "ko", cold, synonyms)
            assert files(warm) == files(cold)


@pytest.fixture
def finished(tmp_path: Path) -> tuple[Path, Path]:
    write_index(BY_ID, "ko", tmp_path / "out", SYNONYMS, tmp_path / "memory")
    return tmp_path / "out", tmp_path / "memory"


def test_a_word_more_is_amended(finished: tuple[Path, Path], tmp_path: Path) -> None:
    """What most edits are: some files of postings, one of texts, the head; the door does not give up."""
    out, memory = finished
    other = replace(BY_ID[3], text=BY_ID[3].text + " 곰탕집")
    assert amend(out, [other], memory)
    write_index([*BY_ID[:3], other, *BY_ID[4:]], "ko", tmp_path / "cold", SYNONYMS)
    assert files(out) == files(tmp_path / "cold")
    assert amend(out, [BY_ID[3]], memory)
    write_index(BY_ID, "ko", tmp_path / "cold", SYNONYMS)
    assert files(out) == files(tmp_path / "cold")


def test_what_is_as_it_was_changes_no_file(finished: tuple[Path, Path]) -> None:
    out, memory = finished
    amended = amended_index([BY_ID[0]], out, "ko", memory)
    assert amended is not None
    assert (amended.files, amended.gone) == ({}, frozenset())


def test_a_memory_of_another_index_is_none(finished: tuple[Path, Path]) -> None:
    """The output was put back to what it was before, or is not there: what is remembered is not of it."""
    out, memory = finished
    (out / "head.json").write_bytes((out / "head.json").read_bytes().replace(b'"ko"', b'"ko" '))
    assert amended_index([BY_ID[0]], out, "ko", memory) is None
    assert amended_index([BY_ID[0]], out.parent / "nowhere", "ko", memory) is None
    assert amended_index([BY_ID[0]], out, "ko", out.parent / "nowhere") is None


def test_what_another_version_left_is_none(finished: tuple[Path, Path]) -> None:
    """A memory of fewer values, or of none: the next one is made whole, and serves again."""
    out, memory = finished
    for core in (("another",), (), ()):
        for file in memory.glob("*.parts"):
            Parts(file).replace({"core": marshal.dumps(core)})
        assert amended_index([BY_ID[0]], out, "ko", memory) is None
    write_index(BY_ID, "ko", out, SYNONYMS, memory)
    assert amended_index([BY_ID[0]], out, "ko", memory) is not None


def test_articles_that_come_or_move_are_not_amended(finished: tuple[Path, Path]) -> None:
    out, memory = finished
    assert amended_index([replace(BY_ID[0], id="faq/new")], out, "ko", memory) is None
    assert amended_index([replace(BY_ID[0], url="moved/")], out, "ko", memory) is None


def test_articles_become_so_long_that_all_weigh_less(finished: tuple[Path, Path], tmp_path: Path) -> None:
    """What is usual has moved, so that every posting may be another: then, and only then, the index is made whole."""
    out, memory = finished
    library = list(BY_ID)
    done = []
    for at in range(0, len(BY_ID), 8):
        longer = [replace(one, text=f"{one.text} " * 5) for one in BY_ID[at : at + 8]]
        library[at : at + 8] = longer
        done.append(amend(out, longer, memory))
        if not done[-1]:
            write_index(library, "ko", out, SYNONYMS, memory)
        assert amend(out, [replace(longer[0], title="곰탕집")], memory)
        assert amend(out, [longer[0]], memory)
    assert not all(done)
    write_index(library, "ko", tmp_path / "cold", SYNONYMS)
    assert files(out) == files(tmp_path / "cold")


CHINESE = [
    Document(f"faq/{at}", f"faq/{at}/", title, f"{title}。{text}", "faq", language="zh-CN")
    for at, (title, text) in enumerate(
        [
            ("退款需要多少天", "退款一般在三个工作日内到账，节假日顺延。"),
            ("如何修改订单地址", "发货之前可以在订单页面修改收货地址。"),
            ("会员积分怎么用", "积分可以在结算时抵扣现金。"),
            ("怎样注销账户", "在设置里选择注销账户，数据会在三十天后删除。"),
        ]
        * 8
    )
]
THAI = [replace(one, language="th", text=f"{one.text} วิธีขอเงินคืน {one.title}") for one in BY_ID]
ENGLISH = [
    Document(
        f"faq/{at}", f"faq/{at}/", f"Refunds and cards {at}", "How long does a refund take? " * (at % 5 + 1), "faq"
    )
    for at in range(40)
]


@pytest.mark.parametrize(
    ("language", "documents", "more"),
    [
        ("zh-CN", CHINESE, ["积分可以在结算时", "訂單", "3 天", "換貨"]),
        ("th", THAI, ["ขอเงินคืน", "เปลี่ยนรหัสผ่าน", "wifi"]),
        ("en", ENGLISH, ["refunded cards", "the", "a new word", "환불은 어떻게"]),
        ("de", ENGLISH, ["Rückgabe", "Karten", "the"]),
        ("ja", JAPANESE * 2, ["返金", "料金について", "wifi"]),
    ],
)
def test_every_kind_of_language_is_amended(
    tmp_path: Path, language: str, documents: Sequence[Document], more: Sequence[str]
) -> None:
    """Letters by twos, letters by threes, stems by rules, dictionaries: what cannot be amended is made whole."""
    library = {f"{at}": replace(one, id=f"{at:03}", url=f"{at:03}/") for at, one in enumerate(documents)}
    warm, cold, memory = (tmp_path / name for name in ("warm", "cold", "memory"))
    write_index(library.values(), language, warm, (), memory)
    done = []
    for at, words in enumerate([*more, *more[::-1]]):
        one = library[f"{at % 3}"]
        library[f"{at % 3}"] = one = replace(one, text=f"{one.text} {words}", title=words)
        done.append(amend(warm, [one], memory, language))
        if not done[-1]:
            write_index(library.values(), language, warm, (), memory)
        write_index(library.values(), language, cold)
        assert files(warm) == files(cold)
    assert any(done)
