"""The front page names only what exists, and both languages name the same."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
import typer

from bot.commands.app import app
from bot.settings import Settings, name_of

ROOT = Path(__file__).resolve().parents[3]
READMES = ("README.md", "README.zh-CN.md")
IMAGE_BYTES = 200_000
PNG = b"\x89PNG\r\n\x1a\n"
RASA = {"train", "run", "run actions", "shell", "test"}


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def make_targets(text: str) -> set[str]:
    """What stands behind `make ` in code; a lone `make` is its help."""
    return set(re.findall(r"\bmake ([a-z][a-z0-9-]*)", "\n".join(code_of(text))))


def commands(text: str) -> set[str]:
    """`xiaoer …` as a command line: its command, with the sub-command of a group."""
    found = re.findall(r"(?m)(?:^|\$ )xiaoer ((?:shop|style|policy) [a-z]+|[a-z]+)", "\n".join(code_of(text)))
    return {" ".join(command.split()) for command in found}


def code_of(text: str) -> list[str]:
    """The lines of code blocks, and each piece of code inside sentences, one an item."""
    blocks = re.findall(r"(?ms)^ *```\w*\n(.*?)^ *```", text)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [*lines, *re.findall(r"`([^`\n]+)`", re.sub(r"(?ms)^ *```.*?^ *```", "", text))]


def links(text: str) -> set[str]:
    """Targets inside the project, of links and pictures."""
    found = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'<img src="([^"]+)"', text)
    return {target for target in found if "://" not in target}


def images(text: str) -> set[str]:
    return {target for target in links(text) if target.endswith(".png")}


def settings_of(text: str) -> set[str]:
    return set(re.findall(r"XIAOER_[A-Z_]+", text))


def known_commands() -> set[str]:
    """Every command that the command line offers, with those of groups."""
    top = typer.main.get_command(app)
    return {
        f"{name} {sub}".strip()
        for name, command in getattr(top, "commands", {}).items()
        for sub in ["", *getattr(command, "commands", {})]
    }


@pytest.mark.parametrize("readme", READMES)
def test_the_two_commands_of_a_newcomer_come_first(readme: str) -> None:
    """Nobody scrolls to find out how to start it."""
    first = code_of(text_of(readme))[:2]
    assert "git clone" in first[0]
    assert "make run" in first[0]
    assert first[1].startswith("make test")


@pytest.mark.parametrize("readme", READMES)
def test_every_make_target_exists(readme: str) -> None:
    """A target that is named can be made."""
    known = set(re.findall(r"(?m)^([a-z0-9-]+):", text_of("Makefile")))
    assert make_targets(text_of(readme)) >= {"run", "test"}
    assert make_targets(text_of(readme)) <= known


@pytest.mark.parametrize("readme", READMES)
def test_every_command_exists_and_none_is_left_out(readme: str) -> None:
    """What is named can be run, and the table of commands is whole."""
    wanted = known_commands() - {"shop", "style", "policy"}
    hidden = {"shop demo"}
    assert commands(text_of(readme)) <= wanted
    assert wanted - hidden <= commands(text_of(readme))


@pytest.mark.parametrize("readme", READMES)
def test_every_setting_exists_and_none_is_left_out(readme: str) -> None:
    """The table of settings is bot/settings.py's."""
    assert settings_of(text_of(readme)) == {name_of(field.name) for field in fields(Settings)}


@pytest.mark.parametrize("readme", READMES)
def test_every_link_leads_somewhere(readme: str) -> None:
    """To a file, or to a heading of the page itself."""
    text = text_of(readme)
    headings = {h.lower().replace(" ", "-") for h in re.findall(r"(?m)^#+ (.+)$", text)}
    for target in links(text):
        path, _, anchor = target.partition("#")
        assert (ROOT / path).is_file() if path else anchor in headings, target


@pytest.mark.parametrize("readme", READMES)
def test_every_folder_and_file_that_is_named_exists(readme: str) -> None:
    """Paths in code that begin with one of the project's own folders."""
    own = re.compile(r"(?:data|docs|bot|desk|web|actions|tests)/[\w./-]*")
    for code in code_of(text_of(readme)):
        if own.fullmatch(code):
            assert (ROOT / code).exists(), code


@pytest.mark.parametrize("image", sorted(images(text_of(READMES[0]))))
def test_images_are_pictures_that_load_fast(image: str) -> None:
    """Real PNG files under 200 KB."""
    content = (ROOT / image).read_bytes()
    assert content.startswith(PNG)
    assert len(content) < IMAGE_BYTES


def test_no_image_lies_about_unused() -> None:
    """What docs/images holds is shown."""
    held = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs/images").iterdir()}
    assert held == images(text_of(READMES[0]))


@pytest.mark.parametrize("of", [make_targets, commands, links, images, settings_of])
def test_both_languages_name_the_same(of) -> None:
    """Neither reader gets less; each page links to the other, and anchors are in its own words."""
    english, chinese = (
        {target for target in of(text_of(name)) if not target.startswith("#")} - set(READMES)
        for name in READMES
    )
    assert english == chinese


def test_both_languages_show_the_same_code() -> None:
    """Examples are the same to the letter."""
    english, chinese = (
        re.findall(r"(?ms)^ *```(?:python|js|html)\n(.*?)^ *```", text_of(name)) for name in READMES
    )
    assert english == chinese


@pytest.mark.parametrize("readme", READMES)
def test_the_token_example_signs_a_shopper_in(readme: str) -> None:
    """The Python example, run as it stands."""
    from datetime import datetime, timezone

    from bot.shop.identity import Identity, verify

    block = re.search(r"(?ms)^   ```python\n(.*?)^   ```", text_of(readme))
    assert block is not None
    example: dict[str, object] = {}
    exec("\n".join(line[3:] for line in block[1].splitlines()), example)
    token = example["token"]("shop", "S001", "李雷", "key")  # type: ignore[operator]
    assert verify(token, "shop", "key", datetime.now(timezone.utc)) == Identity("S001", "李雷")


def test_both_languages_use_rasa_by_its_own_commands() -> None:
    """Each command is one of Rasa's, and the two pages have the same."""
    english, chinese = (
        set(re.findall(r"(?m)^rasa (run actions|[a-z]+)", "\n".join(code_of(text_of(name)))))
        for name in READMES
    )
    assert english == chinese <= RASA
