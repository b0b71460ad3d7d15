#!/usr/bin/env python3
"""Writes Tests/LockstepDataTests/Fixtures/{digits,orders,resize}.json.

Written from the documentation alone, sharing no code with Lockstep:

- digits.json: counts and the digest of datasets/digits, by Pillow and hashlib;
- orders.json: epoch orders and validation splits, by a Philox 4x32-10 checked here against the known-answer
  vectors of Random123;
- resize.json: bilinear resizing in exact fractions; where Pillow can do the same (enlarging) it must agree
  to one gray level, since it rounds between its two passes.

Needs Pillow and NumPy:  python scripts/goldens/make_dataset_goldens.py
"""

import fractions
import hashlib
import json
import math
import pathlib
import random
import struct

import numpy
import PIL.Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "Tests" / "LockstepDataTests" / "Fixtures"
SHUFFLE, SPLIT = 2, 5
MASK = 0xFFFFFFFF


def text(value):
    encoded = value.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def digest_of(split, folder):
    names = sorted(entry.name for entry in folder.iterdir())
    labels, pixels = [], []
    for label, name in enumerate(names):
        for path in sorted((folder / name).glob("*.png")):
            pixels.append(numpy.asarray(PIL.Image.open(path).convert("L")).tobytes())
            labels.append(label)
    digest = hashlib.sha256(text("lockstep-dataset-1") + text(split) + struct.pack("<Q", len(names)))
    for name in names:
        digest.update(text(name))
    digest.update(struct.pack("<4Q", len(labels), 8, 8, 1))
    digest.update(struct.pack(f"<{len(labels)}i", *labels))
    digest.update(b"".join(pixels))
    return digest, len(labels)


def digits():
    train, train_count = digest_of("train", ROOT / "datasets" / "digits" / "train")
    test, test_count = digest_of("test", ROOT / "datasets" / "digits" / "test")
    return {
        "trainCount": train_count,
        "testCount": test_count,
        "trainDigest": train.hexdigest(),
        "testDigest": test.hexdigest(),
        "digest": hashlib.sha256(train.digest() + test.digest()).hexdigest(),
    }


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        first, second = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(second >> 32) ^ c[1] ^ k[0], second & MASK, (first >> 32) ^ c[3] ^ k[1], first & MASK]
        k = [(k[0] + 0x9E3779B9) & MASK, (k[1] + 0xBB67AE85) & MASK]
    return c


assert philox([0] * 4, [0] * 2) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
assert philox([MASK] * 4, [MASK] * 2) == [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]


def words(seed, purpose, index):
    position = 0
    while True:
        counter = [position, purpose, index & MASK, index >> 32]
        yield from philox(counter, [seed & MASK, seed >> 32])
        position += 1


def below(stream, bound):
    """Lemire's method on 64 bits, low word first."""
    threshold = (1 << 64) % bound
    while True:
        product = (next(stream) | next(stream) << 32) * bound
        if product & ((1 << 64) - 1) >= threshold:
            return product >> 64


def permutation(count, seed, purpose, index):
    stream, order = words(seed, purpose, index), list(range(count))
    for last in range(count - 1, 0, -1):
        chosen = below(stream, last + 1)
        order[last], order[chosen] = order[chosen], order[last]
    return order


def fnv1a(name):
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = (value ^ byte) * 0x100000001B3 & ((1 << 64) - 1)
    return value


def orders():
    epochs = [
        {"count": count, "seed": seed, "epoch": epoch, "order": permutation(count, seed, SHUFFLE, epoch)}
        for count, seed, epoch in [(10, 0, 0), (10, 0, 1), (10, 1, 0), (100, 2**63 - 25, 70000), (1, 5, 5)]
    ]
    splits = []
    for name, count, fraction, seed in [("cat", 10, 0.2, 0), ("dog", 10, 0.2, 0), ("é", 7, 0.5, 9)]:
        wanted = min(max(math.floor(count * fraction + 0.5), 1), count - 1)
        chosen = sorted(permutation(count, seed, SPLIT, fnv1a(name))[:wanted])
        splits.append(
            {"className": name, "count": count, "fraction": fraction, "seed": seed, "testIndices": chosen})
    return {"epochs": epochs, "splits": splits}


def interpolated(pixels, height, width, y, x):
    """The value at a position in fractions of a pixel, clamped to the image."""
    y = min(max(y, 0), height - 1)
    x = min(max(x, 0), width - 1)
    y0, x0 = math.floor(y), math.floor(x)
    y1, x1 = min(y0 + 1, height - 1), min(x0 + 1, width - 1)
    fy, fx = y - y0, x - x0
    top = pixels[y0][x0] * (1 - fx) + pixels[y0][x1] * fx
    bottom = pixels[y1][x0] * (1 - fx) + pixels[y1][x1] * fx
    return top * (1 - fy) + bottom * fy


def resized(pixels, out_height, out_width):
    height, width = len(pixels), len(pixels[0])
    half = fractions.Fraction(1, 2)
    return [
        [
            math.floor(
                interpolated(
                    pixels, height, width,
                    (y + half) * fractions.Fraction(height, out_height) - half,
                    (x + half) * fractions.Fraction(width, out_width) - half)
                + half)
            for x in range(out_width)
        ]
        for y in range(out_height)
    ]


def resize():
    source = random.Random(1)
    cases = []
    for (width, height), (out_width, out_height) in [
        ((4, 3), (8, 6)), ((4, 3), (7, 5)), ((7, 5), (4, 3)), ((1, 1), (3, 2)), ((8, 8), (4, 4)),
        ((9, 2), (2, 9)), ((5, 5), (5, 6)), ((10, 10), (1, 1)),
    ]:
        planes = [[[source.randrange(256) for _ in range(width)] for _ in range(height)] for _ in range(3)]
        outputs = [resized(plane, out_height, out_width) for plane in planes]
        if out_width >= width and out_height >= height:
            for plane, output in zip(planes, outputs):
                image = PIL.Image.fromarray(numpy.array(plane, dtype=numpy.uint8))
                enlarged = image.resize((out_width, out_height), PIL.Image.Resampling.BILINEAR)
                difference = numpy.asarray(enlarged).astype(int) - numpy.array(output)
                assert abs(difference).max() <= 1
        cases.append({
            "from": f"{width}x{height}",
            "to": f"{out_width}x{out_height}",
            "input": numpy.array(planes).transpose(1, 2, 0).flatten().tolist(),
            "output": numpy.array(outputs).transpose(1, 2, 0).flatten().tolist(),
        })
    return cases


def main():
    for name, value in [("digits", digits()), ("orders", orders()), ("resize", resize())]:
        (FIXTURES / f"{name}.json").write_text(json.dumps(value, ensure_ascii=False) + "\n")
        print(f"wrote {name}.json")


if __name__ == "__main__":
    main()
