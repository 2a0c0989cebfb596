"""A projection to fewer dimensions by principal components, fitted once, at export."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from codearch.errors import EncoderError

if TYPE_CHECKING:
    from numpy.typing import NDArray


def principal_components(
    rows: NDArray[np.float32], dimension: int
) -> tuple[NDArray[np.float32], NDArray[np.float32], float]:
    """Return centre (hidden,), axes (hidden, dimension) and the share of variance that they keep.

    The axes' signs are fixed by their largest entry, so that the same rows give the same axes.
    """
    if len(rows) <= dimension:
        message = f"{len(rows)} texts are too few to fit {dimension} dimensions."
        raise EncoderError(message, mend="Name a larger corpus: `--corpus FOLDER`.")
    exact = rows.astype(np.float64)
    centre = exact.mean(0)
    variance, axes = np.linalg.eigh(np.cov(exact - centre, rowvar=False))
    order = np.argsort(variance)[::-1][:dimension]
    chosen = axes[:, order]
    strongest = chosen[np.abs(chosen).argmax(0), np.arange(chosen.shape[1])]
    chosen = chosen * np.sign(strongest)
    kept = float(variance[order].sum() / max(variance.sum(), 1e-30))
    return centre.astype(np.float32), chosen.astype(np.float32), kept
