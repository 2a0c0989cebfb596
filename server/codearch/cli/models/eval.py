"""`codearch models eval`: measure models on code that they were not trained on."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codearch.cli._options import examples, json_option, root_option
from codearch.cli._output import print_json, styled
from codearch.cli._progress import counted
from codearch.cli.models._corpus import corpus_folders, corpus_option, functions_option
from codearch.cli.models._ready import FEWEST, check_ready, is_fresh
from codearch.cli.models._settings import settings_of
from codearch.errors import EncoderError
from codearch.settings import models_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codearch.embedding.evaluation.exam import Marks
    from codearch.embedding.evaluation.measures import Figure
    from codearch.embedding.training.functions import Function
    from codearch.settings import Settings

    Told = Callable[[str, int, int], None]

WORDS = "BM25"
Columns = tuple[tuple[str, str], ...]
SEARCH: Columns = (
    ("NDCG@10", "ndcg"),
    ("MRR", "mrr"),
    ("masked NDCG@10", "masked_ndcg"),
    ("masked MRR", "masked_mrr"),
)
LIKENESS: Columns = (
    ("clone F1", "clone_f1"),
    ("cross-language", "cross_language"),
    ("masked cross-lang.", "masked_cross_language"),
)


@click.command(
    "eval",
    epilog=examples(
        "codearch models eval",
        "codearch models eval ours graphcodebert --corpus ~/src/shop",
        "codearch models eval --json | jq '.models[] | {name, ndcg: .ndcg.value}'",
    ),
)
@click.argument("names", metavar="[NAME]...", nargs=-1)
@corpus_option("Folder of code to ask about")
@functions_option("How many functions there are to find at most.", least=20, default=1000)
@root_option
@json_option
def evaluate(
    names: tuple[str, ...],
    *,
    folders: tuple[Path, ...],
    most: int,
    root: Path | None,
    as_json: bool,
) -> None:
    """Measure models on packages that training holds out, beside words alone and the static model.

    Functions are found by their docs, once without the words of their names; copies under other
    names are told from other functions; of well-known algorithms that come with the program,
    translations are found, once with neutral names.
    Without a NAME, every model that is ready is measured.
    """
    settings = settings_of(root)
    wanted = _wanted(names, settings)
    began = time.monotonic()
    with counted() as told:
        places = corpus_folders(folders, root)
        found, left_out = _functions(places, most, wanted, settings, told)
        rows = _rows(found, wanted, settings, told)
    if as_json:
        took_ms = round((time.monotonic() - began) * 1000)
        print_json(_form(places, found, left_out, rows) | {"tookMs": took_ms})
        return
    _print(found, left_out, rows)


def _wanted(names: Sequence[str], settings: Settings) -> list[str]:
    """Return the models to measure beside words and the static one; each must be ready."""
    from codearch.embedding.backends import SHIPPED, all_backends  # noqa: PLC0415
    from codearch.embedding.hub.choice import is_ready  # noqa: PLC0415

    home = models_folder(settings)
    if not names:
        ready = [name for name in all_backends(home) if is_ready(home, name)]
        return [name for name in ready if is_fresh(name, settings)]
    chosen = [name for name in dict.fromkeys(names) if name != SHIPPED]
    for name in chosen:
        check_ready(name, settings)
    return chosen


def _functions(
    folders: Sequence[Path], most: int, wanted: Sequence[str], settings: Settings, told: Told
) -> tuple[list[Function], int]:
    """Return the functions to ask about, and how many a model has seen in training elsewhere."""
    from codearch.embedding.training.seen import seen  # noqa: PLC0415
    from codearch.index.functions import functions, own_corpus  # noqa: PLC0415

    home = models_folder(settings)
    known = frozenset[str]().union(*(seen(home, name) for name in wanted))
    held = functions(
        own_corpus(folders)["test"],
        most,
        partial(told, "reading functions"),
        with_views=False,
    )
    found = [one for one in held if one.body not in known]
    asked = sum(bool(one.question) for one in found)
    if asked < FEWEST:
        message = f"{asked} documented functions are held out; {FEWEST} are needed to measure."
        raise EncoderError(message, mend="Name more folders: `--corpus FOLDER`, repeatable.")
    return found, len(held) - len(found)


def _rows(
    found: Sequence[Function], wanted: Sequence[str], settings: Settings, told: Told
) -> dict[str, Marks]:
    """Return what words alone, the static model and the others have got."""
    from codearch.embedding.backends import SHIPPED  # noqa: PLC0415
    from codearch.embedding.chosen import loaded  # noqa: PLC0415
    from codearch.embedding.evaluation.exam import marks  # noqa: PLC0415
    from codearch.embedding.evaluation.judges import Vectors, Words  # noqa: PLC0415
    from codearch.embedding.evaluation.tasks import tasks  # noqa: PLC0415
    from codearch.embedding.shipped import shipped_encoder  # noqa: PLC0415

    rows = {WORDS: marks(Words(), found, tasks())}
    for name in (SHIPPED, *wanted):
        encoder = shipped_encoder() if name == SHIPPED else loaded(name, settings)
        judge = Vectors(encoder, partial(told, f"measuring {name}"))
        rows[name] = marks(judge, found, tasks())
    return rows


def _form(
    folders: Sequence[Path], found: Sequence[Function], left_out: int, rows: dict[str, Marks]
) -> dict[str, Any]:
    import msgspec  # noqa: PLC0415

    return {
        "corpus": [str(folder) for folder in folders],
        "packages": len({one.group for one in found}),
        "functions": len(found),
        "languages": sorted({one.language for one in found}),
        "leftOut": left_out,
        "models": [{"name": name, **msgspec.to_builtins(row)} for name, row in rows.items()],
    }


def _print(found: Sequence[Function], left_out: int, rows: dict[str, Marks]) -> None:
    packages = len({one.group for one in found})
    click.echo(f"{len(found):,} functions of {packages:,} packages that training holds out")
    if left_out:
        click.echo(f"({left_out:,} others were seen in training and are left out)")
    for columns in (SEARCH, LIKENESS):
        click.echo()
        _print_table(columns, rows)
    click.echo("\nIn brackets: what 95 % of resamplings lie between.")


def _print_table(columns: Columns, rows: dict[str, Marks]) -> None:
    width = max(map(len, rows)) + 2
    head = "".join(f"{title:>22}" for title, _ in columns)
    click.echo(styled(f"{'':<{width}}{head}", bold=True))
    for name, row in rows.items():
        shown = "".join(f"{_shown(getattr(row, field)):>22}" for _, field in columns)
        click.echo(f"{name:<{width}}{shown}")


def _shown(value: Figure | None) -> str:
    return "-" if value is None else f"{value.value:.3f} ({value.low:.3f}-{value.high:.3f})"


CLI = evaluate
