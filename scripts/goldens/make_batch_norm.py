"""batch-norm.json and resnet8-training.json: PyTorch's batch normalisation over several steps, forward, backward
and running statistics, and three steps of training models/resnet8.yaml from numbers of `formula.py`."""

import formula
import golden
from make_layers_training import summary
from operations.layout import nchw, nhwc, oihw
import torch
import torch.nn.functional as F

EPSILON, MOMENTUM = 1e-5, 0.1
SHAPE, STEPS = (3, 2, 2, 3), 4

# Name and shape, in Lockstep's order and layout; the scale of a weight is 2·√(6 / fan-in), to four digits.
RESNET8 = [
    ("layers.0.weight", (3, 3, 3, 16), 0.9428),
    ("layers.2.layers.0.weight", (3, 3, 16, 16), 0.4082),
    ("layers.2.layers.2.weight", (3, 3, 16, 16), 0.4082),
    ("layers.3.layers.0.weight", (3, 3, 16, 32), 0.4082),
    ("layers.3.layers.2.weight", (3, 3, 32, 32), 0.2887),
    ("layers.3.shortcut.0.weight", (1, 1, 16, 32), 1.225),
    ("layers.4.layers.0.weight", (3, 3, 32, 64), 0.2887),
    ("layers.4.layers.2.weight", (3, 3, 64, 64), 0.2041),
    ("layers.4.shortcut.0.weight", (1, 1, 32, 64), 0.866),
    ("layers.6.weight", (64, 10), 0.6124),
    ("layers.6.bias", (10,), 0.1),
]
RESNET8_STEPS, RESNET8_BATCH, LEARNING_RATE = 3, 8, 0.05


def main():
    golden.write("batch-norm.json", batch_norm())
    golden.write("resnet8-training.json", resnet8())


def batch_norm():
    return {
        "script": "scripts/goldens/make_batch_norm.py",
        "epsilon": EPSILON,
        "momentum": MOMENTUM,
        "variants": [run_layer("plain", False), run_layer("relu", True)],
    }


