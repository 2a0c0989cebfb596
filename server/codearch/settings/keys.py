"""The settings, one struct a section: camelCase outside, each key with bounds, meaning and scope.

A key of scope "user" is never read from a workspace's file: it names a program, a model or a place
outside the workspace, or decides how much of the user's machine is used.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

WORKSPACE = {"scope": "workspace"}
USER = {"scope": "user"}

PositiveInt = Annotated[int, Meta(ge=1)]
Severity = Annotated[int, Meta(ge=1, le=5)]


class Section(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """A group of keys."""


class IndexSettings(Section, frozen=True):
    """What is indexed, and with how much of the machine."""

    max_file_kb: Annotated[
        int,
        Meta(
            ge=1,
            le=65536,
            description="Files larger than this many kilobytes are not indexed.",
            extra_json_schema=WORKSPACE,
        ),
    ] = 1024
    exclude: Annotated[
        tuple[str, ...],
        Meta(
            description="Patterns in .gitignore's syntax of what else not to index.",
            extra_json_schema=WORKSPACE,
        ),
    ] = ()
    workers: Annotated[
        Literal["auto"] | Annotated[int, Meta(ge=1, le=64)],
        Meta(
            description="How many processes parse in bulk; auto follows the number of cores.",
            extra_json_schema=USER,
        ),
    ] = "auto"
    watch: Annotated[
        bool,
        Meta(
            description="Whether the disk is watched for changes that no editor reports.",
            extra_json_schema=WORKSPACE,
        ),
    ] = True


class FilesSettings(Section, frozen=True):
    """Which files exist for the index at all."""

    exclude: Annotated[
        dict[str, bool],
        Meta(
            description="Globs of files and folders to leave out; false takes one back in.",
            extra_json_schema=WORKSPACE,
        ),
    ] = {}


class SearchSettings(Section, frozen=True):
    """Search by meaning."""

    limit: Annotated[
        int,
        Meta(
            ge=1,
            le=100,
            description="How many results a search gives when it does not say.",
            extra_json_schema=WORKSPACE,
        ),
    ] = 10
    vectors: Annotated[
        bool,
        Meta(
            description="Whether vectors are made and searched; without them words alone answer.",
            extra_json_schema=WORKSPACE,
        ),
    ] = True


class HoverSettings(Section, frozen=True):
    """What hovering over a name shows."""

    enabled: Annotated[
        bool,
        Meta(
            description="Whether hover shows callers, tests, history and findings.",
            extra_json_schema=WORKSPACE,
        ),
    ] = True


class CodeLensSettings(Section, frozen=True):
    """The line above a definition."""

    enabled: Annotated[
        bool,
        Meta(
            description="Whether a line above each definition counts its callers and tests.",
            extra_json_schema=WORKSPACE,
        ),
    ] = True


class DiagnosticsSettings(Section, frozen=True):
    """Findings as an editor shows them."""

    enabled: Annotated[
        bool,
        Meta(description="Whether findings are shown in editors.", extra_json_schema=WORKSPACE),
    ] = True
    mode: Annotated[
        Literal["auto", "push", "pull"],
        Meta(
            description="Whether findings are pushed or pulled; auto follows the editor.",
            extra_json_schema=WORKSPACE,
        ),
    ] = "auto"
    since: Annotated[
        str,
        Meta(
            min_length=1,
            description=(
                "Editors show findings on code that is new since then: mergeBase (where HEAD parted"
                " from the default branch), a date such as 2026-01-31, a revision (where HEAD"
                " parted from it), or all for old code as well."
            ),
            extra_json_schema=WORKSPACE,
        ),
    ] = "mergeBase"
    max_per_file: Annotated[
        int,
        Meta(
            ge=1,
            le=10_000,
            description=(
                "How many findings of a file editors show at most, those of the highest priority;"
                " one more line says how many were left out."
            ),
            extra_json_schema=WORKSPACE,
        ),
    ] = 5
    alert: Annotated[
        Literal["none"] | Severity,
        Meta(
            description=(
                "A message, once a day at most, when an open file has a finding of this severity (1"
                " to 5) or a higher one on new code; none for no message."
            ),
            extra_json_schema=WORKSPACE,
        ),
    ] = "none"


class RuleSettings(Section, frozen=True):
    """One rule's settings; every further key is a limit of that rule, a number."""

    enabled: Annotated[
        bool | None,
        Meta(
            description=(
                "Whether the rule runs; true has editors show all of it, null leaves it to the rule"
                " and the usual servers."
            ),
            extra_json_schema=WORKSPACE,
        ),
    ] = None
    severity: Annotated[
        Severity | None,
        Meta(
            description="Severity of its findings, 1 (minor) to 5 (critical); null leaves it.",
            extra_json_schema=WORKSPACE,
        ),
    ] = None
    limits: dict[str, float] = {}


class OverrideSettings(Section, frozen=True):
    """What else holds for the files of one glob."""

    rules: dict[str, RuleSettings] = {}


