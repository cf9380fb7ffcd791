"""Owns a template without the room that its writers need to read it: indents, and lines that hold nothing but a tag.

Every page would carry them. Refuses to touch what a line says: words that stood apart still do. The text must not hold
`<pre>` across lines.
"""

from __future__ import annotations

import re

_TAG_ALONE = re.compile(
    r"\{%-?\s*(?:if|elif|else|endif|for|endfor|block|endblock|set|import|extends|macro|endmacro|with|endwith)\b[^%]*%\}"
)


def dense(template: str) -> str:
    """The same template, which draws the same page with less white space between its elements.

    >>> dense("<ul>\\n  {% for one in all %}\\n  <li>{{ one }}</li>\\n  {% endfor %}\\n</ul>\\n")
    '<ul>\\n{% for one in all %}<li>{{ one }}</li>\\n{% endfor %}</ul>\\n'
    """
    lines = (line.strip() for line in template.splitlines())
    return "".join(line if _TAG_ALONE.fullmatch(line) else f"{line}\n" for line in lines)
