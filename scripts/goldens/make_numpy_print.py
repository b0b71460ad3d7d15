"""numpy-print.json: what NumPy's str() prints for arrays, with its default options."""

import golden
import numpy as np

NAN, INFINITY = np.nan, np.inf


def float_arrays(dtype):
    return [
        np.array(1.5, dtype),
        np.array(2.0, dtype),
        np.array(-0.0, dtype),
        np.array(0.1, dtype),
        np.array(1e-10, dtype),
        np.array(1e20, dtype),
        np.array(NAN, dtype),
        np.array(-INFINITY, dtype),
        np.array([], dtype),
        np.array([1.0], dtype),
        np.array([1, 2, 3], dtype),
        np.array([-1, 2, -3], dtype),
        np.array([0.0, -0.0], dtype),
        np.array([0.5, 0.25, 0.125], dtype),
        np.array([-1.5, 10.25, 100], dtype),
        np.array([0.1, 0.2, 0.3], dtype),
        np.array([1 / 3, 2 / 3, 1], dtype),
        np.array([1e-5, 1], dtype),
        np.array([0.0001, 0.05], dtype),
        np.array([0.00001, 0.00002], dtype),
        np.array([1, 999.5], dtype),
        np.array([1, 1001.5], dtype),
        np.array([1e8, 1], dtype),
        np.array([12345678, 0.5], dtype),
        np.array([1e10, 1e-10, -1], dtype),
        np.array([1e30, 1e-30], dtype),
        np.array([3.14159265358979, 2.71828182845905], dtype),
        np.array([1.123456789, 123.1], dtype),
        np.array([NAN, 1], dtype),
        np.array([INFINITY, -INFINITY, 1.5], dtype),
        np.array([NAN, -INFINITY], dtype),
        np.array([NAN, 1e-8, 1], dtype),
        np.array([[1, 2], [3, 4]], dtype),
        np.array([[1.5, -2.25], [1000, 0]], dtype),
        np.array([[1e-6, 1], [20, -300]], dtype),
        np.zeros((2, 0), dtype),
        np.zeros((0, 3), dtype),
        np.ones((1, 1), dtype),
        np.ones((1, 1, 1), dtype),
        (np.arange(24) / 8).reshape(2, 3, 4).astype(dtype),
        (np.arange(16) - 8).reshape(2, 2, 2, 2).astype(dtype),
        (np.arange(30) / 4).astype(dtype),
        (np.arange(30) / 7 * 1000).astype(dtype),
        (np.arange(60) / 16 - 1).reshape(2, 30).astype(dtype),
        (np.arange(1001) % 10 / 2).astype(dtype),
        (np.arange(1050) % 16 - 8).reshape(35, 30).astype(dtype),
    ]


def rounding_arrays():
    """What shows the difference between the shortest digits and rounded ones."""
    return [
        np.array(0.1 + 0.2),
        np.array(1e15),
        np.array(1e16),
        np.array(1e-4),
        np.array(1e-5),
        np.array(123456789.125),
        np.array(999999.0, "float32"),
        np.array(1e6, "float32"),
        np.array(16777216.0, "float32"),
        np.array(3.4028234663852886e38, "float32"),
        np.array(123456.789, "float32"),
        np.array(1e-4, "float32"),
        np.array([0.1 + 0.2, 1.0]),
        np.array([0.999999999, 2]),  # rounds up to 1
        np.array([1.000000005, 1]),
        np.array([1e-9, 0.5]),
        np.array([1e-300, 1.0]),
        np.array([1e200, -1e-200]),
        np.array([5e-324]),
        np.array([99999999.0]),
        np.array([100000000.0]),
        np.array([9999.99999, 20]),
        np.array([16777216, 0.1], "float32"),
        np.array([999999], "float32"),
        np.array([1e6], "float32"),
        np.array([1e-4], "float32"),
        np.array([9.9e-5], "float32"),
        np.array([1.17549435e-38, 1e-45], "float32"),
    ]


def integer_arrays(dtype):
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    return [
        np.array(7, dtype),
        np.array([], dtype),
        np.array([low, 0, high], dtype),
        np.array([[1, 20], [100, 4]], dtype),
        np.arange(60).astype(dtype),
        np.arange(24).reshape(2, 3, 4).astype(dtype),
        (np.arange(1001) % 12).astype(dtype),
        (np.arange(1008) % 10).reshape(7, 12, 12).astype(dtype),
    ]


def signed_arrays(dtype):
    return [
        np.array(-3, dtype),
        np.array([[-1, 20], [300, -4000]], dtype),
        np.array([np.iinfo(dtype).min], dtype),
        np.zeros((2, 0, 3), dtype),
    ]


def bool_arrays():
    return [
        np.array(True),
        np.array([], bool),
        np.array([True, False, True]),
        np.array([False, False]),
        np.array([True, True]),
        np.array([[True, False], [False, False]]),
        np.arange(30) % 3 == 0,
        np.arange(1001) % 2 == 0,
    ]


def layout_arrays():
    """Where lines break and what is left out, in int64 so that the numbers don't distract."""
    digits = np.arange(2000) % 10
    return [
        digits[:37],  # 75 wide: the widest line
        digits[:38],
        digits[:1000],  # the last that is printed whole
        digits[:1000].reshape(2, 500),
        digits[:1002].reshape(6, 167),  # six rows are never summarised: twice the edge of three
        digits[:1001].reshape(7, 143),
        digits[:1200].reshape(200, 6),
        digits[:1200].reshape(3, 400, 1),
        digits[:1200].reshape(10, 10, 12),
        np.arange(16).reshape(1, 1, 4, 4),
    ]


def print_case(array):
    data = [golden.number(value) for value in array.ravel().tolist()]
    return {"dtype": array.dtype.name, "shape": list(array.shape), "data": data, "text": str(array)}


def main():
    arrays = float_arrays("float32") + float_arrays("float64") + rounding_arrays()
    for dtype in ("int64", "int32"):
        arrays += integer_arrays(dtype) + signed_arrays(dtype)
    arrays += integer_arrays("uint8") + bool_arrays() + layout_arrays()
    golden.write("numpy-print.json", [print_case(array) for array in arrays])


if __name__ == "__main__":
    main()
