"""`xiaoer train`: a model, unless the one there is fresh."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.settings import ROOT

EXAMPLES = """例:\n
  xiaoer train            资料没变就不训练\n
  xiaoer train --force    一定重新训练\n
  xiaoer train --check    只检查 data/ 和 domain.yml\n
  xiaoer train --vectors  给新加的例句算好向量,存进 data/vectors.npz
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(train)


def train(
    *,
    force: Annotated[bool, typer.Option("--force", help="资料没变也重新训练")] = False,
    check: Annotated[bool, typer.Option("--check", help="只检查训练资料,不训练")] = False,
    vectors: Annotated[bool, typer.Option("--vectors", help="只更新例句的向量,不训练")] = False,
) -> None:
    """训练模型(按 data/、domain.yml、config.yml 的内容判断要不要重训)。"""
    from bot import training

    if check:
        training.check_data(ROOT)
        typer.echo("训练资料没有问题。")
        return
    if vectors:
        typer.echo(f"新算了 {training.store_vectors(ROOT)} 句的向量。")
        return
    if not force and training.is_fresh(ROOT):
        typer.echo(f"模型是最新的:{training.model_path(ROOT)}")
        return
    typer.echo(f"模型已训练:{training.train(ROOT, force=force)}")
    asking = training.asking(training.model_path(ROOT))
    typer.echo(
        f"把握不到 {asking.usual:.2f} 就先问清。拿没学过的人写的句子算,直接回答的占 {asking.answered:.0%},"
        f"其中意思没听错的占 {asking.right:.0%}。"
    )
