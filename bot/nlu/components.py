"""The stages of understanding as Rasa graph components, each a thin coat around a plain module.

config.yml names them in their order.
"""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import settings
from bot.nlu import entities, homophones, ids, lexical, mood, noise, semantic, tokens, typos
from bot.nlu.asking import Asking
from bot.nlu.normalise import fold_width, normalise, simplified
from bot.nlu.stage import Config, Stage, TrainedStage

logger = logging.getLogger(__name__)
ComponentType = DefaultV1Recipe.ComponentType

IDS = "ids"
NORMALISED = "normalised"
SAID = "said"
"""The message in simplified characters, half width, lower case, slips put right: what actions look into."""
WORDS = "words"
GRAMS = "grams"
MOOD = "mood"
STEP = "step"
SCORES = "lexical_scores"
"""The n-grams' score per intent; of a training line, by a model that has not seen its writer."""
ASKING = "asking"
SEMANTIC = "semantic.npz"
INTENT_RANKING = "intent_ranking"
LONGEST = 500
"""Characters that words are looked for in; values are found behind them, too."""
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
        self._homophones = homophones.load(_lexicon(config))

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Tokens with offsets of the untouched text; its ids, normal form and words are kept beside it."""
        text = message.get(attribute)
        folded = fold_width(text[:LONGEST])
        spans = tokens.spans(folded, self._segmenter)
        if attribute == TEXT:
            found = ids.find(text, (message.get("metadata") or {}).get("own") or ids.OwnIds())
            said = self._meant(folded)
            read = [one for one in found if one.end <= LONGEST]
            plain = normalise(self._meant(ids.masked(folded, read)))
            message.set(IDS, found)
            message.set(SAID, said, add_to_output=True)
            message.set(NORMALISED, plain)
            same = spans if plain == folded else tokens.spans(plain, self._segmenter)
            message.set(WORDS, [word for word, _, _ in same])
        return [Token(word, start, end) for word, start, end in spans]

    def _meant(self, folded: str) -> str:
        """In simplified characters, slips put right."""
        return self._homophones.correct(self._typos.correct(simplified(folded)))

    @classmethod
    def fingerprint_addon(cls, config: Config) -> str | None:
        """Words decide tokens and slips what is read, so a changed lexicon is a changed tokenizer."""
        lexicon = _lexicon({**cls.get_default_config(), **config})
        files = [lexicon / name for name in (tokens.WORDS, typos.FILE, homophones.FILE)]
        return "".join(file.read_text(encoding="utf-8") for file in files if file.exists()) or None


@DefaultV1Recipe.register(ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ShopEntityExtractor(Stage, EntityExtractorMixin):
    """Rule-based values. The dialogue injects today and the catalogue's names as message metadata."""

    @staticmethod
    def get_default_config() -> Config:
        """The folder with synonyms.yml."""
        return {"lexicon": "data/lexicon"}

    def __init__(self, config: Config, model_storage: ModelStorage, resource: Resource) -> None:
        """Keep the names that hold for every shop."""
        super().__init__(config, model_storage, resource)
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
        examples = _readable(training_data)
        self.documents = [_grams(example) for example in examples]
        self.texts = [fold_width(example.get(TEXT)) for example in examples]
        self.labels = [example.get(INTENT) for example in examples]
        self.writers = [_writer(example) for example in examples]
        self._examples = examples

    def tell(self, scores: lexical.Floats) -> None:
        """Leave each line's scores for the stages behind."""
        for example, row in zip(self._examples, scores, strict=True):
            example.set(SCORES, row)

    def scores(self) -> lexical.Floats:
        """What the lexical stage left; computed anew where it was not trained before."""
        if any(example.get(SCORES) is None for example in self._examples):
            return lexical.train(self.documents, self.labels, self.writers).held_out
        return np.stack([example.get(SCORES) for example in self._examples])


def _readable(training_data: TrainingData) -> list[Message]:
    return [example for example in training_data.intent_examples if example.get(NORMALISED)]


