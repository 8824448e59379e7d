"""The stages of understanding as Rasa graph components, each a thin coat around a plain module.

config.yml names them in their order.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import settings
from bot.nlu import entities, ids, lexical, mood, semantic, tokens, typos
from bot.nlu.normalise import fold_width, normalise, simplified

ComponentType = DefaultV1Recipe.ComponentType
Config = dict[str, Any]

IDS = "ids"
NORMALISED = "normalised"
SAID = "said"
"""The message in simplified characters, half width, lower case, slips put right: what actions look into."""
WORDS = "words"
MOOD = "mood"
STEP = "step"
SCORES = "lexical_scores"
SEMANTIC = "semantic.npz"
INTENT_RANKING = "intent_ranking"
RANKED = 5
"""How many intents a ranking names."""
NOTHING_SAID = "out_of_scope"
"""The intent of a message without one readable character; its probability of 0 makes the bot ask."""


def _lexicon(config: Config) -> Path:
    """The lexicon folder; relative paths start at the project, wherever the command was run."""
    return settings.ROOT / str(config["lexicon"])


@DefaultV1Recipe.register(ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class ShopTokenizer(Tokenizer):
    """jieba with the shop's lexicon; also finds the ids and normalises the text for the stages behind it.

    The dialogue injects the shopper's own ids as message metadata.
    """

    @staticmethod
    def get_default_config() -> Config:
        """The folder with words.txt and typos.yml, and what Rasa's tokenizers expect."""
        return {"lexicon": "data/lexicon", "intent_tokenization_flag": False, "intent_split_symbol": "_"}

    def __init__(self, config: Config) -> None:
        """Load the lexicon."""
        super().__init__(config)
        self._segmenter = tokens.segmenter(_lexicon(config))
        self._typos = typos.load(_lexicon(config))

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Tokens with offsets of the untouched text; its ids, normal form and words are kept beside it."""
        text = message.get(attribute)
        folded = fold_width(text)
        spans = tokens.spans(folded, self._segmenter)
        if attribute == TEXT:
            found = ids.find(text, (message.get("metadata") or {}).get("own") or ids.OwnIds())
            said = self._typos.correct(simplified(folded))
            masked = self._typos.correct(simplified(ids.masked(folded, found)))
            plain = normalise(masked)
            message.set(IDS, found)
            message.set(SAID, said, add_to_output=True)
            message.set(NORMALISED, plain)
            same = spans if plain == folded else tokens.spans(plain, self._segmenter)
            message.set(WORDS, [word for word, _, _ in same])
        return [Token(word, start, end) for word, start, end in spans]

    @classmethod
    def fingerprint_addon(cls, config: Config) -> str | None:
        """Words decide tokens and slips what is read, so a changed lexicon is a changed tokenizer."""
        lexicon = _lexicon({**cls.get_default_config(), **config})
        files = [lexicon / name for name in (tokens.WORDS, typos.FILE)]
        return "".join(file.read_text(encoding="utf-8") for file in files if file.exists()) or None


@DefaultV1Recipe.register(ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ShopEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Rule-based values. The dialogue injects today and the catalogue's names as message metadata."""

    @staticmethod
    def get_default_config() -> Config:
        """The folder with synonyms.yml."""
        return {"lexicon": "data/lexicon"}

    @classmethod
    def create(
        cls,
        config: Config,
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ShopEntityExtractor:
        """Read the synonyms."""
        return cls(config)

    def __init__(self, config: Config) -> None:
        """Keep the names that hold for every shop."""
        self._common = entities.common_names(_lexicon(config))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the values that each message holds."""
        for message in messages:
            given = message.get("metadata") or {}
            today = given.get("today") or settings.load().now().date()
            names = [self._common, *([given["names"]] if given.get("names") else [])]
            text = message.get(TEXT) or ""
            found = [
                {
                    "entity": f.entity,
                    "value": f.value,
                    "start": f.start,
                    "end": f.end,
                    "extractor": type(self).__name__,
                }
                for f in entities.extract(text, today, names, message.get(IDS))
            ]
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    @staticmethod
    def required_packages() -> list[str]:
        """Packages this stage needs."""
        return ["ahocorasick"]


class _Lines:
    """The training lines that hold something to read: features, texts, intents and writers, row by row."""

    def __init__(self, training_data: TrainingData) -> None:
        examples = [example for example in training_data.intent_examples if example.get(NORMALISED)]
        self.documents = [lexical.grams(example.get(NORMALISED), example.get(WORDS)) for example in examples]
        self.texts = [fold_width(example.get(TEXT)) for example in examples]
        self.labels = [example.get(INTENT) for example in examples]
        self.writers = [_writer(example) for example in examples]


def _writer(example: Message) -> str:
    """Who wrote an example, from the metadata of its block; empty if it does not say."""
    return str(((example.get(METADATA) or {}).get(METADATA_INTENT) or {}).get("writer", ""))


def _tell(message: Message, ranking: list[tuple[str, float]], step: str) -> None:
    rows = [{"name": name, "confidence": p} for name, p in ranking[:RANKED]]
    message.set(INTENT, dict(rows[0]), add_to_output=True)
    message.set(INTENT_RANKING, rows, add_to_output=True)
    message.set(STEP, step, add_to_output=True)


@DefaultV1Recipe.register(ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LexicalClassifier(GraphComponent, IntentClassifier):
    """Linear model over character and word n-grams."""

    @classmethod
    def required_components(cls) -> list[type]:
        """It reads what the tokenizer leaves."""
        return [ShopTokenizer]

    @classmethod
    def create(
        cls,
        config: Config,
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LexicalClassifier:
        """An untrained stage."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Config,
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LexicalClassifier:
        """The trained stage from the model's storage."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, lexical.LexicalModel.load(folder))

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, model: lexical.LexicalModel | None = None
    ) -> None:
        """Keep where the model goes when trained."""
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the model on all examples with an intent and store it."""
        lines = _Lines(training_data)
        self._model = lexical.train(lines.documents, lines.labels, lines.writers)
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set each message's intent and ranking."""
        for message in messages:
            _tell(message, self._rank(message), "lexical")
        return messages

    def _rank(self, message: Message) -> list[tuple[str, float]]:
        if self._model is None:
            raise RuntimeError("LexicalClassifier was asked before it was trained or loaded")
        text = message.get(NORMALISED)
        if not any(ch.isalnum() for ch in text or ""):
            others = [name for name in self._model.intents if name != NOTHING_SAID]
            return [(NOTHING_SAID, 0.0), *((name, 0.0) for name in others)]
        scores = self._model.scores(lexical.grams(text, message.get(WORDS)))
        message.set(SCORES, scores)
        return lexical.ranked(self._model.intents, scores, self._model.temperature)


@DefaultV1Recipe.register(ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SemanticClassifier(GraphComponent, IntentClassifier):
    """Sentence vectors beside n-grams, where these are unsure; idle on platforms without the embedder."""

    @classmethod
    def required_components(cls) -> list[type]:
        """It reads what the tokenizer leaves, in training too; the lexical stage's scores only later."""
        return [ShopTokenizer]

    @staticmethod
    def get_default_config() -> Config:
        """The file with the training lines' vectors."""
        return {"vectors": "data/vectors.npz"}

    @classmethod
    def create(
        cls,
        config: Config,
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SemanticClassifier:
        """An untrained stage."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Config,
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SemanticClassifier:
        """The trained stage from the model's storage."""
        with model_storage.read_from(resource) as folder:
            path = folder / SEMANTIC
            model = semantic.SemanticModel.load(path) if path.exists() else None
        return cls(config, model_storage, resource, model)

    def __init__(
        self,
        config: Config,
        model_storage: ModelStorage,
        resource: Resource,
        model: semantic.SemanticModel | None = None,
    ) -> None:
        """Keep where the model goes when trained; open the embedder when there is a model to use it."""
        self._vectors = settings.ROOT / str(config["vectors"])
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        self._embedder = semantic.open_embedder() if model else None

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the model on all examples whose vector is stored or can be computed, and store it."""
        lines = _Lines(training_data)
        vectors = semantic.Vectors.read(self._vectors)
        embedder = semantic.open_embedder()
        if embedder is not None:
            vectors.add(lines.texts, embedder)
        with self._model_storage.write_to(self._resource) as folder:
            if not vectors.missing(lines.texts):
                scores = lexical.held_out_scores(lines.documents, lines.labels, lines.writers)
                model = semantic.train(vectors.of(lines.texts), scores, lines.labels, lines.writers)
                model.save(folder / SEMANTIC)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank anew where the lexical stage was unsure."""
        for message in messages:
            scores = message.get(SCORES)
            if self._model is None or self._embedder is None or scores is None:
                continue
            if message.get(INTENT)["confidence"] < self._model.sure:
                vector = self._embedder.vector(fold_width(message.get(TEXT)))
                joined = self._model.joined(scores, vector)
                _tell(
                    message, lexical.ranked(self._model.intents, joined, self._model.temperature), "semantic"
                )
        return messages


@DefaultV1Recipe.register(ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class CarefulFallback(FallbackClassifier):
    """Rasa's fallback, with a threshold of its own for intents that a wrong guess makes costly.

    Whom a guess sends to a person, or answers with small talk, is not helped; a question is cheap.
    """

    @staticmethod
    def get_default_config() -> Config:
        """Rasa's defaults; `careful` is {intent: threshold}."""
        return {**FallbackClassifier.get_default_config(), "careful": {}}

    def _nlu_confidence_below_threshold(self, message: Message) -> tuple[bool, float]:
        intent = message.get(INTENT)
        threshold = self.component_config["careful"].get(intent["name"], self.component_config["threshold"])
        return intent["confidence"] < threshold, intent["confidence"]


@DefaultV1Recipe.register(ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class MoodClassifier(GraphComponent):
    """How upset the shopper sounds, as the message property `mood`."""

    @staticmethod
    def get_default_config() -> Config:
        """The folder with mood.yml."""
        return {"lexicon": "data/lexicon"}

    @classmethod
    def create(
        cls,
        config: Config,
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MoodClassifier:
        """Read the mood words."""
        return cls(config)

    def __init__(self, config: Config) -> None:
        """Keep the mood words."""
        self._lexicon = mood.load(_lexicon(config))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set each message's mood."""
        for message in messages:
            message.set(MOOD, self._lexicon.of(message.get(NORMALISED) or "").value, add_to_output=True)
        return messages
