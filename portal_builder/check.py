"""Owns the whole of what is wrong with a help centre's files. Refuses to stop at the first fault.

What one file says of itself was checked when it was read; what files say about one another is checked here.
"""

from __future__ import annotations

from portal_builder.centre import Centre
from portal_builder.check_articles import article_problems
from portal_builder.check_brands import brand_problems, form_problems
from portal_builder.check_flows import flow_problems
from portal_builder.check_overrides import override_problems
from portal_builder.problem import Problem


def check(centre: Centre) -> tuple[Problem, ...]:
    """Every problem, each once, in the order of files and lines."""
    found = {*centre.problems, *article_problems(centre), *brand_problems(centre)}
    return tuple(sorted({*found, *form_problems(centre), *flow_problems(centre), *override_problems(centre)}))
