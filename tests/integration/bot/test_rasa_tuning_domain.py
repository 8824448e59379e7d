"""A model's domain is read as stock Rasa reads it, or by stock Rasa."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = [
    pytest.mark.rasa,
    pytest.mark.filterwarnings("ignore:the load_module:DeprecationWarning"),  # pykwalify, in stock Rasa
]

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module", autouse=True)
def _patched() -> None:
    from bot import rasa_tuning

    rasa_tuning.apply()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our domain with all its responses, stored as Rasa stores it in a model."""
    from rasa.shared.core.domain import Domain

    made = Domain.load([str(ROOT / "domain.yml"), str(ROOT / "data/responses")])
    stored = tmp_path_factory.mktemp("domain")
    made.persist(stored / "domain.yml")
    return stored


def told(domain: Any) -> Any:
    """All that a domain says of itself, order included."""
    slots = [(type(slot).__name__, sorted(map(repr, vars(slot).items()))) for slot in domain.slots]
    parts = (domain.as_dict(), domain.responses, domain.forms, domain.intent_properties)
    plain = json.dumps([*parts, domain.action_names_or_texts, domain.entities, slots], default=str)
    return plain, domain.fingerprint(), repr(domain.session_config)


def test_our_domain_is_the_one_that_stock_rasa_reads(folder: Path) -> None:
    """Same dictionary, fingerprint, responses, slots, forms and properties; and not by falling back."""
    from rasa.shared.core.domain import Domain

    from bot.tuning.domain import quick_domain

    quick = quick_domain(folder)
    assert quick is not None
    assert told(quick) == told(Domain.from_path(folder))


class Storage:
    """A model's storage with one folder in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextlib.contextmanager
    def read_from(self, resource: Any) -> Iterator[Path]:
        yield self.folder


def provided(load: Any, folder: Path) -> Any:
    return load({}, Storage(folder), SimpleNamespace(), SimpleNamespace()).provide_inference()


def write(folder: Path, text: str, name: str = "domain.yml") -> None:
    (folder / name).write_text(f"version: '3.1'\n# 店\n{text}", encoding="utf-8")


@pytest.mark.parametrize(
    "files",
    [
        {"domain.yml": "intents: [greet]\n"},
        {"domain.yml": "intents: [greet]\n", "more.yml": "intents: [deny]\n"},
        {"other.yml": "intents: [greet]\n"},
        {"domain.yml": "intents: [greet]\nsession_config: {session_expiration_time: 5}\n"},
        {"domain.yml": "responses: &all\n  utter_a: [{text: 是}]\nactions: [utter_a]\n"},
        {"domain.yml": 'responses:\n  utter_a:\n  - text: on\n  - text: "012"\n'},
    ],
    ids=str,
)
def test_a_provider_loads_what_stock_rasas_provider_loads(files: dict[str, str], tmp_path: Path) -> None:
    """One file or several, of any name: the model's domain is the same."""
    from rasa.graph_components.providers.domain_provider import DomainProvider

    for name, text in files.items():
        write(tmp_path, text, name)
    stock = DomainProvider.load.stock.__get__(DomainProvider)
    assert told(provided(DomainProvider.load, tmp_path)) == told(provided(stock, tmp_path))


@pytest.mark.parametrize(
    "text",
    ["intents: 3\n", "responses:\n  utter_a:\n  - text: 012\n", "intents: [\n", "a: 1\na: 2\n", "- 一\n"],
)
def test_a_broken_domain_ends_as_in_stock_rasa(text: str, tmp_path: Path) -> None:
    """Refused in the same words where stock refuses it, passed over where stock passes over it."""
    from rasa.graph_components.providers.domain_provider import DomainProvider

    def end(load: Any) -> Any:
        try:
            return told(provided(load, tmp_path))
        except Exception as error:
            return type(error), str(error)

    write(tmp_path, text)
    assert end(DomainProvider.load) == end(DomainProvider.load.stock.__get__(DomainProvider))


