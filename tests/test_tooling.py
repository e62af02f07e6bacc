"""What the repository promises to those who build from it."""

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.mark.parametrize("name", ["run", "dev", "peers"])
def test_locks_pin_hashes_and_name_no_place(root: Path, name: str) -> None:
    lock = (root / "requirements" / f"{name}.lock").read_text()
    assert not re.search(r"https?:|file:|--(?:extra-)?index-url|--find-links|@", lock)
    requirements = re.split(r"\n(?=\S)", lock.strip())
    assert len(requirements) > 10
    for requirement in requirements:
        assert re.match(r"[a-z0-9-]+==[^ ]+ ", requirement), requirement
        assert "--hash=sha256:" in requirement


def test_the_small_lock_is_part_of_the_large_one(root: Path) -> None:
    run, dev = ((root / "requirements" / f"{name}.lock").read_text() for name in ("run", "dev"))
    pins = re.findall(r"^\S+==\S+", run, re.MULTILINE)
    assert pins
    assert all(pin in dev for pin in pins)


def test_make_alone_is_help(root: Path) -> None:
    told = subprocess.run(["make", "--no-print-directory"], cwd=root, check=True, capture_output=True, text=True).stdout
    for target in ("setup", "serve", "test", "check", "train", "bench", "help"):
        assert re.search(rf"^  make {target} +\w", told, re.MULTILINE)


def test_no_module_is_too_long(root: Path) -> None:
    modules = [path for room in ("model", "service", "training") for path in (root / room).rglob("*.py")]
    assert len(modules) > 20
    assert {path.name: length for path in modules if (length := len(path.read_text().splitlines())) > 300} == {}


def test_what_is_installed_is_whole(root: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    for name in ("model", "service", "training"):
        shutil.copytree(root / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(root / name, source)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", str(source)]
    subprocess.run([*build, "--wheel-dir", str(tmp_path)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        installed = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert installed == {str(path.relative_to(source)) for path in _files(source)}


def _files(source: Path) -> Iterator[Path]:
    """What was copied, less what building it left behind."""
    for room in ("model", "service", "training"):
        yield from (path for path in (source / room).rglob("*") if path.is_file())
