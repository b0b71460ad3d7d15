"""PyTorch: eager with channels last, compiled by inductor, or for inference traced and frozen.

What tunes glibc's malloc (bench-peers sets MALLOC_…_THRESHOLD_) saves it the page faults of every step's large
tensors; both ways are measured.
"""

from contestant import arguments, first_call, first_step, serve, serve_training

options = arguments(["channels-last", "compile", "jit"])

import torch
import torch.nn.functional as F
from torch import nn

import nets

torch.set_num_threads(options.threads)
LAST = torch.channels_last


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = normalized(3, inputs, outputs, stride)
        self.second = normalized(3, outputs, outputs)
        self.shortcut = nn.Identity() if inputs == outputs else normalized(1, inputs, outputs, stride)

    def forward(self, x):
        return F.relu(self.second(F.relu(self.first(x))) + self.shortcut(x))


def normalized(size, inputs, outputs, stride=1):
    convolution = nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs, nets.EPSILON))


class ChannelsLastFlatten(nn.Module):
    """Flattens as all others do, height, width, channels; free where channels are last in memory."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1).flatten(1)


def model_of(net):
    if net == "resnet8":
        blocks = [Block(*block) for block in nets.BLOCKS]
        layers = [normalized(3, 3, 16), nn.ReLU(), *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)]
    else:
        shapes = [weight.shape for weight in nets.weights_of(net)]
        layers = []
        for shape, pools in zip((shapes[0], shapes[2]), nets.POOLS[net]):
            layers += [nn.Conv2d(shape[2], shape[3], 3, padding=1), nn.ReLU()] + [nn.MaxPool2d(2)] * pools
        layers += [ChannelsLastFlatten(), nn.Linear(*shapes[4]), nn.ReLU(), nn.Linear(*shapes[6])]
    model = nn.Sequential(*layers)
    load(model, nets.weights_of(net))
    return model.to(memory_format=LAST)


def load(model, weights):
    """Parameters come in the order of the layers, in PyTorch's layout: OIHW, and [out, in]."""
    axes = {4: (3, 2, 0, 1), 2: (1, 0), 1: (0,)}
    with torch.no_grad():
        for parameter, weight in zip(model.parameters(), weights, strict=True):
            parameter.copy_(torch.from_numpy(weight).permute(axes[weight.ndim]))


def image(array):
    """[batch, height, width, channels] is channels last as it lies."""
    return torch.from_numpy(array).permute(0, 3, 1, 2)


def compiled(function):
    return torch.compile(function) if options.mode == "compile" else function


def trainer(model):
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), options.learning_rate, momentum=0.9, fused=True)
    loss_of = compiled(lambda x, y: F.cross_entropy(model(x), y))

    def step(x, y):
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(x, y)
        loss.backward()
        optimizer.step()
        return loss

    return step


def prepared():
    return [(image(x), torch.from_numpy(y).long()) for x, y in nets.batches(options.net, options.batch)]


def convolution():
    layers = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.ReLU()).to(memory_format=LAST)
    pixels = torch.rand(1, 3, 256, 256).to(memory_format=LAST)
    return lambda: layers(pixels)


def infer():
    model, inputs = model_of(options.net).eval(), [x for x, _ in prepared()]
    if options.mode == "jit":
        model = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(model, inputs[0])))
    model, turn = compiled(model), iter(range(1 << 62))
    sums = [float(model(x).abs().sum()) for x in inputs[:1]]
    serve(lambda: model(inputs[next(turn) % len(inputs)]), options.seconds, "images/s",
          lambda seconds: options.batch / seconds, outputs=sums, parameters=nets.parameter_count(options.net))


def main():
    if options.work in ("train", "first-step"):
        data, step = prepared(), trainer(model_of(options.net))
        go = lambda number: step(*data[number % len(data)])
        first_step(go) if options.work == "first-step" else serve_training(
            options, go, nets.parameter_count(options.net))
    elif options.work == "until":
        from fashion import train_until

        model = model_of("w1")
        step = trainer(model)

        def count_correct(x, y):
            with torch.inference_mode():
                return (model(image(x)).argmax(1) == torch.from_numpy(y)).sum()

        train_until(options, lambda x, y: step(image(x), torch.from_numpy(y).long()), count_correct)
    else:
        with torch.inference_mode():
            if options.work == "infer":
                infer()
            elif options.work == "convolution":
                serve(convolution(), options.seconds, "ms", lambda seconds: seconds * 1e3)
            elif options.work == "first-call":
                first_call(convolution())


main()
