"""Sites of Docusaurus, Jekyll and MkDocs come over with their order, addresses and languages, and build."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import markdown
import pytest

from portal_builder.importing.dialect import common_markdown, own_markdown
from support import SMALL, haedap, write_tree

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"></svg>'

DOCUSAURUS: Mapping[str, str | bytes] = {
    "in/docusaurus.config.js": "export default {url: 'https://help.nuri.example', baseUrl: '/', "
    "i18n: {defaultLocale: 'ko', locales: ['ko', 'en']}};\n",
    "in/docs/intro.md": "---\nslug: /\nsidebar_position: 1\n---\n\n"
    "# 처음\n\n안녕 [환불](./01-billing/02-refund.mdx#기간).\n",
    "in/docs/01-billing/_category_.json": '{"label": "결제", "position": 2}',
    "in/docs/01-billing/02-refund.mdx": """---
title: 환불
description: 환불이 들어오는 때
keywords: [카드취소]
sidebar_position: 2
---

import Tabs from '@theme/Tabs';
import TabItem from '@theme/TabItem';

## 기간

:::tip[알아 두세요]
3~5일 걸려요.
:::

1. 엽니다
   - 하나
   - 둘

   ```js title="a.js" {1}
   <Keep/> // :::
   ```
2. 닫습니다

<Tabs>
<TabItem value="ios" label="iPhone">

설정을 여세요.

</TabItem>
</Tabs>

<Chart data="x">숫자</Chart>

![세 단계](/img/steps.svg) [처음](../intro.md) [직접](card)
[없음](./gone.md) [초안](03-draft.md)
<img src="@site/static/img/none.png" alt="없는 그림" />
<iframe src="https://video.example/1"></iframe>
""",
    "in/docs/01-billing/card.md": "카드 글\n",
    "in/docs/01-billing/03-draft.md": "---\ntitle: 초안\ndraft: true\n---\n\n글\n",
    "in/docs/01-billing/_part.md": "조각\n",
    "in/i18n/en/docusaurus-plugin-content-docs/current/01-billing/02-refund.mdx": "---\ntitle: Refund\n---\n## 기간\n",
    "in/static/img/steps.svg": SVG,
    "in/blog/2024-01-01-x.md": "x",
}

JEKYLL: Mapping[str, str | bytes] = {
    "in/_config.yml": "title: 누리\nurl: https://help.nuri.example\ncollections:\n  guides:\n    output: true\n",
    "in/_posts/2024-03-05-refund.md": """---
title: "환불: 안내"
categories: [billing]
tags: [카드, 환불]
redirect_from:
  - /old/refund/
date: 2024-03-05 10:00:00 +0900
---

안내 [카드]({% post_url 2024-03-06-card %}) [설명]({% link _guides/how.md %})
[처음]({{ '/about.html' | relative_url }}).
{% include video.html id="1" %}

{% highlight python %}
print("{% raw %}{{ x }}{% endraw %}")
{% endhighlight %}

- 하나
  - 둘

![세 단계]({{ site.baseurl }}/assets/steps.svg)
<script>alert(1)</script>
""",
    "in/_posts/2024-03-06-card.md": "---\ntitle: 카드\ncategories: billing\npublished: false\n---\n글\n",
    "in/_drafts/later.md": "---\ntitle: 나중\n---\n글\n",
    "in/_guides/how.md": "---\npermalink: /how/\n---\n# 어떻게\n\n글\n",
    "in/about.md": "---\ntitle: 소개\nlayout: page\n---\n글\n",
    "in/README.md": "읽지 마세요\n",
    "in/assets/steps.svg": SVG,
}

MKDOCS: Mapping[str, str | bytes] = {
    "in/mkdocs.yml": """site_name: 누리
site_url: https://help.nuri.example/guide/
docs_dir: pages
nav:
  - 처음: index.md
  - 결제:
      - 환불: money/refund.md
      - 더:
          - money/card.md
plugins:
  - search
  - redirects:
      redirect_maps:
        old/refund.md: money/refund.md