def run_layer(name, relu):
    random = golden.random_for(name)
    layer = torch.nn.BatchNorm2d(SHAPE[3], eps=EPSILON, momentum=MOMENTUM, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(golden.dyadic(random, (SHAPE[3],), 0.25, 2))
        layer.bias.copy_(golden.dyadic(random, (SHAPE[3],), -1, 1))
    initial = {"scale": golden.tensor(layer.weight), "offset": golden.tensor(layer.bias)}
    activation = torch.relu if relu else lambda y: y
    steps = [run_step(layer, activation, random) for _ in range(STEPS)]
    layer.eval()
    input = golden.dyadic(random, SHAPE)
    output = nhwc(activation(layer(nchw(input))))
    evaluation = {"input": golden.tensor(input), "output": golden.tensor(output)}
    return {"name": name, "relu": relu} | initial | {"steps": steps, "evaluation": evaluation}


def run_step(layer, activation, random):
    input = golden.dyadic(random, SHAPE).requires_grad_()
    upstream = golden.dyadic(random, SHAPE)
    output = nhwc(activation(layer(nchw(input))))
    gradients = torch.autograd.grad(output, [input, layer.weight, layer.bias], upstream)
    values = {"input": input, "output": output, "upstream": upstream}
    values |= dict(zip(["inputGradient", "scaleGradient", "offsetGradient"], gradients))
    values |= {"runningMean": layer.running_mean, "runningVariance": layer.running_var}
    return {name: golden.tensor(value) for name, value in values.items()}


def resnet8():
    runs = {name: train(dtype) for name, dtype in [("float32", torch.float32), ("float64", torch.float64)]}
    pairs = zip(runs["float32"]["losses"], runs["float64"]["losses"])
    difference = max(abs(single - double) / abs(double) for single, double in pairs)
    print(f"ResNet-8: float32 and float64 losses differ by {difference:.1e} relative at most")
    return {
        "script": "scripts/goldens/make_batch_norm.py",
        "steps": RESNET8_STEPS,
        "batch": RESNET8_BATCH,
        "learningRate": LEARNING_RATE,
        "momentum": 0.9,
        "parameters": [
            {"name": name, "stream": stream, "shape": list(shape), "scale": scale}
            for stream, (name, shape, scale) in enumerate(RESNET8)
        ],
        "largestRelativeLossDifference": difference,
        "float32": runs["float32"],
        "float64": runs["float64"],
    }


class ResNet8:
    """The net with its state by Lockstep's names, parameters being leaves in Lockstep's layout."""

    def __init__(self, dtype):
        self.parameters = {
            name: torch.from_numpy(formula.uniform(stream, shape, scale)).to(dtype).requires_grad_()
            for stream, (name, shape, scale) in enumerate(RESNET8)
        }
        self.statistics = {}
        for norm, channels in self.norms():
            self.parameters[f"{norm}.scale"] = torch.ones(channels, dtype=dtype, requires_grad=True)
            self.parameters[f"{norm}.offset"] = torch.zeros(channels, dtype=dtype, requires_grad=True)
            self.statistics[f"{norm}.runningMean"] = torch.zeros(channels, dtype=dtype)
            self.statistics[f"{norm}.runningVariance"] = torch.ones(channels, dtype=dtype)

    @staticmethod
    def norms():
        """The normalisation behind each convolution, which is the layer before it."""
        for name, shape, _ in RESNET8:
            path, layer, _ = name.rsplit(".", 2)
            if len(shape) == 4:
                yield f"{path}.{int(layer) + 1}", shape[3]

    def convolve(self, name, x, stride=1):
        path, layer = name.rsplit(".", 1)
        weight = self.parameters[f"{name}.weight"]
        x = F.conv2d(x, oihw(weight), stride=stride, padding=weight.shape[0] // 2)
        norm = f"{path}.{int(layer) + 1}"
        mean, variance = (self.statistics[f"{norm}.running{kind}"] for kind in ("Mean", "Variance"))
        scale, offset = self.parameters[f"{norm}.scale"], self.parameters[f"{norm}.offset"]
        return F.batch_norm(x, mean, variance, scale, offset, True, MOMENTUM, EPSILON)

    def block(self, name, x, stride):
        y = self.convolve(f"{name}.layers.2", F.relu(self.convolve(f"{name}.layers.0", x, stride)))
        return F.relu(y + (self.convolve(f"{name}.shortcut.0", x, stride) if stride > 1 else x))

    def __call__(self, images):
        x = F.relu(self.convolve("layers.0", nchw(images)))
        x = self.block("layers.2", x, 1)
        x = self.block("layers.3", x, 2)
        x = self.block("layers.4", x, 2)
        return x.mean((2, 3)) @ self.parameters["layers.6.weight"] + self.parameters["layers.6.bias"]


def train(dtype):
    net = ResNet8(dtype)
    assert sum(value.numel() for value in net.parameters.values()) == 78_042
    optimizer = torch.optim.SGD(net.parameters.values(), lr=LEARNING_RATE, momentum=0.9)
    losses = []
    for step in range(RESNET8_STEPS):
        images = torch.from_numpy(formula.images(step, (RESNET8_BATCH, 32, 32, 3))).to(dtype)
        labels = torch.from_numpy(formula.labels(step, RESNET8_BATCH, 10))
        optimizer.zero_grad()
        loss = F.cross_entropy(net(images), labels)
        loss.backward()
        if step == 0:
            gradients = {name: summary(value.grad) for name, value in net.parameters.items()}
        optimizer.step()
        losses.append(loss.item())
    state = net.parameters | net.statistics
    return {
        "losses": losses,
        "firstGradients": gradients,
        "finalState": {name: summary(value) for name, value in state.items()},
    }


if __name__ == "__main__":
    main()
