"""What the search remembers saves work and changes nothing: an index grown over edits is the index begun anew."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from search.corpus import JAPANESE, KOREAN, SYNONYMS

from portal_builder.search.analyse import read
from portal_builder.search.document import Document
from portal_builder.search.learn import taught
from portal_builder.search.memory import recall, remember
from portal_builder.search.words import normal, runs
from portal_builder.search.write import write_index
from support import REPOSITORY

SENTENCES = [
    *(sentence for one in (*KOREAN, *JAPANESE) for sentence in (one.title, *one.text.split(". "))),
    "고객센터운영시간은언제인가요", "환불받을수있을까요", "무서워서 못 하겠어요", "물의 온도", "물", "가", "상담원의",
    "English words, and their endings: connecting connections", "東京タワーの営業時間と料金について", "退款需要多少天",
    "Ｗｉ－Ｆｉ E-1023 오류", "", "보증서와 보증금과 보증", "주문서 주문 주문번호 문서",
]  # fmt: skip  # a list of sentences
text = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6).map(" ".join)
document = st.builds(
    lambda at, title, body, words, tongue: Document(
        f"faq/{at}", f"faq/{at}/", title, body, "faq", keywords=tuple(words), language=tongue
    ),
    st.integers(0, 30),
    st.sampled_from(SENTENCES),
    text,
    st.lists(st.sampled_from(["계정삭제", "반품", "wifi"]), max_size=1),
    st.sampled_from(["ko", "en"]),
)
edits = st.lists(st.tuples(document, st.booleans()), min_size=1, max_size=8)


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits)
def test_whatever_is_edited_the_index_is_as_if_begun_anew(steps: list[tuple[Document, bool]]) -> None:
    """Articles come, change and go: after each step every byte is that of an index without a memory."""
    library = {one.id: one for one in KOREAN}
    with tempfile.TemporaryDirectory() as work:
        warm, cold, memory = (Path(work) / name for name in ("warm", "cold", "memory"))
        write_index(library.values(), "ko", warm, SYNONYMS, memory)
        for one, goes in steps:
            library.pop(one.id, None)
            if not goes:
                library[one.id] = one
            write_index(library.values(), "ko", warm, SYNONYMS, memory)
            write_index(library.values(), "ko", cold, SYNONYMS)
            assert files(warm) == files(cold)


STRANGE = "aZ0é가힣ㅂㅎᄒ환ᆨกーｶ漢Σσ\u0301\u0338\u1160\u1100\u3099\u00a0\u00b4\u1e9b\u2000\u3000\u001c\u0085 \t\n-.'’_#"
"""Letters that change with those beside them, and what may or may not stand between words."""


@given(st.text(st.sampled_from(STRANGE), max_size=60) | st.text(max_size=60))
def test_a_text_says_what_its_words_say(said: str) -> None:
    """Each word is looked at once, however often it stands there: that is as if all were looked at together."""
    found = read(Document("faq/a", "faq/a/", "", f"{said} {said} x"))
    whole = Counter(runs(normal(f"{said} {said} x")))
    assert (found.weights, found.length) == (whole, whole.total())


UPDATE = """
import sys
from dataclasses import replace
from pathlib import Path
from search.corpus import KOREAN
from portal_builder.search.words import normal, runs
from portal_builder.search.write import write_index
from support import REPOSITORY
edited = [replace(KOREAN[0], text=KOREAN[0].text + sys.argv[3]), *KOREAN[1:]]
write_index(edited, "ko", Path(sys.argv[1]), cache=Path(sys.argv[2]))
print("fugashi" in sys.modules)
"""


@pytest.mark.parametrize(("more", "loaded"), [("", False), (" 1234", False), (" connecting", False), (" 곰탕집", True)])
def test_an_edit_loads_what_its_words_need(tmp_path: Path, more: str, loaded: bool) -> None:
    """A dictionary takes longer to load than an article to index: without new words none is."""
    write_index(KOREAN, "ko", tmp_path / "out", cache=tmp_path / "memory")
    command = [sys.executable, "-c", UPDATE, str(tmp_path / "out"), str(tmp_path / "memory"), more]
    environment = {**os.environ, "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{REPOSITORY / 'tests'}"}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == str(loaded)


def test_a_memory_that_is_broken_or_of_another_version_is_none(tmp_path: Path) -> None:
    """Every prefix of it, and plain values of another shape: the index is made anew."""
    out, memory = tmp_path / "out", tmp_path / "memory"
    write_index(KOREAN, "ko", out, cache=memory)
    before, (file,) = files(out), memory.glob("*.parts")
    whole = file.read_bytes()
    for broken in (b"", b"broken", whole[:100], whole[: len(whole) // 2], whole[:-1], b"i\x05\x00\x00\x00"):
        file.write_bytes(broken)
        write_index(KOREAN, "ko", out, cache=memory)
        assert files(out) == before
    assert list(memory.glob("*.parts")) == [file]


def test_two_builds_at_once_leave_one_whole_memory(tmp_path: Path) -> None:
    """Each writes a file of its own and puts it in place: what is read is one of theirs, whole."""
    file, values = tmp_path / "memory", [{str(at): bytes([at]) * 500_000} for at in range(4)]
    remember(file, "key", values[0])
    builds = [threading.Thread(target=remember, args=(file, "key", value)) for value in values for _ in range(5)]
    for build in builds:
        build.start()
    while any(build.is_alive() for build in builds):
        assert recall(file, "key") in values
    assert recall(file, "other key") is None
    assert list(tmp_path.iterdir()) == [file]


def test_rare_runs_of_japanese_teach_too() -> None:
    """A run of Japanese is half a sentence and counts once, however many there are; rare Korean words may wait."""
    digits = str.maketrans("0123456789", "零一二三四五六七八九")
    many = {f"返金{number:05}".translate(digits): 1 for number in range(9_000)}
    assert "返金" in taught(many, "ja").stems
    assert taught(many, "ko").least == 2
