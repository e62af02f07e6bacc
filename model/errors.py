"""The error tree: every failure pagesieve raises on purpose.

    PagesieveError
    ├── InputError            what was sent can't be used
    │   ├── TooLargeError     more bytes than the limit
    │   ├── UndecodableError  bytes that are no text in any charset they could be in
    │   ├── SampleError       a labelled sample that contradicts itself
    │   └── UnknownError      a version, sample or training that is not there
    ├── ArtifactError         a model version can't be used
    │   ├── MissingError      there is none where one was looked for
    │   ├── CorruptError      its files are not what its manifest says
    │   └── MismatchError     made for another format, label set or library version
    ├── TrainingError         samples don't suffice to train or to evaluate
    ├── ConflictError         what can't be done in the state things are in
    ├── ProcessError          a process of several was killed
    └── StorageError          the folder of samples, trainings and versions can't be read or written

Each is raised with one sentence that says what was wrong and what to do about it.
"""


class PagesieveError(Exception):
    """Anything pagesieve refuses to do."""


class InputError(PagesieveError):
    """What was sent can't be used as it is."""


class TooLargeError(InputError):
    """The page is larger than the limit."""


class UndecodableError(InputError):
    """The bytes are no text in any charset they declare or could be in."""


class SampleError(InputError):
    """A labelled sample contradicts itself: labels that don't fit its lines, or an unknown label."""


class UnknownError(InputError):
    """A version, a sample or a training was named that is not there."""


class ArtifactError(PagesieveError):
    """A model version on disk can't be used."""


class MissingError(ArtifactError):
    """No model version where one was looked for."""


class CorruptError(ArtifactError):
    """Files of a model version differ from what its manifest says."""


class MismatchError(ArtifactError):
    """A model version made for another format, label set, feature set or library version."""


class TrainingError(PagesieveError):
    """The samples don't suffice to train or to evaluate a model."""


class ConflictError(PagesieveError):
    """It can't be done in the state things are in, such as a second training while one runs."""


class ProcessError(PagesieveError):
    """One of the processes that share some work was killed."""


class StorageError(PagesieveError):
    """The folder that holds samples, trainings and versions can't be read or written."""
