"""maxPool2D and averagePool2D over NHWC images. Rows and columns that fill no window are dropped."""

from golden import case, distinct, dyadic, forward_case, random_for
import torch
import torch.nn.functional as F
from operations.layout import nchw, nhwc, pad, resolve, spatial_attributes


def cases():
    return [
        max_pool("2x2", (2, 4, 6, 3), (2, 2), (2, 2)),
        max_pool("3x3-stride-2-padded", (2, 7, 7, 2), (3, 3), (2, 2), (1, 1, 1, 1)),
        max_pool("3x3-stride-2-same-asymmetric", (1, 6, 8, 2), (3, 3), (2, 2), "same"),
        max_pool("overlapping", (2, 4, 5, 2), (2, 2), (1, 1)),
        max_pool("non-square", (1, 6, 7, 3), (3, 2), (2, 3)),
        max_pool("tail-dropped", (2, 5, 7, 2), (2, 2), (2, 2)),
        max_pool("window-smaller-than-stride", (1, 7, 7, 2), (2, 2), (3, 3)),
        max_pool("global", (2, 3, 5, 4), (3, 5), (1, 1)),
        max_pool("all-negative-padded", (1, 3, 3, 2), (3, 3), (1, 1), "same", negative),
        max_pool("ties-first-wins", (2, 4, 6, 2), (2, 2), (2, 2), values=repeated),
        max_pool("ties-first-wins-overlapping", (1, 5, 5, 2), (3, 3), (1, 1), "same", repeated),
        max_pool("batch-0", (0, 4, 4, 2), (2, 2), (2, 2)),
        max_pool_of_nan(),
        average_pool("2x2", (2, 4, 6, 3), (2, 2), (2, 2)),
        average_pool("overlapping", (2, 4, 5, 2), (2, 2), (1, 1)),
        average_pool("non-square-tail-dropped", (1, 6, 7, 3), (3, 2), (2, 3)),
        average_pool("3x3-stride-2-padded", (2, 7, 7, 2), (3, 3), (2, 2), (1, 1, 1, 1), True),
        average_pool("3x3-stride-2-padded", (2, 7, 7, 2), (3, 3), (2, 2), (1, 1, 1, 1), False),
        average_pool("3x3-stride-2-same-asymmetric", (1, 6, 8, 2), (3, 3), (2, 2), "same", True),
        average_pool("3x3-stride-2-same-asymmetric", (1, 6, 8, 2), (3, 3), (2, 2), "same", False),
        average_pool("global", (2, 3, 5, 4), (3, 5), (1, 1)),
        average_pool("batch-0", (0, 4, 4, 2), (2, 2), (2, 2)),
    ]


def negative(random, shape):
    """A padding of zeros instead of -inf would show."""
    return distinct(random, shape) - 4


def repeated(random, shape):
    """Three different values only, so most windows hold their maximum several times."""
    return torch.from_numpy(random.integers(-1, 2, shape).astype("float64"))


def max_pool(name, image, window, stride, padding="valid", values=distinct):
    resolved = resolve(padding, image[1:3], window, stride)
    inputs = {"input": values(random_for("maxPool2D/" + name), image)}

    def compute(input):
        padded = pad(nchw(input), resolved, value=float("-inf"))
        return nhwc(F.max_pool2d(padded, window, stride))

    attributes = pool_attributes(window, stride, padding, resolved)
    return case(name, "maxPool2D", attributes, inputs, compute, exact=True)


def max_pool_of_nan():
    """NaN wins over every number, first or last in its window. Forward only."""
    name, window, stride = "nan-propagates", (2, 2), (2, 2)
    values = distinct(random_for("maxPool2D/" + name), (1, 4, 6, 1))
    for row, column in [(0, 0), (1, 3), (2, 5), (3, 0), (3, 1)]:
        values[0, row, column, 0] = float("nan")
    values[0, 0, 1, 0] = float("inf")
    values[0, 2:4, 2:4, 0] = float("-inf")
    output = nhwc(F.max_pool2d(nchw(values), window, stride))
    attributes = pool_attributes(window, stride, "valid", (0, 0, 0, 0))
    return forward_case(name, "maxPool2D", attributes, {"input": values}, output, exact=True)


def average_pool(name, image, window, stride, padding="valid", counts_padding=True):
    if padding != "valid":
        name += "-counted" if counts_padding else "-not-counted"
    resolved = resolve(padding, image[1:3], window, stride)
    inputs = {"input": dyadic(random_for("averagePool2D/" + name), image)}

    def window_sums(images):
        return F.avg_pool2d(pad(images, resolved), window, stride, divisor_override=1)

    def compute(input):
        sums = window_sums(nchw(input))
        if counts_padding:
            return nhwc(sums / (window[0] * window[1]))
        return nhwc(sums / window_sums(torch.ones_like(nchw(input))))

    check_against_pytorch(inputs["input"], window, stride, resolved, counts_padding, compute)
    attributes = pool_attributes(window, stride, padding, resolved)
    attributes["countIncludesPadding"] = counts_padding
    return case(name, "averagePool2D", attributes, inputs, compute, exact=window == (2, 2))


def check_against_pytorch(input, window, stride, resolved, counts_padding, compute):
    """PyTorch's own padding is symmetric; where the case's is too, the two must agree."""
    top, bottom, left, right = resolved
    if (top, left) == (bottom, right):
        expected = F.avg_pool2d(nchw(input), window, stride, (top, left), False, counts_padding)
        assert torch.allclose(nhwc(expected), compute(input), rtol=1e-15, atol=0)


def pool_attributes(window, stride, padding, resolved):
    attributes = {"windowHeight": window[0], "windowWidth": window[1]}
    return attributes | spatial_attributes(stride, padding, resolved)