def _grams(message: Message) -> list[str]:
    """The n-grams of a message as the tokenizer left it, made once."""
    found: list[str] | None = message.get(GRAMS)
    if found is None:
        found = lexical.grams(message.get(NORMALISED) or "", message.get(WORDS) or [])
        message.set(GRAMS, found)
    return found


def _writer(example: Message) -> str:
    """Who wrote an example, from the metadata of its block; empty if it does not say."""
    return str(((example.get(METADATA) or {}).get(METADATA_INTENT) or {}).get("writer", ""))


def _tell(message: Message, ranking: list[tuple[str, float]], step: str, asking: Asking) -> None:
    rows = [{"name": name, "confidence": p} for name, p in ranking[:RANKED]]
    message.set(INTENT, dict(rows[0]), add_to_output=True)
    message.set(INTENT_RANKING, rows, add_to_output=True)
    message.set(STEP, step, add_to_output=True)
    message.set(ASKING, asking)


@DefaultV1Recipe.register(ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LexicalClassifier(TrainedStage, IntentClassifier):
    """Linear model over character and word n-grams."""

    @classmethod
    def required_components(cls) -> list[type]:
        """It reads what the tokenizer leaves, in training too."""
        return [ShopTokenizer]

    _model: lexical.LexicalModel | None = None
    _asking: Asking

    @staticmethod
    def get_default_config() -> Config:
        """The folder with sounds.yml and words.txt, for slips."""
        return {"lexicon": "data/lexicon"}

    def read(self, folder: Path) -> None:
        """Take the model."""
        self._model, self._asking = lexical.LexicalModel.load(folder), Asking.load(folder)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the model on all examples with an intent and store it."""
        lines = _Lines(training_data)
        fitted = lexical.train(lines.documents, lines.labels, lines.writers, slips=self._slips(training_data))
        lines.tell(fitted.held_out)
        with self._model_storage.write_to(self._resource) as folder:
            fitted.model.save(folder)
            fitted.asking.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set each message's intent and ranking."""
        if self._model is None:
            raise RuntimeError("LexicalClassifier was asked before it was loaded")
        for message in messages:
            _tell(message, self._rank(message, self._model), "lexical", self._asking)
        return messages

    def _slips(self, training_data: TrainingData) -> list[list[str]]:
        """The n-grams of the training lines with one slip in each."""
        heard = homophones.load(_lexicon(self._config))
        texts = [
            heard.correct(noise.slip(line.get(NORMALISED), heard.alike)) for line in _readable(training_data)
        ]
        cuts = [tokens.spans(text, heard.segmenter) for text in texts]
        return [
            lexical.grams(text, [word for word, _, _ in cut]) for text, cut in zip(texts, cuts, strict=True)
        ]

    @staticmethod
    def _rank(message: Message, model: lexical.LexicalModel) -> list[tuple[str, float]]:
        text = message.get(NORMALISED)
        if not any(ch.isalnum() for ch in text or ""):
            others = [name for name in model.intents if name != NOTHING_SAID]
            return [(NOTHING_SAID, 0.0), *((name, 0.0) for name in others)]
        scores = model.scores(_grams(message))
        message.set(SCORES, scores)
        return lexical.ranked(model.intents, scores, model.temperature)


@DefaultV1Recipe.register(ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SemanticClassifier(TrainedStage, IntentClassifier):
    """Sentence vectors beside n-grams, where these are unsure; idle without embedder or model."""

    @classmethod
    def required_components(cls) -> list[type]:
        """It reads what the tokenizer leaves, in training too."""
        return [ShopTokenizer]

    _model: semantic.SemanticModel | None = None
    _embedder: semantic.Embedder | None = None
    _asking: Asking

    @staticmethod
    def get_default_config() -> Config:
        """The file with the training lines' vectors."""
        return {"vectors": "data/vectors.npz"}

    def read(self, folder: Path) -> None:
        """Take the model, if training made one, and open the embedder to use it."""
        path = folder / SEMANTIC
        if not path.exists():
            logger.warning("the model was trained without sentence vectors: n-grams decide alone")
            return
        self._model, self._asking = semantic.SemanticModel.load(path), Asking.load(folder)
        self._embedder = semantic.open_embedder()

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the model on all examples, whose vectors are stored or can be computed, and store it."""
        lines = _Lines(training_data)
        vectors = semantic.vectors_of(lines.texts, settings.ROOT / str(self._config["vectors"]))
        with self._model_storage.write_to(self._resource) as folder:
            if vectors is not None:
                fitted = semantic.train(vectors, lines.scores(), lines.labels, lines.writers)
                fitted.model.save(folder / SEMANTIC)
                fitted.asking.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank anew where the lexical stage was unsure."""
        model, embedder = self._model, self._embedder
        if model is None or embedder is None:
            return messages
        for message in messages:
            scores = message.get(SCORES)
            if scores is None or message.get(INTENT)["confidence"] >= model.sure:
                continue
            joined = model.joined(scores, embedder.vector(fold_width(message.get(TEXT))))
            ranking = lexical.ranked(model.intents, joined, model.temperature)
            _tell(message, ranking, "semantic", self._asking)
        return messages


@DefaultV1Recipe.register(ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class CarefulFallback(Stage):
    """Where the verdict is below the threshold that its stage has fitted, the bot asks.

    A wrong guess of a `careful` intent queues for a person, or jokes with somebody in need; a question is
    cheap. So its own verdicts, and not only all together, are right as often as the aim says.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """It weighs a classifier's verdict."""
        return [LexicalClassifier]

    @staticmethod
    def get_default_config() -> Config:
        """`careful` lists intents."""
        return {"careful": []}

    def process(self, messages: list[Message]) -> list[Message]:
        """Put Rasa's fallback before a verdict that is not sure enough."""
        for message in messages:
            intent = message.get(INTENT)
            careful = intent["name"] in self._config["careful"]
            threshold = message.get(ASKING).threshold(intent["name"], careful)
            if intent["confidence"] < threshold:
                asks = {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": threshold}
                message.data[INTENT] = asks
                message.data[INTENT_RANKING].insert(0, dict(asks))
        return messages


@DefaultV1Recipe.register(ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MoodClassifier(TrainedStage):
    """How upset the shopper sounds, as the message property `mood`."""

    @classmethod
    def required_components(cls) -> list[type]:
        """It reads what the tokenizer leaves, in training too."""
        return [ShopTokenizer]

    _model: mood.MoodModel | None = None

    @staticmethod
    def get_default_config() -> Config:
        """The folder with mood.yml and mood_lines.yml."""
        return {"lexicon": "data/lexicon"}

    def read(self, folder: Path) -> None:
        """Take the model and the words."""
        words = mood.load(_lexicon(self._config))
        self._model = mood.MoodModel(words, lexical.LexicalModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the model on the lines written for it, and on examples that tell a mood."""
        lexicon = _lexicon(self._config)
        written = [Message({TEXT: text, MOOD: label.value}) for text, label in mood.written(lexicon)]
        ShopTokenizer({**ShopTokenizer.get_default_config(), "lexicon": self._config["lexicon"]}).process(
            written
        )
        model = mood.train(
            mood.load(lexicon),
            [mood.Line(line.get(NORMALISED), _grams(line), line.get(MOOD)) for line in written],
            [
                mood.Line(line.get(NORMALISED), _grams(line), line.get(INTENT))
                for line in _readable(training_data)
            ],
        )
        with self._model_storage.write_to(self._resource) as folder:
            model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set each message's mood."""
        if self._model is None:
            raise RuntimeError("MoodClassifier was asked before it was loaded")
        for message in messages:
            found = self._model.of(message.get(NORMALISED) or "", _grams(message))
            message.set(MOOD, found.value, add_to_output=True)
        return messages
