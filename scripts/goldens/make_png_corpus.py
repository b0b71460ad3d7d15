#!/usr/bin/env python3
"""Writes Tests/LockstepDataTests/Fixtures/png: a corpus of small PNGs and what they must decode to.

The expected values come from the samples each file was made of, not from decoding it; where Pillow reads a
format without loss (8 bits and fewer), the script also checks that Pillow agrees, so the rules for gray, RGB
and alpha are Pillow's. The files are packed, filtered, interlaced and cut into chunks by the code below: no
libpng is involved. Every file uses all five filter types and has its pixels in several IDAT chunks.

Needs Pillow and NumPy (made with Pillow 13.0.0):  python scripts/goldens/make_png_corpus.py
"""

import fractions
import io
import json
import pathlib
import random
import struct
import zlib

import numpy
import PIL.Image

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "LockstepDataTests" / "Fixtures" / "png"
GRAY, RGB, PALETTE, GRAY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6
NAMES = {GRAY: "gray", RGB: "rgb", PALETTE: "palette", GRAY_ALPHA: "grayalpha", RGB_ALPHA: "rgba"}
SAMPLES = {GRAY: 1, RGB: 3, PALETTE: 1, GRAY_ALPHA: 2, RGB_ALPHA: 4}
DEPTHS = {
    GRAY: [1, 2, 4, 8, 16],
    RGB: [8, 16],
    PALETTE: [1, 2, 4, 8],
    GRAY_ALPHA: [8, 16],
    RGB_ALPHA: [8, 16],
}
# Adam7: first column, first row, column step, row step of each pass (PNG specification, section 8.2).
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pack_row(samples, depth):
    """Samples of one row, most significant bit first."""
    bits = "".join(format(sample, f"0{depth}b") for sample in samples)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))


def paeth(a, b, c):
    p = a + b - c
    pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
    if pa <= pb and pa <= pc:
        return a
    return b if pb <= pc else c


def filter_rows(rows, bytes_per_pixel):
    """Filters rows with the types 0, 1, 2, 3, 4, 0, … in turn."""
    out = b""
    previous = None
    for number, row in enumerate(rows):
        above = previous or bytes(len(row))
        kind = number % 5
        filtered = bytearray()
        for i, value in enumerate(row):
            left = row[i - bytes_per_pixel] if i >= bytes_per_pixel else 0
            corner = above[i - bytes_per_pixel] if i >= bytes_per_pixel else 0
            guess = [0, left, above[i], (left + above[i]) // 2, paeth(left, above[i], corner)][kind]
            filtered.append((value - guess) & 0xFF)
        out += bytes([kind]) + bytes(filtered)
        previous = row
    return out


def encode(pixels, color_type, depth, interlaced, palette=None, transparency=None):
    """`pixels[y][x]` is a tuple of samples."""
    height, width = len(pixels), len(pixels[0])
    per_pixel = max(1, SAMPLES[color_type] * depth // 8)
    passes = ADAM7 if interlaced else [(0, 0, 1, 1)]
    data = b""
    for x0, y0, dx, dy in passes:
        part = [row[x0::dx] for row in pixels[y0::dy]]
        if part and part[0]:
            packed = [pack_row([sample for pixel in row for sample in pixel], depth) for row in part]
            data += filter_rows(packed, per_pixel)
    packed = zlib.compress(data, 9)
    file = b"\x89PNG\r\n\x1a\n"
    file += chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, int(interlaced)))
    file += chunk(b"gAMA", struct.pack(">I", 45455))  # must not change anything
    if palette is not None:
        file += chunk(b"PLTE", bytes(value for entry in palette for value in entry))
    if transparency is not None:
        file += chunk(b"tRNS", transparency)
    file += chunk(b"tEXt", b"Comment\0made by make_png_corpus.py")
    for start in range(0, len(packed), 40):
        file += chunk(b"IDAT", packed[start : start + 40])
    return file + chunk(b"IEND", b"")


def to_8_bits(sample, depth):
    """round(sample · 255 / (2^depth − 1)); no value of any depth lies on a half."""
    exact = fractions.Fraction(sample * 255, (1 << depth) - 1)
    return int(exact + fractions.Fraction(1, 2))


def luma(r, g, b):
    """Pillow's L24 in Convert.c."""
    return (19595 * r + 38470 * g + 7471 * b + 0x8000) >> 16


def expected_rgba(pixel, color_type, depth, palette, transparent):
    if color_type == PALETTE:
        r, g, b = palette[pixel[0]]
        alpha = transparent[pixel[0]] if transparent and pixel[0] < len(transparent) else 255
        return r, g, b, alpha
    colour = pixel[: 1 if color_type in (GRAY, GRAY_ALPHA) else 3]
    alpha = 255
    if color_type in (GRAY_ALPHA, RGB_ALPHA):
        alpha = to_8_bits(pixel[-1], depth)
    elif transparent is not None and colour == transparent:
        alpha = 0
    values = [to_8_bits(sample, depth) for sample in colour]
    return (*(values * 3 if len(values) == 1 else values), alpha)


