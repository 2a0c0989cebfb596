"""What a user can choose: the keys, the layers they come from, and the folders in use."""

from codearch.settings.folders import (
    SETTINGS_FILES,
    cache_home,
    claimed_cache,
    find_root,
    models_folder,
    root_cache,
    user_settings_file,
)
from codearch.settings.keys import (
    CodeLensSettings,
    DiagnosticsSettings,
    FilesSettings,
    HistorySettings,
    HoverSettings,
    IndexerSettings,
    IndexSettings,
    LogSettings,
    ModelSettings,
    RuleSettings,
    SearchSettings,
    Settings,
)
from codearch.settings.layers import Layer, LoadedSettings, load_settings, merge
from codearch.settings.schema import Key, settings_keys, settings_schema

__all__ = [
    "SETTINGS_FILES",
    "CodeLensSettings",
    "DiagnosticsSettings",
    "FilesSettings",
    "HistorySettings",
    "HoverSettings",
    "IndexSettings",
    "IndexerSettings",
    "Key",
    "Layer",
    "LoadedSettings",
    "LogSettings",
    "ModelSettings",
    "RuleSettings",
    "SearchSettings",
    "Settings",
    "cache_home",
    "claimed_cache",
    "find_root",
    "load_settings",
    "merge",
    "models_folder",
    "root_cache",
    "settings_keys",
    "settings_schema",
    "user_settings_file",
]
