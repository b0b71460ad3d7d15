"""Numbers from a closed formula, so that a golden of training needs no weights and no images.

Tensor number s, element i, all in unsigned 32-bit arithmetic:

    h = i · 2654435761 + s · 40503 + 12345
    h = h xor (h >> 16)
    h = h · 2246822519
    h = h xor (h >> 13)
"""

import math

import numpy as np

IMAGES = 1000  # the images of step t are tensor 1000 + t, t = 0, 1, …
LABELS = 2000  # their labels are tensor 2000 + t


def hashes(stream, count):
    mask = np.uint64(0xFFFFFFFF)
    h = np.arange(count, dtype=np.uint64) * np.uint64(2654435761) + np.uint64(stream * 40503 + 12345) & mask
    h ^= h >> np.uint64(16)
    h = h * np.uint64(2246822519) & mask
    return h ^ h >> np.uint64(13)


def uniform(stream, shape, scale):
    """float32((h / 2³² − 0.5) · scale): the product in float64, then one rounding."""
    values = (hashes(stream, math.prod(shape)) / 2.0**32 - 0.5) * scale
    return values.astype(np.float32).reshape(shape)


def images(step, shape):
    """float32((h >> 24) / 255): the quotient in float64, then one rounding."""
    bytes = hashes(IMAGES + step, math.prod(shape)) >> np.uint64(24)
    return (bytes / 255.0).astype(np.float32).reshape(shape)


def labels(step, count, classes):
    return (hashes(LABELS + step, count) % np.uint64(classes)).astype(np.int64)
