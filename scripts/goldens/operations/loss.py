"""softmaxCrossEntropy (one loss for each sample, no mean), softmax and logSoftmax over the last axis."""

from golden import case, dyadic, forward_case, random_for
import torch
import torch.nn.functional as F

INFINITY = float("inf")


def cases():
    return cross_entropy_cases() + softmax_cases()


def cross_entropy_cases():
    extreme = torch.tensor(
        [[1e4, -1e4, 0.0], [1e4, -1e4, 0.0], [-1e4, -1e4, -1e4], [1e4, 1e4, 1e4], [1e4, 9999.0, -1e4]],
        dtype=torch.float64,
    )
    return [
        result
        for smoothing in (0.0, 0.1)
        for result in [
            cross_entropy("5x4", dyadic(random_for("5x4"), (5, 4)), [0, 3, 1, 2, 3], smoothing),
            cross_entropy("3x10", dyadic(random_for("3x10"), (3, 10)) * 8, [9, 0, 4], smoothing),
            cross_entropy("large-logits", extreme, [0, 1, 2, 0, 1], smoothing),
            cross_entropy("one-class", dyadic(random_for("one-class"), (3, 1)), [0, 0, 0], smoothing),
            cross_entropy("batch-1", dyadic(random_for("batch-1"), (1, 3)), [1], smoothing),
            cross_entropy("batch-0", torch.zeros(0, 3, dtype=torch.float64), [], smoothing),
        ]
    ]


def cross_entropy(name, logits, labels, smoothing):
    inputs = {"logits": logits, "labels": torch.tensor(labels, dtype=torch.int64)}

    def compute(logits, labels):
        return F.cross_entropy(logits, labels, reduction="none", label_smoothing=smoothing)

    attributes = {"smoothing": smoothing}
    return case(f"{name}-smoothing-{smoothing}", "softmaxCrossEntropy", attributes, inputs, compute)


def softmax_cases():
    large = torch.tensor([[1e4, 9999.0, -1e4], [-1e4, -1e4, -1e4], [0.0, 1e4, 0.5]], dtype=torch.float64)
    infinite = torch.tensor([[-INFINITY, 0.0, 1.0], [2.0, -INFINITY, -INFINITY]], dtype=torch.float64)
    result = []
    for operation, function in [("softmax", torch.softmax), ("logSoftmax", torch.log_softmax)]:
        named = {
            "3x5": dyadic(random_for(operation), (3, 5)),
            "2x3x4": dyadic(random_for(operation), (2, 3, 4)),
            "vector": dyadic(random_for(operation), (6,)),
            "one-class": dyadic(random_for(operation), (3, 1)),
            "empty": torch.zeros(0, 3, dtype=torch.float64),
            "large": large,
        }
        for name, values in named.items():
            result.append(case(name, operation, {}, {"input": values}, lambda input: function(input, -1)))
        output = function(infinite, -1)
        result.append(forward_case("minus-infinity", operation, {}, {"input": infinite}, output))
    return result
