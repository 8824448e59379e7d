"""Anger is told from reproach, sarcasm and insult, confusion from not understanding, all else is calm."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.examples.lines import read_examples
from bot.nlu import lexical, tokens
from bot.nlu.mood import Line, Mood, MoodModel, MoodWords, load, train, written
from bot.nlu.normalise import normalise

LEXICON = Path(__file__).parents[3] / "data" / "lexicon"


def line(text: str, label: str) -> Line:
    """A line as the tokenizer leaves it."""
    plain = normalise(text)
    words = [word for word, _, _ in tokens.spans(plain, tokens.segmenter(LEXICON))]
    return Line(plain, lexical.grams(plain, words), label)


def model(lines: list[tuple[str, Mood]], examples: Sequence[Line] = ()) -> MoodModel:
    """A model of these lines and of intents' examples."""
    words = load(LEXICON)
    return MoodModel(words, train(words, [line(text, mood.value) for text, mood in lines], examples))


@pytest.fixture(scope="module")
def moods() -> MoodModel:
    """A model as training makes it, of every third example."""
    examples = read_examples(LEXICON.parents[1])[::3]
    return model(written(LEXICON), [line(one.text, one.intent) for one in examples])


def told(moods: MoodModel, text: str) -> Mood:
    asked = line(text, "")
    return moods.of(asked.text, asked.grams)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("骗子店铺 垃圾", Mood.ANGRY),
        ("你们太过分了吧", Mood.ANGRY),
        ("等你们发货等到猴年马月 真有本事", Mood.ANGRY),
        ("这是怎么回事啊", Mood.CONFUSED),
        ("为啥我的单被关了", Mood.CONFUSED),
        ("我的快递到哪了", Mood.CALM),
        ("谢谢", Mood.CALM),
        ("在吗!!!", Mood.CALM),
        ("？？？", Mood.CALM),
        ("", Mood.CALM),
        ("😡", Mood.CALM),
    ],
)
def test_it_tells_the_mood(moods: MoodModel, text: str, expected: Mood) -> None:
    """By words that tell it and by what resembles the lines written for it; without a word there is none."""
    assert told(moods, text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "今天能发货吗",
        "七天无理由怎么退",
        "我的快递到哪了",
        "投诉电话多少",
        "什么时候退款",
        "保温杯保温多久",
        "谢谢 辛苦了",
        "怎么申请退货",
        "质量怎么样",
        "转人工",
        "亲 我妈的账号怎么退出来",
        "有几个usb口",
        "订单20261231500012到哪了",
        "真皮吗 别是骗人的",
        "什么破壁机好用",
    ],
)
def test_calm_messages_stay_calm(moods: MoodModel, text: str) -> None:
    """Most shoppers are calm, also when they ask for their money."""
    assert told(moods, text) is Mood.CALM


@pytest.mark.parametrize(
    "text",
    [
        "什么垃圾质量",
        "你们这是欺骗消费者",
        "再不退款我就打12315",
        "到底发不发货！！！拖了一个星期",
        "呵呵 这就是大店",
        "凭什么不给退",
    ],
)
def test_reproach_sarcasm_threat_and_insult_are_angry(moods: MoodModel, text: str) -> None:
    """Rule 16: these four, whatever is asked beside them."""
    assert told(moods, text) is Mood.ANGRY


@pytest.mark.parametrize("text", ["订单变成已关闭 怎么回事", "待成团是什么意思", "这个满减我看不懂"])
def test_not_understanding_ones_own_case_is_confused(moods: MoodModel, text: str) -> None:
    """Rule 16: 怎么回事, 什么意思, 看不懂 about one's own case."""
    assert told(moods, text) is Mood.CONFUSED


def test_lines_that_it_has_not_seen_are_told_too() -> None:
    """Every fifth line held out: how often it is right without having read the line."""
    lines = written(LEXICON)
    right = 0
    for fold in range(5):
        seen = model([one for at, one in enumerate(lines) if at % 5 != fold])
        right += sum(told(seen, text) is mood for text, mood in lines[fold::5])
    assert right / len(lines) > 0.75


def test_examples_that_tell_a_mood_by_a_word_teach_it_too() -> None:
    """And calm examples, but not of intents that are often angry: 第九天了 may well be a reproach."""
    words = MoodWords({"骗子": 1.0}, ("什么意思",), frozenset({"urge_ship"}))
    lines = [line("谢谢", "calm"), line("这是何意", "confused"), line("气人", "angry")] * 3
    examples = [
        line("骗子 三角贸易", "complaint"),
        line("第九天了", "urge_ship"),
        line("雨衣多少钱", "price_promo"),
    ]
    vocabulary = train(words, lines, examples).weighting.vocabulary
    assert "三角" in vocabulary
    assert "雨衣" in vocabulary
    assert "第九" not in vocabulary


@pytest.mark.parametrize(
    ("file", "content"), [("mood.yml", "angry: {}\nconfusedd: []\n"), ("mood_lines.yml", "happy: []")]
)
def test_an_unknown_key_is_refused_by_name(tmp_path: Path, file: str, content: str) -> None:
    """With the name of the file."""
    (tmp_path / file).write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=rf"{file}.*(confusedd|happy)"):
        (load if file == "mood.yml" else written)(tmp_path)
