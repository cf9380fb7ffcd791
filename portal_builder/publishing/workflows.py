"""Owns the workflows that publish on hosted CI: what runs, when, and with which secrets. Refuses to run anything.

Hosted schedules are late, drop runs at the full hour, and are switched off where nobody pushes for 60 days. So ours run
several times an hour off the full hour, publish only what is due, keep themselves switched on, and are watched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from portal_builder.publishing.settings import Target

GITHUB, GITLAB = ".github/workflows/haedap.yml", ".gitlab-ci.yml"
_SITE = "build/public/current/site"
_PROGRAMS = {"netlify": "netlify-cli", "cloudflare": "wrangler"}
_MINUTES = 60


def minutes(name: str, every: int) -> str:
    """The minutes of an hour at which a help centre's schedule runs: never the full hour, and not everybody's at once.

    >>> minutes("centre", 15)
    '5,20,35,50'
    """
    step = max(5, min(every, _MINUTES))
    first = 1 + int(hashlib.sha256(name.encode()).hexdigest(), 16) % (step - 2)
    return ",".join(str(minute) for minute in range(first, _MINUTES, step))


def github(name: str, install: str, every: int, targets: Sequence[Target], brands: Sequence[str]) -> str:
    """A workflow of GitHub Actions. Without targets it deploys to GitHub Pages."""
    permissions = {"contents": "read", "actions": "write"}
    jobs = {"publish": _github_publish(install, targets, brands), "watchdog": _github_watchdog(install)}
    if not targets:
        permissions |= {"pages": "write", "id-token": "write"}
    elif any(target.kind == "pages" for target in targets):
        permissions["contents"] = "write"
    return _text(
        "Made by `haedap ci github`; yours to change. Secrets are set in the repository's settings.",
        {
            "name": "Haedap",
            "on": {
                "push": {"branches": ["main"]},
                "schedule": [{"cron": f"{minutes(name, every)} * * * *"}],
                "workflow_dispatch": {},
            },
            "permissions": permissions,
            "concurrency": {"group": "haedap-publish", "cancel-in-progress": False},
            "jobs": jobs,
        },
    )


def _github_publish(install: str, targets: Sequence[Target], brands: Sequence[str]) -> dict[str, Any]:
    secrets = {name: f"${{{{ secrets.{name} }}}}" for name in _secrets(targets)}
    publish: dict[str, Any] = {
        "name": "Publish",
        "run": "haedap publish ${{ github.event_name == 'schedule' && '--due' || '' }}",
    }
    steps = [
        *_github_setup(install, targets),
        {
            "name": "Bring the releases back",
            "uses": "actions/cache/restore@v4",
            "with": {"path": "build", "key": "haedap-none", "restore-keys": "haedap-"},
        },
        publish | ({"env": secrets} if secrets else {}),
        {
            "name": "Keep the releases",
            "if": "always()",
            "uses": "actions/cache/save@v4",
            "with": {"path": "build", "key": "haedap-${{ hashFiles('build/public/releases/*/release.json', "
                                             "'build/public/targets/*.json') }}"},
        },
        {
            "name": "Stay switched on",
            "if": "github.event_name == 'schedule'",
            "run": 'gh api --method PUT "repos/$GITHUB_REPOSITORY/actions/workflows/haedap.yml/enable"',
            "env": {"GH_TOKEN": "${{ github.token }}"},
        },
    ]  # fmt: skip  # one list
    job: dict[str, Any] = {"runs-on": "ubuntu-latest", "timeout-minutes": 30, "steps": steps}
    if not targets:
        path = f"{_SITE}/{brands[0]}" if len(brands) == 1 else _SITE
        steps += [
            {"name": "Pack", "uses": "actions/upload-pages-artifact@v3", "with": {"path": path}},
            {"name": "Deploy", "uses": "actions/deploy-pages@v4"},
        ]
        job["environment"] = {"name": "github-pages"}
    return job


def _github_watchdog(install: str) -> dict[str, Any]:
    """GitHub mails whoever watches the repository when it fails."""
    return {
        "needs": "publish",
        "if": "always() && github.event_name == 'schedule'",
        "runs-on": "ubuntu-latest",
        "timeout-minutes": 10,
        "steps": [*_github_setup(install, ()), {"name": "Is what was due out?", "run": "haedap watchdog --online"}],
    }


def _github_setup(install: str, targets: Sequence[Target]) -> list[dict[str, Any]]:
    """The whole history, since pages say when a text was last changed."""
    return [
        {"uses": "actions/checkout@v4", "with": {"fetch-depth": 0}},
        {"uses": "actions/setup-python@v5", "with": {"python-version": "3.13"}},
        *({"name": "Install", "run": command} for command in _installing(install, targets)),
    ]


def gitlab(name: str, install: str, every: int, targets: Sequence[Target], brands: Sequence[str]) -> str:
    """A pipeline of GitLab CI. Without targets it deploys to GitLab Pages."""
    cron = f"{minutes(name, every)} * * * *"
    scheduled, pushed = '$CI_PIPELINE_SOURCE == "schedule"', "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"
    publish: dict[str, Any] = {
        "stage": "deploy",
        "resource_group": "haedap-publish",
        "rules": [{"if": scheduled, "variables": {"DUE": "--due"}}, {"if": pushed}],
        "cache": {"key": "haedap", "paths": ["build/"], "when": "always"},
        "script": [*_installing(install, targets), "haedap publish $DUE"],
    }
    if not targets:
        path = f"{_SITE}/{brands[0]}" if len(brands) == 1 else _SITE
        publish["script"] += ["rm -rf public", f"cp -rL {path} public"]
        publish["artifacts"] = {"paths": ["public"]}
    watchdog = {
        "stage": ".post",
        "rules": [{"if": scheduled, "when": "always"}],
        "script": [install, "haedap watchdog --online"],
    }
    return _text(
        "Made by `haedap ci gitlab`; yours to change. GitLab keeps schedules in Build > Pipeline schedules: make one\n"
        f"# with the interval pattern `{cron}`. Secrets are set as masked CI/CD variables"
        + (f": {', '.join(_secrets(targets))}." if _secrets(targets) else "."),
        {
            "default": {"image": "python:3.13"},
            "variables": {"GIT_DEPTH": "0", "DUE": ""},
            "stages": ["deploy"],
            ("publish" if targets else "pages"): publish,
            "watchdog": watchdog,
        },
    )


def _installing(install: str, targets: Sequence[Target]) -> list[str]:
    programs = sorted({_PROGRAMS[target.kind] for target in targets if target.kind in _PROGRAMS})
    return [install, *([f"npm install --global {' '.join(programs)}"] if programs else [])]


def _secrets(targets: Sequence[Target]) -> list[str]:
    return list(dict.fromkeys(name for target in targets for name in target.module.SECRETS))


def _text(comment: str, workflow: Mapping[str, Any]) -> str:
    return f"# {comment}\n" + yaml.dump(workflow, Dumper=_Dumper, sort_keys=False, width=120, allow_unicode=True)


class _Dumper(yaml.SafeDumper):
    """Without anchors: people read and change these files."""

    def ignore_aliases(self, _: object) -> bool:
        return True
