#!/usr/bin/env python3
"""Writes Tests/Goldens/safetensors.json and Tests/Goldens/python.safetensors.

- python.safetensors is written by the safetensors package: Lockstep must read it.
- safetensors.json lists the tensors in it, and the SHA-256 of the file that Lockstep must write of them, in that
  order: made here from the format's description alone, and read back by the package to the same tensors.

Needs safetensors and NumPy:  python scripts/goldens/make_safetensors.py [folder]
"""

import hashlib
import json
import pathlib
import struct
import sys

import numpy as np
import safetensors.numpy

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Goldens"

CODES = {"float32": "F32", "float64": "F64", "int64": "I64", "int32": "I32", "uint8": "U8", "bool": "BOOL"}

TENSORS = {
    "layers.0.weight": np.array([[1.5, -0.0, np.inf], [-np.inf, 1e-45, 3.4028235e38]], np.float32),
    "float64": np.array([0.1, -5e-324, 1.7976931348623157e308], np.float64),
    "int64": np.array([[-(2**63), 2**63 - 1], [0, -1]], np.int64),
    "int32": np.array([-(2**31), 2**31 - 1, 7], np.int32),
    "uint8": np.array([0, 1, 127, 128, 255], np.uint8),
    "bool": np.array([True, False, True], np.bool_),
    "scalar": np.array(2.5, np.float32),
    "nothing": np.zeros((0, 3), np.float32),
    'a "quoted" \\ name\n of ünicode': np.array([1], np.uint8),
}


def encode(tensors):
    """The file of the format's description: keys in the order given, padded to eight bytes with spaces."""
    header, data = {}, b""
    for name, array in tensors.items():
        offsets = [len(data), len(data) + array.nbytes]
        header[name] = {"dtype": CODES[array.dtype.name], "shape": list(array.shape), "data_offsets": offsets}
        data += array.tobytes()
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False)
    # JSON leaves the spelling of a control character open; Lockstep spells all of them by number.
    encoded = text.replace("\\n", "\\u000a").encode()
    encoded += b" " * (-len(encoded) % 8)
    return struct.pack("<Q", len(encoded)) + encoded + data


def check(file):
    """That the package reads the same tensors."""
    found = safetensors.numpy.load(file)
    assert found.keys() == TENSORS.keys()
    for name, array in TENSORS.items():
        assert found[name].dtype == array.dtype and found[name].shape == array.shape, name
        assert found[name].tobytes() == array.tobytes(), name


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    ours = encode(TENSORS)
    check(ours)
    theirs = safetensors.numpy.save(TENSORS, metadata={"made by": "make_safetensors.py"})
    check(theirs)
    (folder / "python.safetensors").write_bytes(theirs)
    tensors = [
        {"name": name, "dtype": array.dtype.name, "shape": list(array.shape), "bytes": array.tobytes().hex()}
        for name, array in TENSORS.items()
    ]
    golden = {"tensors": tensors, "sha256": hashlib.sha256(ours).hexdigest()}
    (folder / "safetensors.json").write_text(json.dumps(golden, indent=2, ensure_ascii=False) + "\n")


main()
