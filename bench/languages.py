"""Measures how well a text is recognised as the language it claims, on real translated sentences of this machine.

`python -m bench.languages` reads the message catalogues that programs here bring (`/usr/share/locale`, written by their
translators), makes pages of 20 to 2,000 characters of them with code, addresses and names of products in between, and
asks of each page for its own language and for every other. Another seed makes other pages.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time

from babel.messages.mofile import read_mo

from portal_builder.catalogue import load_catalogues
from portal_builder.tongues.judge import Tongues, Verdict

FOLDERS = {
    "ko": "ko", "ja": "ja", "zh-CN": "zh_CN", "zh-TW": "zh_TW", "vi": "vi", "es": "es", "de": "de", "fr": "fr",
    "id": "id", "th": "th",
}  # fmt: skip  # a table
NO_PROSE = ("iso_", "xkeyboard", "gtk20-", "gtk30-")
"""Catalogues that hold names and no sentences."""
NAMES = ("Galaxy S25 Ultra", "iPhone 16 Pro", "Haedap", "PlayStation 5", "Google Play", "Windows 11", "Kakao T",
         "Samsung Wallet", "Nintendo Switch", "Visa", "Apple Pay", "Lumi Go")  # fmt: skip  # names of products
CODE = (
    "```bash\npip install haedap\nhaedap build --out public --portal ondam/ko\n```",
    "```python\nfor item in order.items:\n    if item.price is None:\n        raise ValueError('no price for it')\n```",
    '```json\n{"status": "not found", "error": "the order is not in the list"}\n```',
    "```\nERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)\n```",
    "Error: `ECONNREFUSED 127.0.0.1:5432`",
    "<https://example.com/en/help/how-to-return-the-item?from=mail>",
    "[Google Play](https://play.google.com/store/apps/details?id=com.example.the.app)",
    "`config.yml` → `server.host: 0.0.0.0`",
)
_MARK = re.compile(r"%[-+ #0-9.*l$]*[a-zA-Z%]|\{[\w.:!]*\}|\$\{?\w+\}?|[_&](?=\w)|\\[nt]|\x04|<[^>]*>")
_COMMAND = re.compile(r"^\W*(git|dpkg|gpg)\b|(^|\s)-{1,2}\w|\w=\w|[|{}<>\[\]]|::|\w\(\)|[A-Z]{4}")
_LETTERS = defaultdict(
    lambda: re.compile(r"[a-z]{3}"),
    ko=re.compile("[가-힣]"), ja=re.compile("[ぁ-ヺ一-鿿]"), th=re.compile("[ก-๛]"),
) | {"zh-CN": re.compile("[一-鿿]"), "zh-TW": re.compile("[一-鿿]")}  # fmt: skip  # a table


@dataclass
class Tally:
    """What was asked, and what was answered wrongly."""

    asked: int = 0
    wrong: int = 0
    unsure: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, *, is_right: bool, is_unsure: bool, example: str) -> None:
        self.asked += 1
        self.unsure += is_unsure
        if not is_right:
            self.wrong += 1
            self.examples.append(example)

    @property
    def accuracy(self) -> float:
        return 1 - self.wrong / max(1, self.asked)


def sentences(language: str, root: Path) -> list[str]:
    """Translated sentences: those that a translator wrote, not those left as they were."""
    found: list[str] = []
    folder = "es" if language == "en" else FOLDERS[language]
    for file in sorted((root / folder / "LC_MESSAGES").glob("*.mo")):
        if file.stem.startswith(NO_PROSE):
            continue
        try:
            with file.open("rb") as stream:
                catalogue = read_mo(stream)
        except (OSError, UnicodeDecodeError, ValueError):
            continue
        for message in catalogue:
            original, said = first_form(message.id), first_form(message.string)
            text = original if language == "en" else said
            if not original or (language != "en" and said == original):
                continue
            clean = " ".join(_MARK.sub(" ", text).split())
            if _COMMAND.search(clean) or not _LETTERS[language].search(clean):
                continue  # command lines are in no language
            if len(clean) >= (8 if language in {"ko", "ja", "zh-CN", "zh-TW"} else 20) and len(clean) < 400:
                found.append(clean)
    return sorted(set(found))


def first_form(text: str | Sequence[str] | None) -> str:
    """A message that has plural forms, in the first."""
    return text if isinstance(text, str) else text[0] if text else ""


def pages(texts: Sequence[str], count: int, chance: random.Random, *, heavy: bool) -> Iterator[str]:
    """Pages of 20 to 2,000 characters; heavy ones have more code than prose."""
    for _ in range(count):
        size = int(20 * 100 ** chance.random())
        blocks: list[str] = []
        said = 0
        while said < size:
            line = chance.choice(texts)
            if chance.random() < 0.3:
                line = f"{line} {chance.choice(NAMES)}"
            blocks.append(line)
            said += len(line)
            if size > 60 and chance.random() < 0.15:
                blocks.append(chance.choice(CODE))
        if heavy:
            blocks += chance.choices(CODE, k=3 + 2 * len(blocks))
            chance.shuffle(blocks)
        yield "\n\n".join(blocks)


def measure(root: Path, count: int, seed: int) -> tuple[dict[str, Tally], Tally, Mapping[str, Counter[str]]]:
    """Accuracy by the language a page is really in; alarms on code-heavy pages; what was taken for what."""
    chance = random.Random(seed)  # noqa: S311 -- pages, no secrets
    tongues = Tongues(load_catalogues(Path("nowhere")).catalogues)
    languages = [*FOLDERS, "en"]
    found: dict[str, Tally] = {}
    heavy = Tally()
    confused: dict[str, Counter[str]] = defaultdict(Counter)
    for language in languages:
        texts = sentences(language, root)
        tally = found[language] = Tally()
        for page in pages(texts, count, chance, heavy=False):
            own = tongues.judge(page, language)
            claimed = chance.choice([other for other in languages if other != language])
            other = tongues.judge(page, claimed)
            for judged, is_own, claim in ((own, True, language), (other, False, claimed)):
                is_right = (judged.verdict is not Verdict.NO) is is_own
                tally.add(is_right=is_right, is_unsure=judged.verdict is Verdict.UNSURE, example=f"{claim}: {page!r}")
                if not is_right:
                    confused[language][f"{'own' if is_own else claim}:{judged.looks_like}"] += 1
        for page in pages(texts, count, chance, heavy=True):
            judged = tongues.judge(page, language)
            heavy.add(is_right=judged.verdict is not Verdict.NO, is_unsure=False, example=f"{language}: {page!r}")
    return found, heavy, confused


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path("/usr/share/locale"))
    parser.add_argument("--count", type=int, default=500, help="pages a language")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--examples", type=int, default=0, help="wrong answers to show")
    given = parser.parse_args()
    start = process_time()
    found, heavy, confused = measure(given.root, given.count, given.seed)
    print(f"{'language':<10}{'asked':>8}{'wrong':>8}{'unsure':>8}{'accuracy':>10}")
    for language, tally in found.items():
        figures = f"{tally.asked:>8}{tally.wrong:>8}{tally.unsure:>8}{tally.accuracy:>10.4f}"
        print(f"{language:<10}{figures}  {dict(confused[language])}")
        for example in tally.examples[: given.examples]:
            print("   ", example[:200])
    asked, wrong = sum(tally.asked for tally in found.values()), sum(tally.wrong for tally in found.values())
    print(f"{'all':<10}{asked:>8}{wrong:>8}{'':>8}{1 - wrong / asked:>10.4f}")
    print(f"code-heavy pages: {heavy.asked}, false alarms: {heavy.wrong}; {process_time() - start:.1f} s of CPU")
    for example in heavy.examples[: given.examples]:
        print("   ", example[:300])


if __name__ == "__main__":
    main()
