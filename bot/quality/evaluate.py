"""How much of what shoppers say is understood: a test set asked of a model, and a report of what came."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.errors import BadInput, ModelMissing
from bot.nlu.asking import Asking
from bot.quality.evaluate_asking import ask
from bot.quality.evaluate_cases import Cases, own_files, read_cases
from bot.quality.evaluate_compare import Comparison, compare
from bot.quality.evaluate_findings import Findings, find
from bot.settings import ROOT, Settings
from bot.training import asking

Step = Callable[[str], AbstractContextManager[object]]
"""Shows a title while its block runs."""
REPORT = "report.html"


@dataclass(frozen=True)
class Evaluation:
    """What one run found."""

    model: Path
    files: tuple[Path, ...]
    found: Findings
    compared: Comparison | None
    known: int
    """How many cases are nearly training lines."""
    asking: Asking
    """Below which probability the model asks, and what that was worth in training."""

    def to_json(self) -> dict[str, Any]:
        """Everything as plain JSON."""
        compared = self.compared.to_json() if self.compared else None
        told = {"model": str(self.model), "known": self.known, "asking": asdict(self.asking)}
        return {**told, **self.found.to_json(), "compared": compared}


def evaluate(settings: Settings, files: Sequence[Path], other: Path | None, step: Step) -> Evaluation:
    """Ask the model in use, and another one if given, all cases of the files; without files of the own set.

    Raises BadInput for a file of another form or missing, ModelMissing for a model that cannot be read.
    """
    given = tuple(files) or tuple(own_files(ROOT))
    cases = read_cases(given, ROOT)
    its = _ask_other(settings, other, cases, step) if other is not None else None
    with step(f"问 {sum(cases.counts().values())} 句"):
        found = find(cases, asyncio.run(ask(settings, settings.model, cases)))
    compared = compare(found, its, other.name) if its is not None and other is not None else None
    return Evaluation(settings.model, given, found, compared, _known(cases), asking(settings.model))


def _ask_other(settings: Settings, other: Path, cases: Cases, step: Step) -> Findings:
    """Asked first: what cannot be read is told before anybody has waited."""
    if not other.is_file():
        raise BadInput(f"--compare {other}:没有这个文件;给出另一个模型的 .tar.gz")
    with step(f"问 {other.name}"):
        try:
            return find(cases, asyncio.run(ask(settings, other, cases)))
        except ModelMissing as problem:
            raise BadInput(f"--compare {other}:读不出来;应为这一版程序训练的模型") from problem


def write_report(evaluation: Evaluation, folder: Path) -> Path:
    """Pictures and page into the folder; the page, which holds the pictures, too."""
    from bot.quality.evaluate_plots import calibration_curve, coverage_curve, heat_map
    from bot.quality.evaluate_report import Pictures, page, read_words
    from bot.reply.display import read_labels

    found, labels = evaluation.found, read_labels(ROOT / "data/responses/labels.yml")["intent"]
    heat, coverage = heat_map(found.pairs, labels), coverage_curve(found.curve, found.answered())
    pictures = Pictures(heat, calibration_curve(found.bins), coverage)
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in vars(pictures).items():
        (folder / f"{name}.png").write_bytes(picture)
    about = f"模型 {evaluation.model.name}，测试集 {'、'.join(path.name for path in evaluation.files)}"
    words = read_words(labels)
    asks = words.asking(evaluation.asking)
    html = page(found, pictures, words, f"{about}。{asks}", evaluation.compared, evaluation.known)
    (folder / REPORT).write_text(html, encoding="utf-8")
    return folder / REPORT


def _known(cases: Cases) -> int:
    from bot.examples.lines import read_examples, read_mood_lines
    from bot.examples.near import NearLines

    lines = NearLines([example.text for example in (*read_examples(ROOT), *read_mood_lines(ROOT))])
    asked = [case.text for case in (*cases.messages, *cases.several, *cases.wishes, *cases.felt)]
    return sum(bool(lines.near(text)) for text in asked)
