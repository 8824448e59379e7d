"""What stages of Rasa's graph share: how they are made, and where they store and find what they learn."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import Any, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

Config = dict[str, Any]
_Made = TypeVar("_Made", bound="Stage")


class Stage(GraphComponent):
    """A stage that is made of its configuration, and knows where it may store what it learns."""

    @classmethod
    def create(
        cls: type[_Made],
        config: Config,
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> _Made:
        """As the configuration says; untrained."""
        return cls(config, model_storage, resource)

    def __init__(self, config: Config, model_storage: ModelStorage, resource: Resource) -> None:
        """Keep all of it."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource


class TrainedStage(Stage):
    """A stage that stores what it learns in a folder of the model."""

    @classmethod
    def load(
        cls: type[_Made],
        config: Config,
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> _Made:
        """The trained stage from the model's storage."""
        stage = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            stage.read(folder)
        return stage

    @abstractmethod
    def read(self, folder: Path) -> None:
        """Take what training stored."""
