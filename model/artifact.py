"""One trained version on disk. INTERFACE DRAFT.

    read(folder: Path) -> Model      raises ArtifactError (MissingError, CorruptError, MismatchError)
    shipped() -> Model               the version in model/trained, read once per process
    Model.version: str               e.g. "2026-11-22-1a2b3c4d"
    Model.manifest: dict             format, labels, feature names, library versions, data fingerprint, SHA-256 of files
"""
