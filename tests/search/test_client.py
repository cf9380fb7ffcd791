"""The client and the builder are two programs of one mind: the same words, the same stems, the same answers."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from node import find_node
from search.asking import ask
from search.corpus import HABITS

from portal_builder.search.client import client
from portal_builder.search.tongue import stemming
from portal_builder.search.words import normal, runs, spaced_terms, stem
from support import REPOSITORY


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
