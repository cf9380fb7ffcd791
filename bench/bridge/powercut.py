"""Owns what a power cut would leave of a data folder (`powercut.c`), and syncs that fail. Refuses to cut any power."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_SHIM = Path(__file__).with_name("powercut.c")


@dataclass(frozen=True)
class Disk:
    """A folder, and beside it what of it was synced."""

    folder: Path
    shadow: Path

    def prepare(self) -> None:
        """Folders are made before anything is kept in them, and count as durable."""
        for folder in (self.folder, *(self.shadow / name for name in ("inodes", "names", "removed"))):
            folder.mkdir(parents=True, exist_ok=True)

    def cut_power(self) -> None:
        """The folder becomes what was synced, and that is all on the disk from now on."""
        synced = self._synced()
        folders = [path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_dir()]
        shutil.rmtree(self.folder)
        for folder in (Path(), *folders):
            (self.folder / folder).mkdir()
        for name, content in synced:
            shutil.copy(content, self.folder / name) if content.exists() else (self.folder / name).touch()
        shutil.rmtree(self.shadow)
        self.prepare()
        self._all_is_synced()

    def _synced(self) -> list[tuple[Path, Path]]:
        """Every name that was synced, and where the bytes are that were; a name may come without any."""
        found = []
        for names in (self.shadow / "names").iterdir():
            folder = Path(names.name[1:].replace("%", "/"))
            for line in names.read_text("utf-8").splitlines():
                number, _, name = line.partition(" ")
                found.append((folder / name, self.shadow / "inodes" / number))
        return found

    def _all_is_synced(self) -> None:
        for folder in (self.folder, *(path for path in self.folder.rglob("*") if path.is_dir())):
            files = [path for path in folder.iterdir() if path.is_file()]
            for file in files:
                shutil.copy(file, self.shadow / "inodes" / str(file.stat().st_ino))
            names = "".join(f"{file.stat().st_ino} {file.name}\n" for file in files)
            title = "" if folder == self.folder else str(folder.relative_to(self.folder)).replace("/", "%")
            (self.shadow / "names" / f"={title}").write_text(names, "utf-8")


def build_shim(folder: Path) -> Path:
    """The library that stands between a process and the disk, compiled."""
    library = folder / "powercut.so"
    if not library.exists():
        command = [find_compiler() or "cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(_SHIM), "-ldl"]
        subprocess.run(command, check=True)
    return library


def find_compiler() -> str | None:
    return shutil.which("cc") or shutil.which("gcc")
