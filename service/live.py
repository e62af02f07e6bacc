"""The model that answers now, swapped whole."""

from model import artifact
from model.artifact import Model
from service.settings import Settings


def load(settings: Settings) -> Model:
    """The model version the settings name, by default the one that ships.

    Raises:
        ArtifactError: there is none, or it can't be used.
    """
    return artifact.shipped() if settings.model is None else artifact.read(settings.model)


class Live:
    """Holds the current model. A request takes it once and answers with it to the end."""

    def __init__(self, model: Model) -> None:
        """Start with `model`."""
        self._model = model

    @property
    def model(self) -> Model:
        """The model current at this moment."""
        return self._model

    def swap(self, model: Model) -> None:
        """Make `model` the current one; answers under way finish with theirs."""
        # One reference is replaced, which is atomic: a thread sees the old model or the new one.
        self._model = model
