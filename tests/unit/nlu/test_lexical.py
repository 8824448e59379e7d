"""The linear model ranks every intent, survives storing, and gives probabilities that add up to one."""

from pathlib import Path

import pytest

from bot.nlu import lexical

SHIP = ["什么时候发货", "几号发货呀", "今天能发货吗", "多久发货", "发货要几天", "啥时发货"]
SIZE = ["穿什么码", "什么码合适", "我穿多大码", "选哪个码", "码数怎么选", "该穿几码"]
PERSON = ["转人工", "人工客服", "找人工", "我要人工", "叫个真人来", "真人客服"]


@pytest.fixture(scope="module")
def model() -> lexical.LexicalModel:
    documents = [lexical.grams(text, [text]) for text in SHIP + SIZE + PERSON]
    labels = [
        name
        for name, lines in (("ship_time", SHIP), ("size_advice", SIZE), ("human_agent", PERSON))
        for _ in lines
    ]
    return lexical.train(documents, labels).model


def test_it_ranks_the_right_intent_first(model: lexical.LexicalModel) -> None:
    assert model.rank(lexical.grams("发货时间", ["发货"]))[0][0] == "ship_time"


def test_probabilities_add_up_to_one(model: lexical.LexicalModel) -> None:
    assert sum(p for _, p in model.rank(lexical.grams("码", []))) == pytest.approx(1, abs=1e-5)


def test_a_message_without_known_features_gets_a_ranking_too(model: lexical.LexicalModel) -> None:
    assert len(model.rank([])) == 3


def test_a_stored_model_answers_alike(model: lexical.LexicalModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = lexical.LexicalModel.load(tmp_path)
    features = lexical.grams("几天能发货", ["发货"])
    assert again.rank(features) == model.rank(features)
