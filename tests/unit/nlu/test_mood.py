"""Anger is told from reproach and insult, confusion from not understanding, all else is calm."""

from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.nlu.mood import Mood, MoodLexicon, load

LEXICON = Path(__file__).parents[3] / "data" / "lexicon"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("骗子店铺 垃圾", Mood.ANGRY),
        ("你们太过分了吧", Mood.ANGRY),
        ("这是怎么回事啊", Mood.CONFUSED),
        ("我的快递到哪了", Mood.CALM),
        ("谢谢", Mood.CALM),
    ],
)
def test_it_tells_the_mood(text: str, expected: Mood) -> None:
    assert load(LEXICON).of(text) is expected


def test_shouting_alone_is_not_anger() -> None:
    assert MoodLexicon({}, ()).of("在吗!!!") is Mood.CALM


def test_an_unknown_key_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "mood.yml").write_text("angry: {}\nconfusedd: []\n", encoding="utf-8")
    with pytest.raises(BadInput, match="confusedd"):
        load(tmp_path)