def rasas(text: str) -> Any:
    """What Rasa's own reader makes of a text, types told apart; the error's type where it refuses."""
    from rasa.shared.utils.io import read_yaml

    try:
        return repr(read_yaml(text))
    except Exception as error:
        return type(error)


def agrees(text: str) -> bool:
    """Whether the text is read exactly alike; where we leave it to stock, there is nothing to compare."""
    from bot.tuning.domain import read_exactly

    read = read_exactly(text)
    return read is None or repr(read) == rasas(text)


WORDS = (
    "yes no on off Yes y n true False null ~ 3 -3 0 1.5 -0.25 12:30 1.2.3 3件 您好! #无 😀 {} [] <".split()  # noqa: SIM905 - easier to read
)
QUOTED = [
    '"012"',
    "'1e3'",
    '"true"',
    '"2026-11-21"',
    "'null'",
    '""',
    "'您好 #无'",
    "'它''的'",
    "'{order_id}'",
]
LONGER = [
    "",
    "您好 #无",
    "[是, 否]",
    "{是: 1}",
    "|\n  一\n  二\n",
    ">-\n  一\n  二\n",
    "运单号 {waybill}",
    "一\n  二",
]
ESCAPED = ['"一\\n二"', '"\\u4e2d"', '"\\U0001F600"']
SURE = [*WORDS, *QUOTED, *LONGER, *ESCAPED]
NUMBERS = "012 1e3 +3 0x1F 0o17 0b11 1_000 12. .5 .inf 2026-11-21 =".split()  # noqa: SIM905 - same
STRANGE = ["'${HOME}'", "${HOME}", "'a\tb'", "'a\u2028b'", "'\ufeff'"]
MARKED = ["!!str 1", "!own 1", "&here 1", "{<<: {b: 1}}", "{1: 2}", "- 是"]
LEFT_TO_STOCK = [*NUMBERS, *STRANGE, *MARKED]


@pytest.mark.parametrize("value", [*SURE, *LEFT_TO_STOCK], ids=ascii)
def test_values_are_read_as_stock_rasa_reads_them(value: str) -> None:
    """Booleans, numbers, dates, quotes, Chinese, tags and environment variables."""
    from bot.tuning.domain import read_exactly

    text = f"店: 是\na: {value}\n"
    assert agrees(text)
    assert (read_exactly(text) is None) == (value in LEFT_TO_STOCK)


@pytest.mark.parametrize(
    "text",
    [
        "店: &a {b: 1}\nc: {<<: *a, d: 2}\n",
        "店: &a [1]\nb: *a\n",
        "店: 1\n店: 2\n",
        "---\n店: 1\n",
        "店: 1\n---\n店: 2\n",
        "%YAML 1.1\n---\n店: yes\n",
        "店: 1\n...\n",
        "- 店\n",
        "店\n",
        "? [店]\n: 1\n",
        "店: 1\r\nb: 2\r\n",
        "a: \\u4e2d\n",
        "店: [\n",
        "# 店\n",
        "",
    ],
    ids=ascii,
)
def test_what_could_be_read_in_two_ways_is_read_alike_or_left_to_stock(text: str) -> None:
    assert agrees(text)


CHARACTERS = st.sampled_from([*"店是 \n\n:-#'\"{}[],&*!|>?%=<~0123456789.eEx_+TtYnul\\"])


@settings(max_examples=600, deadline=None)
@given(st.lists(CHARACTERS, max_size=14).map("".join))
def test_no_text_is_read_otherwise(text: str) -> None:
    """Whatever stands in a file: it is read as Rasa reads it or not at all."""
    assert agrees(f"店: {text}\n")
    assert agrees(f"{text}店: 1\n")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats(0, 1e6) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.text(max_size=6), JSON, max_size=4))
def test_what_rasa_writes_is_read_back_as_stock_rasa_reads_it(data: dict[str, Any]) -> None:
    """Rasa's own way of writing, with any text in it."""
    from rasa.shared.utils.io import dump_obj_as_yaml_to_string

    assert agrees(dump_obj_as_yaml_to_string({"店": data}))
