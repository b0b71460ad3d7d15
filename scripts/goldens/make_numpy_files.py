#!/usr/bin/env python3
"""Writes Tests/Goldens/numpy-files.json: files of NumPy's own, in hexadecimal digits, and what is in them.

- arrays: `.npy` files of every dtype, order, byte order and format version, with the elements row-major, least
  significant byte first. Where `isCanonical`, np.save writes exactly this file of the array.
- archives: `.npz` files; those of np.savez have zip64 fields, and the streamed one sizes behind its contents.
- refused: files that NumPy writes and Lockstep must not take.

Needs NumPy alone:  python scripts/goldens/make_numpy_files.py [folder]
"""

import io
import json
import pathlib
import sys
import warnings

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Goldens"

VALUES = {
    "float32": np.array([[1.5, -0.0, np.inf], [-np.inf, 1e-45, 3.4028235e38]], np.float32),
    "float64": np.array([[0.1, -5e-324, 1.7976931348623157e308], [np.inf, -2.5, 7]], np.float64),
    "int64": np.array([[-(2**63), 2**63 - 1, 3], [0, -1, 2]], np.int64),
    "int32": np.array([[-(2**31), 2**31 - 1, 7], [1, 2, 3]], np.int32),
    "uint8": np.array([[0, 1, 127], [128, 255, 9]], np.uint8),
    "bool": np.array([[True, False, True], [False, False, True]]),
}


class Unseekable(io.RawIOBase):
    """A stream that a zip file can be written to, but not corrected in: sizes then follow the contents."""

    def __init__(self):
        self.parts = []

    def writable(self):
        return True

    def write(self, data):
        self.parts.append(bytes(data))
        return len(data)


def npy(array, version=None):
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that version 2 and 3 are new
        np.lib.format.write_array(file, array, version=version, allow_pickle=True)
    return file.getvalue()


def described(name, array, version=None):
    file = npy(array, version)
    plain = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"))
    check = np.load(io.BytesIO(file))
    assert check.dtype == array.dtype and np.array_equal(check, array), name
    is_canonical = version is None and not (array.dtype.byteorder == ">" or name.startswith("fortran"))
    return {"name": name, "file": file.hex(), "dtype": array.dtype.name, "shape": list(array.shape),
            "elements": plain.tobytes().hex(), "isCanonical": is_canonical, "isFortran": name.startswith("fortran")}


def arrays():
    for dtype, array in VALUES.items():
        yield described(dtype, array)
        yield described(f"fortran {dtype}", np.asfortranarray(array))
        if array.dtype.itemsize > 1:
            yield described(f"big-endian {dtype}", array.astype(array.dtype.newbyteorder(">")))
    for version in [(1, 0), (2, 0), (3, 0)]:
        yield described(f"version {version[0]}.{version[1]}", VALUES["int32"], version)
    cube = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    yield described("cube", cube)
    yield described("fortran cube", np.asfortranarray(cube))
    yield described("fortran big-endian cube", np.asfortranarray(cube.astype(">f4")))
    yield described("scalar", np.array(2.5, np.float32))
    yield described("vector", np.array([1, 2, 3], np.int64))
    yield described("nothing", np.zeros((0, 3), np.float32))


def archives():
    members = {"weights": VALUES["float32"], "counts": VALUES["int64"]}
    names = np.array(["ant", "bee", "ünicode 🐝"])
    for name, save in [("stored", np.savez), ("deflated", np.savez_compressed)]:
        file = io.BytesIO()
        save(file, class_names=names, **members)
        yield {"name": name, "file": file.getvalue().hex()}
    stream = Unseekable()
    np.savez_compressed(stream, class_names=names, **members)
    yield {"name": "streamed", "file": b"".join(stream.parts).hex()}


def refused():
    yield {"name": "objects", "file": npy(np.array([1, "two", None], object)).hex()}
    yield {"name": "records", "file": npy(np.zeros(2, [("x", "<f4"), ("y", "<i8")])).hex()}
    for dtype in ["float16", "int16", "uint64", "complex64", "U3", "datetime64[s]"]:
        yield {"name": dtype, "file": npy(np.zeros(3, dtype)).hex()}


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    golden = {"arrays": list(arrays()), "archives": list(archives()), "refused": list(refused())}
    (folder / "numpy-files.json").write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n")


main()