def expected_of(pixels, color_type, depth, palette, transparent):
    rgba = [expected_rgba(p, color_type, depth, palette, transparent) for row in pixels for p in row]
    is_gray_type = color_type in (GRAY, GRAY_ALPHA)
    return {
        "gray": bytes(r if is_gray_type else luma(r, g, b) for r, g, b, _ in rgba),
        "rgb": bytes(value for pixel in rgba for value in pixel[:3]),
        "rgba": bytes(value for pixel in rgba for value in pixel),
    }


def check_with_pillow(name, file, expected, color_type, depth, transparent):
    """Pillow is the second opinion wherever it keeps all bits."""
    if depth == 16:
        return
    # Pillow compares tRNS of 2 and 4-bit grays with the samples it has already scaled to 8 bits.
    misreads_alpha = color_type == GRAY and depth in (2, 4) and transparent is not None
    image = PIL.Image.open(io.BytesIO(file))
    image.load()
    for mode, key in (("RGB", "rgb"), ("RGBA", "rgba")):
        if mode == "RGBA" and misreads_alpha:
            continue
        converted = numpy.asarray(image.convert(mode)).tobytes()
        assert converted == expected[key], f"{name}: Pillow disagrees on {mode}"
    converted = numpy.asarray(image.convert("RGB").convert("L")).tobytes()
    assert converted == expected["gray"], f"{name}: Pillow disagrees on L"


def random_pixels(source, width, height, color_type, depth, palette_size):
    top = palette_size if color_type == PALETTE else 1 << depth
    def pixel():
        return tuple(source.randrange(top) for _ in range(SAMPLES[color_type]))
    return [[pixel() for _ in range(width)] for _ in range(height)]


def make(name, width, height, color_type, depth, interlaced, with_transparency, gray_palette=False):
    source = random.Random(name)
    palette = chunk_data = transparent = None
    palette_size = min(1 << depth, 200) if color_type == PALETTE else 0
    pixels = random_pixels(source, width, height, color_type, depth, palette_size)
    if color_type == PALETTE:
        def entry():
            gray = source.randrange(256)
            return (gray,) * 3 if gray_palette else tuple(source.randrange(256) for _ in range(3))
        palette = [entry() for _ in range(palette_size)]
    if with_transparency and color_type == PALETTE:
        transparent = [source.randrange(256) for _ in range(max(1, palette_size // 2))]
        chunk_data = bytes(transparent)
    elif with_transparency:
        # A colour that occurs; with 16 bits a neighbour that differs in the last bit only stays opaque.
        transparent = pixels[0][0]
        pixels[-1][-1] = transparent
        if depth == 16:
            pixels[-1][0] = tuple(sample ^ 1 for sample in transparent)
        chunk_data = b"".join(struct.pack(">H", sample) for sample in transparent)

    file = encode(pixels, color_type, depth, interlaced, palette, chunk_data)
    expected = expected_of(pixels, color_type, depth, palette, transparent)
    check_with_pillow(name, file, expected, color_type, depth, transparent)
    (FOLDER / f"{name}.png").write_bytes(file)
    return {
        "name": name,
        "width": width,
        "height": height,
        "colorType": color_type,
        "bitDepth": depth,
        "isInterlaced": interlaced,
        "hasTransparency": with_transparency or color_type in (GRAY_ALPHA, RGB_ALPHA),
        "isGray": color_type in (GRAY, GRAY_ALPHA) or gray_palette,
        **{key: value.hex() for key, value in expected.items()},
    }


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    cases = []
    for color_type, depths in DEPTHS.items():
        for depth in depths:
            for interlaced in (False, True):
                for with_transparency in (False, True):
                    if with_transparency and color_type in (GRAY_ALPHA, RGB_ALPHA):
                        continue
                    name = f"{NAMES[color_type]}{depth}"
                    name += "-interlaced" if interlaced else ""
                    name += "-trns" if with_transparency else ""
                    cases.append(make(name, 11, 9, color_type, depth, interlaced, with_transparency))
    cases.append(make("palette8-of-grays", 5, 4, PALETTE, 8, False, False, gray_palette=True))
    for width, height in ((1, 1), (1, 7), (3, 1), (2, 2), (33, 5)):
        cases.append(make(f"rgb8-interlaced-{width}x{height}", width, height, RGB, 8, True, False))
        cases.append(make(f"gray1-{width}x{height}", width, height, GRAY, 1, False, False))
    lines = ",\n".join(json.dumps(case) for case in cases)
    (FOLDER / "expected.json").write_text(f"[\n{lines}\n]\n")
    print(f"{len(cases)} files in {FOLDER}")


if __name__ == "__main__":
    main()