markdown_extensions:
  - pymdownx.emoji:
      emoji_index: !!python/name:material.extensions.emoji.twemoji
""",
    "in/pages/index.md": "# 처음\n\n[환불](money/refund.md)\n",
    "in/pages/money/refund.md": "# 환불\n\n!!! note\n    글\n\n![세 단계](../img/steps.svg) [처음](../index.md)"
    ' [주소](https://help.nuri.example/guide/money/card/)\n\n--8<-- "a.md"\n',
    "in/pages/money/refund.en.md": "---\ntitle: Refund\n---\n\nText\n",
    "in/pages/money/card.md": "# 카드\n\n- 하나\n    - 둘\n",
    "in/pages/img/steps.svg": SVG,
}


def imported(tmp_path: Path, files: Mapping[str, str | bytes]) -> tuple[Path, str]:
    """The centre after an import that went well, checked and built, and what was said."""
    root = write_tree(tmp_path / "centre", {path: text for path, text in SMALL.items() if "refund" not in path})
    write_tree(tmp_path, files)
    done = haedap("import", tmp_path / "in", "--root", root)
    assert done.returncode == 0, done.stdout + done.stderr
    checked = haedap("check", "--root", root)
    assert checked.returncode == 0, checked.stdout
    built = haedap("build", "--root", root)
    assert built.returncode == 0, built.stderr
    assert "0 files written" in haedap("import", tmp_path / "in", "--root", root).stderr
    return root, done.stdout


def test_a_docusaurus_site_comes_over(tmp_path: Path) -> None:
    """Order, categories, notes, tabs, lists, links by file and address, static pictures, translations, drafts."""
    root, said = imported(tmp_path, DOCUSAURUS)
    assert "a Docusaurus site" in said
    refund = (root / "content/faq/billing/refund.ko.md").read_text("utf-8")
    assert refund.startswith(
        "---\ntitle: 환불\nsummary: 환불이 들어오는 때\norder: 2\nredirect_from:\n- docs/billing/refund\n"
    )
    assert '!!! tip "알아 두세요"\n\n    3~5일 걸려요.' in refund
    assert "1.  엽니다\n    -   하나\n    -   둘" in refund
    assert "    ```js\n    <Keep/> // :::\n    ```" in refund
    assert '=== "iPhone"\n\n\n    설정을 여세요.' in refund
    assert "숫자" in refund
    assert (
        re.search(r"!\[세 단계\]\(images/steps-\w+\.svg\) \[처음\]\(\.\./docs\S*\.md\)", refund)
        or "[처음](../" in refund
    )
    assert "[직접](card.ko.md)\n없음 초안" in refund
    assert "import Tabs" not in refund
    assert "title: Refund" in (root / "content/faq/billing/refund.en.md").read_text("utf-8")
    assert "title: 결제\norder: 2\n" in (root / "content/faq/billing/index.ko.md").read_text("utf-8")
    assert (root / "content/faq/billing/_draft.ko.md").is_file()
    assert not [path for path in root.rglob("*part*") if "build" not in path.relative_to(root).parts]
    for word in ("<Chart>", "./gone.md", "none.png", "video.example", "blog: "):
        assert word in said, word
    assert (root / "build/site/daon/ko/docs/billing/refund/index.html").is_file()


def test_a_jekyll_site_comes_over(tmp_path: Path) -> None:
    """Posts with dates, pages, collections, permalinks, redirects, Liquid in links and code, drafts."""
    root, said = imported(tmp_path, JEKYLL)
    assert "a Jekyll site" in said
    refund = (root / "content/faq/billing/refund.ko.md").read_text("utf-8")
    assert "publish_at: '2024-03-05T10:00+09:00'\n" in refund or "publish_at: 2024-03-05T10:00+09:00\n" in refund
    assert "- billing/2024/03/05/refund.html\n- old/refund\n" in refund
    assert "안내 카드 [설명](../guides/how.ko.md)\n[처음](../about.ko.md)." in refund
    assert '```python\nprint("{{ x }}")\n```' in refund
    assert "-   하나\n    -   둘" in refund
    assert re.search(r"!\[세 단계\]\(images/steps-\w+\.svg\)", refund)
    assert "script" not in refund
    assert "redirect_from:\n- how\n" in (root / "content/faq/guides/how.ko.md").read_text("utf-8")
    assert (root / "content/faq/billing/_card.ko.md").is_file()
    assert (root / "content/faq/_later.ko.md").is_file()
    for word in ("{% include video.html", "a script", "draft"):
        assert word in said, word
    assert "읽지 마세요" not in "".join(file.read_text("utf-8") for file in root.rglob("*.md"))


def test_an_mkdocs_project_comes_over(tmp_path: Path) -> None:
    """Navigation as categories and order, its Markdown as it is, redirects, translations by suffix."""
    root, said = imported(tmp_path, MKDOCS)
    assert "an MkDocs project" in said
    refund = (root / "content/faq/결제/refund.ko.md").read_text("utf-8")
    assert "title: 환불\norder: 20\nredirect_from:\n- guide/money/refund\n- guide/old/refund\n" in refund
    assert "!!! note\n    글" in refund
    assert "[처음](../home.ko.md) [주소](card.ko.md)" in refund
    assert "- 하나\n    - 둘" in (root / "content/faq/결제/card.ko.md").read_text("utf-8")
    assert "title: Refund" in (root / "content/faq/결제/refund.en.md").read_text("utf-8")
    assert "title: 결제\norder: 10\n" in (root / "content/faq/결제/index.ko.md").read_text("utf-8")
    assert "--8<--" in said


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"in/mkdocs.yml": "docs_dir: ../../secret\n", "secret/a.md": "x"}, "mkdocs.yml:1: the settings"),
        ({"in/mkdocs.yml": "a: [\n", "in/docs/a.md": "x"}, "mkdocs.yml:2: this is not valid YAML"),
        ({"in/_config.yml": "title: x\n", "in/a.md": "---\ntitle: [\n---\n"}, "a.md:3: this is not valid YAML"),
        ({"in/_config.yml": "title: x\n", "in/a.md": "no front matter"}, "no article was found"),
        ({"in/docusaurus.config.js": "x", "in/docs/a.md": b"\xff\xfea"}, "not UTF-8"),
        ({"in/docusaurus.config.js": "x", "in/docs/a.md": b"a\0b"}, "zero bytes"),
        ({"in/docusaurus.config.js": "x", "in/docs/a/b.md": "x", "in/docs/a/_category_.json": "{"}, "settings"),
    ],
)
def test_a_site_that_cannot_be_read_is_told_and_nothing_is_written(
    tmp_path: Path, files: Mapping[str, str | bytes], said: str
) -> None:
    """One line for each file, exit code 1."""
    root = write_tree(tmp_path / "centre", SMALL)
    write_tree(tmp_path, files)
    before = sorted((root / "content").rglob("*"))
    done = haedap("import", tmp_path / "in", "--root", root)
    assert done.returncode == 1, done.stdout
    assert said in done.stdout
    assert "Traceback" not in done.stderr
    assert sorted((root / "content").rglob("*")) == before


def test_code_is_left_alone() -> None:
    """Tags, notes and imports within code are what the article is about."""
    text = "```md\n:::tip\nimport x from 'y'\n<Foo/>\n- a\n  - b\n```\n\n`<Foo/>` and ``{/* x */}``\n"
    assert common_markdown(text, is_mdx=True).text == text.strip()
    assert own_markdown(text).text == text.strip()


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("- a\n  - b\n    - c\n- d", "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>"),
        ("글\n- a\n- b", "<p>글</p><ul><li>a</li><li>b</li></ul>"),
        ("1. a\n   - b\n2. c", "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"),
        ("1) a\n2) b", "<ol><li>a</li><li>b</li></ol>"),
    ],
)
def test_lists_nest_as_they_did(written: str, shape: str) -> None:
    """CommonMark nests by two spaces, Python-Markdown by four."""
    html = markdown.markdown(common_markdown(written).text)
    assert re.sub(r"\s+", "", html) == shape