class HistorySettings(Section, frozen=True):
    """What is read from git."""

    enabled: Annotated[
        bool,
        Meta(
            description="Whether git's history is read for hover, owners and churn.",
            extra_json_schema=WORKSPACE,
        ),
    ] = True
    max_commits: Annotated[
        int,
        Meta(
            ge=1,
            le=1_000_000,
            description="How many of the newest commits are read for churn and coupling.",
            extra_json_schema=WORKSPACE,
        ),
    ] = 100_000


class ModelSettings(Section, frozen=True):
    """The embedding model."""

    name: Annotated[
        str,
        Meta(
            min_length=1,
            description="Name of the embedding model; static is the one that is shipped.",
            extra_json_schema=USER,
        ),
    ] = "static"
    dir: Annotated[
        str,
        Meta(
            description="Folder of further embedding models; empty is the user's data folder.",
            extra_json_schema=USER,
        ),
    ] = ""
    endpoint: Annotated[
        str,
        Meta(
            description=(
                "Address that `codearch models pull` fetches models from; empty is HF_ENDPOINT"
                " of the environment, else https://huggingface.co."
            ),
            extra_json_schema=USER,
        ),
    ] = ""
    device: Annotated[
        Literal["auto", "cpu", "cuda", "tensorrt", "coreml", "directml", "openvino"],
        Meta(
            description="Device that the embedding model runs on; auto takes the best there is.",
            extra_json_schema=USER,
        ),
    ] = "auto"
    stored_as: Annotated[
        Literal["float32", "float16"],
        Meta(
            description=(
                "What the numbers of vectors are stored as; float16 takes half the room. Stored"
                " vectors are rounded to float16 when it is chosen, and made anew for float32."
            ),
            extra_json_schema=USER,
        ),
    ] = "float32"


class VectorsSettings(Section, frozen=True):
    """Vectors that a team makes once for all of it, since they leave the machine."""

    store: Annotated[
        str,
        Meta(
            description=(
                "Where a team keeps its vectors: a folder that exists, or s3://bucket/prefix;"
                " empty is nowhere."
            ),
            extra_json_schema=USER,
        ),
    ] = ""
    endpoint: Annotated[
        str,
        Meta(
            description=(
                "Address of the S3-compatible server that holds the team's bucket; empty is AWS,"
                " or what its own configuration names."
            ),
            extra_json_schema=USER,
        ),
    ] = ""
    read_only: Annotated[
        bool,
        Meta(
            description="Whether vectors are taken from the team's store and none put there.",
            extra_json_schema=USER,
        ),
    ] = False


class LogSettings(Section, frozen=True):
    """Logs, in the cache folder; texts and queries stand in them at level debug alone."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Meta(description="The least important thing that is logged.", extra_json_schema=USER),
    ] = "info"
    max_mb: Annotated[
        int,
        Meta(
            ge=1,
            le=1024,
            description="Size in megabytes at which a log begins anew; one older log is kept.",
            extra_json_schema=USER,
        ),
    ] = 5


class CacheSettings(Section, frozen=True):
    """The indexes of all roots together."""

    budget_mb: Annotated[
        Literal["none"] | Annotated[int, Meta(ge=0)],
        Meta(
            description=(
                "Megabytes that all indexes may take; beyond, those unused for longest are"
                " removed, never one in use. `codearch cache budget` sets it."
            ),
            extra_json_schema=USER,
        ),
    ] = "none"


class IndexerSettings(Section, frozen=True):
    """The process that keeps the index."""

    idle_seconds: Annotated[
        float,
        Meta(
            ge=0,
            le=86_400,
            description="Seconds that the indexer lives on after its last client has gone.",
            extra_json_schema=USER,
        ),
    ] = 3.0
    on_battery: Annotated[
        Literal["work", "wait", "rest"],
        Meta(
            description=(
                "What waits while the machine runs on its battery: nothing (work); the vectors of a"
                " model that is to take over, and reading the whole history (wait); and reading"
                " more than 64 files and making more than 256 vectors as well (rest). Edits are"
                " found by their words at once, and what `codearch index` waits for is done."
            ),
            extra_json_schema=USER,
        ),
    ] = "wait"


class Settings(Section, frozen=True):
    """All settings of one root."""

    index: IndexSettings = IndexSettings()
    files: FilesSettings = FilesSettings()
    search: SearchSettings = SearchSettings()
    hover: HoverSettings = HoverSettings()
    code_lens: CodeLensSettings = CodeLensSettings()
    diagnostics: DiagnosticsSettings = DiagnosticsSettings()
    rules: dict[str, RuleSettings] = {}
    overrides: dict[str, OverrideSettings] = {}  # by glob; where several match, the last one wins
    history: HistorySettings = HistorySettings()
    model: ModelSettings = ModelSettings()
    vectors: VectorsSettings = VectorsSettings()
    log: LogSettings = LogSettings()
    cache: CacheSettings = CacheSettings()
    indexer: IndexerSettings = IndexerSettings()
