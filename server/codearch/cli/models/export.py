"""`codearch models export`: make what runs on this machine out of pulled weights."""

from __future__ import annotations

import sysconfig
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codearch.cli._options import examples, json_option, root_option
from codearch.cli._output import print_json, styled
from codearch.cli._progress import counted
from codearch.cli.models._corpus import corpus_option, functions_option
from codearch.cli.models._settings import settings_of
from codearch.embedding.transformer.devices import HALF, INT8, PRECISIONS
from codearch.errors import EncoderError, UsageError
from codearch.settings import models_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codearch.embedding.backends import Backend, Lengths
    from codearch.embedding.hub.installed import Manifest
    from codearch.embedding.transformer.making import Made, Recipe

NEEDS = 'Exporting needs PyTorch. Bring it: pip install "codearchaeologist[torch]"'
LONG, SHORT = "long", "short"


@click.command(
    "export",
    epilog=examples(
        "codearch models export graphcodebert",
        "codearch models export graphcodebert --precision int8 --lengths short",
        "codearch models export unixcoder --dimension 768 --corpus ~/src/our-code",
    ),
)
@click.argument("name")
@click.option(
    "--precision",
    "precisions",
    type=click.Choice(PRECISIONS),
    multiple=True,
    help="int8 for processors, float16 for CUDA, float32; repeatable; int8 and float16 by default.",
)
@click.option(
    "--dimension",
    type=click.IntRange(min=8),
    default=256,
    show_default=True,
    help="Numbers in a vector; as many as the model has inside leaves out the projection.",
)
@click.option(
    "--lengths",
    "preset",
    type=click.Choice((LONG, SHORT)),
    default=LONG,
    show_default=True,
    help="How much is read at once: 256 tokens and 64 variables, or 128 and 32, which is faster.",
)
@corpus_option(
    "Folder with documented functions to fit the projection on; Python's own library unless told.",
    repeatable=False,
)
@functions_option("How many functions the projection is fitted on.", least=20, default=2000)
@root_option
@json_option
def export(  # noqa: PLR0913 - a parameter an option
    name: str,
    *,
    precisions: tuple[str, ...],
    dimension: int,
    preset: str,
    corpus: Path | None,
    most: int,
    root: Path | None,
    as_json: bool,
) -> None:
    """Make ONNX graphs of the pulled model NAME, fit for this machine.

    A graph is installed if it passes its gates: like PyTorch to 0.0001, no vector that is no
    number, and a ranking as good as float32's.
    """
    from codearch.embedding.backends import backend  # noqa: PLC0415 - numpy comes with it

    home = models_folder(settings_of(root))
    model = backend(name, home)
    if model.input == "sentence":
        message = f"{model.name} is ONNX already: it is used as it was pulled."
        raise UsageError(message, field="name")
    recipe = _recipe(model, home, dimension, _lengths(model, preset))
    began = time.monotonic()
    with counted() as told:
        made = _made(recipe, precisions or (INT8, HALF), corpus or _own_library(), most, told)
    if as_json:
        print_json({"artifacts": [_form(one) for one in made], "tookMs": _ms_since(began)})
    else:
        for one in made:
            _print(one)
    failed = [one.artifact.precision for one in made if one.folder is None]
    if failed:
        message = f"{' and '.join(failed)} did not pass: nothing of it is installed."
        raise EncoderError(message, mend="Try another precision, dimension or corpus.")


def _recipe(model: Backend, home: Path, dimension: int, lengths: Lengths) -> Recipe:
    from codearch.embedding.hub import manifest  # noqa: PLC0415
    from codearch.embedding.hub.installed import weights_folder  # noqa: PLC0415

    stored: Manifest | None = manifest(home, model.name)
    if stored is None:
        message = f"The weights of {model.name} are not on this machine."
        raise EncoderError(message, mend=f"`codearch models pull {model.name}` fetches them.")
    if dimension > model.dimension:
        message = f"{model.name} has {model.dimension} numbers inside; {dimension} are too many."
        raise UsageError(message, field="dimension")
    if model.vector and dimension != model.vector:
        message = f"{model.name} was trained to give {model.vector} numbers, not {dimension}."
        raise UsageError(message, field="dimension")
    making = _making()
    reduced = not _has_vnni()
    recipe: Recipe = making.Recipe(
        model, weights_folder(home, model.name), stored.revision, lengths, dimension, reduced
    )
    return recipe


def _made(
    recipe: Recipe,
    precisions: Sequence[str],
    corpus_folder: Path,
    functions: int,
    told: Callable[[str, int, int], None],
) -> list[Made]:
    from codearch.index.corpus import corpus  # noqa: PLC0415

    texts = corpus(
        corpus_folder, lambda done, total: told("reading functions", done, total), functions
    )
    target = recipe.source.parent / "artifacts"
    made: list[Made] = _making().make(recipe, precisions, texts, target, told)
    return made


def _making() -> Any:
    """Return the module that exports; it needs an extra."""
    try:
        from codearch.embedding.transformer import making  # noqa: PLC0415 - torch takes seconds
    except ImportError as error:
        message = f"{NEEDS} ({error.name} is missing)."
        raise EncoderError(message) from error
    return making


def _lengths(model: Backend, preset: str) -> Lengths:
    return model.lengths[0] if preset == LONG else model.lengths[1]


def _own_library() -> Path:
    return Path(sysconfig.get_path("stdlib"))


def _has_vnni() -> bool:
    from codearch.store.processor import has_vnni  # noqa: PLC0415

    return has_vnni()


def _ms_since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _form(one: Made) -> dict[str, Any]:
    artifact = one.artifact
    return {
        "model": artifact.model,
        "precision": artifact.precision,
        "dimension": artifact.dimension,
        "installed": one.folder is not None,
        "path": str(one.folder or ""),
        "gates": [
            {"name": gate.name, "value": gate.value, "bound": gate.bound, "passed": gate.passed}
            for gate in artifact.gates
        ],
        "projection": {
            "kind": artifact.projection.kind,
            "corpus": artifact.projection.corpus,
            "texts": artifact.projection.texts,
            "kept": artifact.projection.kept,
        },
    }


def _print(one: Made) -> None:
    artifact = one.artifact
    click.echo(styled(f"{artifact.model} {artifact.precision}", bold=True))
    for gate in artifact.gates:
        verdict = styled("passed", fg="green") if gate.passed else styled("failed", fg="red")
        sign = "≤" if gate.at_most else "≥"
        click.echo(f"  {gate.name:<24} {gate.value:<8.2g}  {sign} {gate.bound:g}  {verdict}")
    if artifact.projection.kind == "pca":
        kept = artifact.projection
        click.echo(
            f"  {artifact.dimension} dimensions keep {kept.kept:.0%} of what differs among"
            f" {kept.texts:,} functions of {kept.corpus}"
        )
    click.echo(f"  {'in ' + str(one.folder) if one.folder else 'not installed'}")


CLI = export
