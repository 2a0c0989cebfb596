"""Watching by each source of events that there is."""

from __future__ import annotations

import pytest
from watching import watched

from codearch.watch.observer import ObserverSource


@pytest.fixture(params=["native", "observer"])
def watch(request):
    """Watch by the system's own source, and by watchdog's observer as other systems do."""
    source = ObserverSource if request.param == "observer" else None

    def start(root, **options):
        return watched(root, open_source=source, **options)

    return start
