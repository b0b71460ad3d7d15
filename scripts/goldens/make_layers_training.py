"""w1-training.json and sgd.json: PyTorch trains the reference net W1, and a tiny net with every variant
of SGD, from weights and batches that `formula.py` computes.

The parameters are leaves in Lockstep's layout; the forward pass permutes them into PyTorch's. So the
gradients that autograd returns, and the weights after training, are in Lockstep's layout as they are.
"""

import formula
import golden
from operations.layout import nchw, nhwc, oihw
import torch
import torch.nn.functional as F

# Name, shape, scale. The weights' scale is 2·√(6 / fan-in), to four digits: He's uniform distribution.
W1 = [
    ("conv1.weight", (3, 3, 1, 32), 1.633),
    ("conv1.bias", (32,), 0.1),
    ("conv2.weight", (3, 3, 32, 64), 0.2887),
    ("conv2.bias", (64,), 0.1),
    ("dense1.weight", (3136, 128), 0.08748),
    ("dense1.bias", (128,), 0.1),
    ("dense2.weight", (128, 10), 0.433),
    ("dense2.bias", (10,), 0.1),
]
W1_STEPS, W1_BATCH, W1_LEARNING_RATE, W1_MOMENTUM = 10, 16, 0.05, 0.9

TINY = [
    ("dense1.weight", (6, 5), 2.0),
    ("dense1.bias", (5,), 0.1),
    ("dense2.weight", (5, 3), 2.191),
    ("dense2.bias", (3,), 0.1),
]
TINY_STEPS, TINY_BATCH = 20, 4

# PyTorch's dampening is zero throughout.
VARIANTS = [
    {"name": "plain", "learningRate": 0.1, "momentum": 0.0, "nesterov": False, "weightDecay": 0.0},
    {"name": "momentum", "learningRate": 0.1, "momentum": 0.9, "nesterov": False, "weightDecay": 0.0},
    {"name": "nesterov", "learningRate": 0.1, "momentum": 0.9, "nesterov": True, "weightDecay": 0.0},
    {"name": "weight-decay", "learningRate": 0.1, "momentum": 0.0, "nesterov": False, "weightDecay": 0.01},
    {"name": "momentum-weight-decay", "learningRate": 0.1, "momentum": 0.9, "nesterov": False, "weightDecay": 0.01},
    {"name": "nesterov-weight-decay", "learningRate": 0.1, "momentum": 0.9, "nesterov": True, "weightDecay": 0.01},
]


def main():
    golden.write("w1-training.json", w1_training())
    golden.write("sgd.json", sgd())


def w1_training():
    runs = {name: train_w1(dtype) for name, dtype in [("float32", torch.float32), ("float64", torch.float64)]}
    pairs = zip(runs["float32"]["losses"], runs["float64"]["losses"])
    difference = max(abs(single - double) / abs(double) for single, double in pairs)
    print(f"W1: float32 and float64 losses differ by {difference:.1e} relative at most")
    return {
        "script": "scripts/goldens/make_layers_training.py",
        "steps": W1_STEPS,
        "batch": W1_BATCH,
        "learningRate": W1_LEARNING_RATE,
        "momentum": W1_MOMENTUM,
        "imageShape": [28, 28, 1],
        "classes": 10,
        "parameters": parameter_table(W1),
        "largestRelativeLossDifference": difference,
        "check": formula_check(),
        "float32": runs["float32"],
        "float64": runs["float64"],
    }


def parameter_table(table):
    return [
        {"name": name, "stream": stream, "shape": list(shape), "scale": scale}
        for stream, (name, shape, scale) in enumerate(table)
    ]


def formula_check():
    """First values of the formula, to find out whether weights and batches are the same at all."""
    return {
        "stream0Hashes": formula.hashes(0, 8).tolist(),
        "conv1.weight": formula.uniform(0, (8,), 1.633).tolist(),
        "step0Images": formula.images(0, (8,)).tolist(),
        "step0Labels": formula.labels(0, W1_BATCH, 10).tolist(),
        "step9Images": formula.images(9, (8,)).tolist(),
        "step9Labels": formula.labels(9, W1_BATCH, 10).tolist(),
    }


def train_w1(dtype):
    parameters = make_parameters(W1, dtype)
    optimizer = torch.optim.SGD(parameters.values(), lr=W1_LEARNING_RATE, momentum=W1_MOMENTUM)
    losses = []
    for step in range(W1_STEPS):
        images = torch.from_numpy(formula.images(step, (W1_BATCH, 28, 28, 1))).to(dtype)
        labels = torch.from_numpy(formula.labels(step, W1_BATCH, 10))
        optimizer.zero_grad()
        loss = F.cross_entropy(w1_logits(images, parameters), labels)
        loss.backward()
        if step == 0:
            first_gradients = {name: summary(value.grad) for name, value in parameters.items()}
        optimizer.step()
        losses.append(loss.item())
    return {
        "losses": losses,
        "firstGradients": first_gradients,
        "finalWeights": {name: summary(value) for name, value in parameters.items()},
    }


def make_parameters(table, dtype):
    return {
        name: torch.from_numpy(formula.uniform(stream, shape, scale)).to(dtype).requires_grad_()
        for stream, (name, shape, scale) in enumerate(table)
    }


def w1_logits(images, p):
    x = nchw(images)
    x = F.max_pool2d(F.relu(F.conv2d(x, oihw(p["conv1.weight"]), p["conv1.bias"], padding=1)), 2)
    x = F.max_pool2d(F.relu(F.conv2d(x, oihw(p["conv2.weight"]), p["conv2.bias"], padding=1)), 2)
    x = nhwc(x).flatten(1)
    x = F.relu(x @ p["dense1.weight"] + p["dense1.bias"])
    return x @ p["dense2.weight"] + p["dense2.bias"]


def summary(values):
    """Sum, Euclidean norm (both added up in float64) and the first eight values."""
    values = values.detach().double().flatten()
    return {"sum": values.sum().item(), "l2norm": values.norm().item(), "first": values[:8].tolist()}


def sgd():
    return {
        "script": "scripts/goldens/make_layers_training.py",
        "steps": TINY_STEPS,
        "batch": TINY_BATCH,
        "parameters": parameter_table(TINY),
        "inputScale": 4.0,
        "initialWeights": tensors(make_parameters(TINY, torch.float64)),
        "variants": [train_tiny(variant) for variant in VARIANTS],
    }


def train_tiny(variant):
    parameters = make_parameters(TINY, torch.float64)
    optimizer = torch.optim.SGD(
        parameters.values(),
        lr=variant["learningRate"],
        momentum=variant["momentum"],
        nesterov=variant["nesterov"],
        weight_decay=variant["weightDecay"],
    )
    losses = []
    for step in range(TINY_STEPS):
        input = torch.from_numpy(formula.uniform(formula.IMAGES + step, (TINY_BATCH, 6), 4.0)).double()
        labels = torch.from_numpy(formula.labels(step, TINY_BATCH, 3))
        optimizer.zero_grad()
        loss = F.cross_entropy(tiny_logits(input, parameters), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return variant | {"losses": losses, "finalWeights": tensors(parameters)}


def tiny_logits(input, p):
    hidden = torch.tanh(input @ p["dense1.weight"] + p["dense1.bias"])
    return hidden @ p["dense2.weight"] + p["dense2.bias"]


def tensors(parameters):
    return {name: golden.tensor(value) for name, value in parameters.items()}


if __name__ == "__main__":
    main()
