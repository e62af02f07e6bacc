"""One trained version on disk: written aside and renamed, verified before it is unpickled, read whole.

A version is a folder of `weights.joblib` (arrays and scikit-learn estimators only), `report.json` and
`manifest.json`, which says what the weights are for and the SHA-256 of every other file. A pickle runs
code when it is loaded, so nothing is unpickled whose hash the manifest doesn't name.
"""

import hashlib
import io
import json
import os
import shutil
import tempfile
import textwrap
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import sklearn

from model.classifier import Classifier
from model.errors import ArtifactError, CorruptError, MismatchError, MissingError
from model.features.layout import Matrix
from model.features.matrix import NAMES
from model.features.nearby import BRIEF, SPANS
from model.features.ramps import Ramps
from model.features.structure import HINT_BUCKETS
from model.features.words import AROUND_BUCKETS, BUCKETS
from model.label import LABELS

FORMAT = 4
_KEPT_BITS, _HALF_STEP = 0xFFF8, 4
# A line's score is a sum over dozens of weights, the largest of several units: of each table smaller ones than this are
# not stored.
LEAST_WEIGHT = {"words": 2**-3, "around": 2**-3, "hints": 2**-5}
MANIFEST, WEIGHTS, REPORT = "manifest.json", "weights.joblib", "report.json"
SHIPPED = Path(__file__).parent / "trained"


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A trained version in memory: its name, what its manifest says, its weights."""

    version: str
    manifest: dict[str, Any]
    classifier: Classifier


def shipped() -> Model:
    """The version that ships with the package, read once in a process.

    Raises:
        ArtifactError: it is not there, or not as its manifest says.
    """
    return _read_once(SHIPPED)


@cache
def _read_once(folder: Path) -> Model:
    return read(folder)


def contract() -> dict[str, Any]:
    """What weights must have been made for to be used by this code and this scikit-learn."""
    return {
        "format": FORMAT,
        "labels": list(LABELS),
        "features": hashlib.sha256(
            json.dumps([NAMES, SPANS, BRIEF, BUCKETS, AROUND_BUCKETS, HINT_BUCKETS]).encode()
        ).hexdigest(),
        "scikit-learn": ".".join(sklearn.__version__.split(".")[:2]),
    }


def write(folder: Path, classifier: Classifier, report: dict[str, Any], facts: dict[str, Any]) -> str:
    """The name of the version written to `folder`, which must not exist yet or be a version to replace.

    `facts` (data fingerprint, counts, seed, date) go into the manifest. The folder appears whole or not
    at all. A version's name is its date and the beginning of its weights' hash.

    Raises:
        ArtifactError: the disk refused.
    """
    weights, stored, ramps = io.BytesIO(), rounded(classifier), classifier.ramps
    joblib.dump(
        {
            **{name: getattr(stored, name).astype(np.float16) for name in LEAST_WEIGHT},
            "ramps": np.stack((ramps.columns, ramps.low, ramps.slope)).astype(np.float32),
            "line": classifier.line,
            "page": classifier.page,
            "kin": classifier.kin,
        },
        weights,
        compress=("zlib", 6),
    )
    files = {WEIGHTS: weights.getvalue(), REPORT: _json(report)}
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    version = f"{facts['date']}-{hashes[WEIGHTS][:8]}"
    files[MANIFEST] = _json({"version": version, **contract(), **facts, "feature_names": NAMES, "sha256": hashes})
    check_place(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            for name, content in files.items():
                with (aside / name).open("wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
            aside.chmod(0o755)
            _put(aside, folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise ArtifactError(
            f"{folder}: the version could not be written: {error.strerror}. Free space or choose another folder."
        ) from error
    return version


def _put(aside: Path, folder: Path) -> None:
    """Rename `aside` to `folder`; a version that is there makes way, and comes back when that fails."""
    if not folder.exists():
        aside.rename(folder)
        return
    before = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        folder.rename(before)
    except OSError:
        before.rmdir()
        raise
    try:
        aside.rename(folder)
    except OSError:
        before.rename(folder)
        raise
    shutil.rmtree(before, ignore_errors=True)  # the new version stands: what is left of the old one harms nobody


def check_place(folder: Path) -> None:
    """Nothing, when a version may be written to `folder`.

    Raises:
        ArtifactError: something else than a version is there, which writing would destroy, or no folder
            can be made there.
    """
    if folder.exists() and not (folder / MANIFEST).is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise ArtifactError(f"{folder}: it exists and is no model version. Choose another folder.")
    above = next(path for path in folder.absolute().parents if path.exists())
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise ArtifactError(f"{folder}: the version could not be written into {above}. Choose another folder.")


def read(folder: Path) -> Model:
    """The version in `folder`.

    Raises:
        MissingError: there is none.
        CorruptError: a file is not what the manifest says.
        MismatchError: it was made for other labels, features or another scikit-learn.
    """
    manifest = read_manifest(folder)
    for key, wanted in contract().items():
        if manifest.get(key) != wanted:
            raise MismatchError(
                f"{folder}: the version was made for {key} {_short(manifest.get(key))}, this installation has "
                f"{_short(wanted)}. Train it again, or install the version of pagesieve it was made with."
            )
    hashes = manifest.get("sha256")
    if not isinstance(hashes, dict) or WEIGHTS not in hashes:
        raise CorruptError(f"{folder / MANIFEST}: it names no hash of {WEIGHTS}. Copy the version again.")
    files = {name: _verified(folder / name, digest) for name, digest in hashes.items()}
    weights = joblib.load(io.BytesIO(files[WEIGHTS]))
    columns, low, slope = weights["ramps"]
    classifier = Classifier(
        weights["words"].astype(np.float32),
        weights["around"].astype(np.float32),
        weights["hints"].astype(np.float32),
        Ramps(columns.astype(np.int64), low, slope),
        weights["line"],
        weights["page"],
        weights["kin"],
    )
    return Model(str(manifest["version"]), manifest, classifier)


def read_report(folder: Path) -> dict[str, Any]:
    """The report of the version in `folder`.

    Raises:
        MissingError: there is none.
        CorruptError: it is not what the manifest says.
    """
    hashes = read_manifest(folder).get("sha256")
    content = _verified(folder / REPORT, hashes.get(REPORT) if isinstance(hashes, dict) else None)
    found: dict[str, Any] = json.loads(content)
    return found


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of the version in `folder`, whose files are not looked at.

    Raises:
        MissingError: there is none.
        CorruptError: it names no version.
    """
    try:
        content = (folder / MANIFEST).read_bytes()
    except OSError as error:
        raise MissingError(f"{folder}: no model version is there ({MANIFEST}: {error.strerror}).") from error
    try:
        found = json.loads(content)
    except ValueError as error:
        raise CorruptError(f"{folder / MANIFEST}: not JSON. Copy the version again.") from error
    if not isinstance(found, dict) or "version" not in found:
        raise CorruptError(f"{folder / MANIFEST}: it names no version. Copy the version again.")
    return found


def _verified(path: Path, digest: str | None) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CorruptError(f"{path}: can't be read ({error.strerror}). Copy the version again.") from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise CorruptError(f"{path}: its bytes are not those the manifest names. Copy the version again.")
    return content


def rounded(classifier: Classifier) -> Classifier:
    """The classifier with its tables as a version stores them: half precision, with 7 bits of mantissa as bfloat16 has.

    Bits that are zero compress away, and so do weights below LEAST_WEIGHT, which become zero: most of them, and what
    is left answers as well (docs/experiments.md).
    """
    tables: dict[str, Any] = {name: _rounded(getattr(classifier, name), least) for name, least in LEAST_WEIGHT.items()}
    return replace(classifier, **tables)


def _rounded(table: Matrix, least: float) -> Matrix:
    bits = np.where(np.abs(table) < least, 0, table).astype(np.float16).view(np.uint16)
    return ((bits + np.uint16(_HALF_STEP)) & np.uint16(_KEPT_BITS)).view(np.float16).astype(np.float32)


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _short(value: object) -> str:
    return textwrap.shorten(str(value), 40, placeholder="...")
