"""Owns the target `pages`: a branch of a git repository, as GitHub Pages and others serve it.

Refuses to rewrite history unless it is told to keep none.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from portal_builder.publishing.parcel import Parcel, Sent, TargetError, TargetOptions, run

SECRETS = ()
_CI = """\
pages:
  script: ["true"]
  artifacts: {paths: [public]}
"""
"""GitLab serves what a job leaves in `public/`."""


class Options(TargetOptions):
    repository: Annotated[str, Field(min_length=1, pattern=r"^[^-\s]\S*$")]
    """Any address that git can push to."""
    branch: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$")] = "gh-pages"
    host: Literal["github", "gitlab"] = "github"
    domain: Annotated[str, Field(pattern=r"^[a-z0-9.-]+$")] | None = None
    """Written to `CNAME`, which GitHub reads."""
    history: bool = True
    """Whether each release is a commit on top of the last; otherwise the branch holds one commit alone."""
    author: str = "Haedap <haedap@localhost>"


def host_of(_: Options) -> str:
    return "pages"


def send(options: Options, parcel: Parcel) -> Sent:
    """Commit what differs and push it; git itself sends only what the other side lacks."""
    folder = parcel.unpack()
    _own_files(options, folder)
    repository = parcel.desk / "git"
    git = ["git", f"--git-dir={repository}", "-c", "core.autocrlf=false", "-c", "core.excludesFile=/dev/null"]
    git += ["-c", "core.trustctime=false"]  # a file that became part of another release as well has not changed
    if not repository.is_dir():
        run(["git", "init", "--quiet", "--bare", str(repository)], parcel)
    has_branch = run([*git, "ls-remote", "--heads", options.repository, f"refs/heads/{options.branch}"], parcel).strip()
    old = ""
    if has_branch:
        run([*git, "fetch", "--quiet", "--depth=1", options.repository, f"refs/heads/{options.branch}"], parcel)
        old = run([*git, "rev-parse", "FETCH_HEAD"], parcel).strip()
    tree = _tree(git, folder, parcel)
    changed = _changed(git, old, tree, parcel)
    if old and not (changed.written or changed.removed):
        return changed
    commit = _commit(git, options, tree, old if options.history else "", parcel)
    lease = [] if options.history else [f"--force-with-lease=refs/heads/{options.branch}:{old}"]
    run([*git, "push", "--quiet", *lease, options.repository, f"{commit}:refs/heads/{options.branch}"], parcel)
    return changed


def _own_files(options: Options, folder: Path) -> None:
    if options.host == "gitlab":
        inner = folder.with_name("public")
        folder.rename(inner)
        folder.mkdir()
        inner.rename(folder / "public")
        (folder / ".gitlab-ci.yml").write_text(_CI, "utf-8")
    if options.domain:
        (folder / "CNAME").write_text(f"{options.domain}\n", "utf-8")


def _tree(git: list[str], folder: Path, parcel: Parcel) -> str:
    """Everything in the folder, whatever a .gitignore of somebody says."""
    work = [*git, f"--work-tree={folder.resolve()}"]
    run([*work, "add", "--all", "--force", "."], parcel, cwd=folder)
    return run([*work, "write-tree"], parcel).strip()


def _changed(git: list[str], old: str, tree: str, parcel: Parcel) -> Sent:
    base = old or run([*git, "mktree"], parcel, given="").strip()
    lines = run([*git, "diff-tree", "-r", "--name-status", "--no-renames", base, tree], parcel).splitlines()
    removed = sum(line.startswith("D") for line in lines)
    return Sent(len(lines) - removed, removed)


def _commit(git: list[str], options: Options, tree: str, parent: str, parcel: Parcel) -> str:
    name, _, mail = options.author.partition(" <")
    if not mail.endswith(">"):
        raise TargetError(f"author: {options.author}")
    who = ["-c", f"user.name={name}", "-c", f"user.email={mail[:-1]}"]
    parents = ["-p", parent] if parent else []
    return run([*git, *who, "commit-tree", tree, *parents, "-m", f"Release {parcel.number}"], parcel).strip()
