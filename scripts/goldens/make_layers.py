"""layers.json: PyTorch's layers, forward and backward, in float64; images NHWC, weights as Lockstep has them."""

import golden
from golden import case, dyadic, random_for
from operations.layout import nchw, nhwc, oihw
import torch
from torch import nn
import torch.nn.functional as F


def main():
    families = [transposed, depthwise, layer_norms, group_norms, activations, movements, embeddings]
    golden.write("layers.json", [case for family in families for case in family()])


def apply(layer, parameters, input):
    """A torch module called with parameters that are leaves of ours."""
    return torch.func.functional_call(layer, parameters, (input,))


# Convolutions


def transposed():
    return [
        transpose("3x3", (2, 4, 5, 3), 3, 4),
        transpose("stride-2", (2, 3, 4, 3), 3, 2, stride=2),
        transpose("stride-2-padding-1", (2, 4, 3, 2), 3, 3, stride=2, padding=1),
        transpose("stride-2-output-padding-1", (1, 4, 3, 2), 3, 3, stride=2, padding=1, output_padding=1),
        transpose("stride-3x2", (1, 3, 3, 2), (2, 3), 2, stride=(3, 2), output_padding=(2, 1)),
        transpose("dilation-2", (1, 4, 4, 2), 3, 2, dilation=2),
        transpose("groups-2-stride-2", (2, 3, 3, 4), 3, 6, stride=2, padding=1, groups=2),
        transpose("kernel-smaller-than-stride", (1, 3, 3, 2), 1, 2, stride=2),
        same_transpose("same-stride-1", (1, 4, 5, 2), (3, 3), 2, (1, 1)),
        same_transpose("same-stride-2", (1, 4, 3, 2), (3, 3), 2, (2, 2)),
        same_transpose("same-even-kernel", (1, 3, 3, 2), (4, 2), 2, (2, 2)),
        same_transpose("same-kernel-smaller-than-stride", (1, 3, 3, 2), (1, 2), 2, (2, 3)),
    ]


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def transpose(name, image, kernel, filters, stride=1, padding=0, output_padding=0, dilation=1, groups=1):
    layer = nn.ConvTranspose2d(image[3], filters, kernel, stride, padding, output_padding, groups, True, dilation)
    inputs = transpose_inputs(name, image, pair(kernel), filters, groups)

    def compute(input, weight, bias):
        return nhwc(apply(layer, {"weight": oihw(weight), "bias": bias}, nchw(input)))

    attributes = transpose_attributes(stride, "explicit", padding, output_padding, dilation, groups)
    return case(name, "conv2DTranspose", attributes, inputs, compute, exact=True)


def same_transpose(name, image, kernel, filters, stride):
    """Size · stride pixels: what is more is cut off evenly, the odd one at the end; what is less is zero."""
    inputs = transpose_inputs(name, image, kernel, filters, 1)

    def compute(input, weight, bias):
        whole = F.conv_transpose2d(nchw(input), oihw(weight), None, stride)
        insets = []
        for axis in (1, 0):
            surplus = whole.shape[2 + axis] - image[1 + axis] * stride[axis]
            before = max(0, surplus) // 2
            insets += [-before, before - surplus]
        return nhwc(F.pad(whole, insets)) + bias

    attributes = transpose_attributes(stride, "same", 0, 0, 1, 1)
    return case(name, "conv2DTranspose", attributes, inputs, compute, exact=True)


def transpose_inputs(name, image, kernel, filters, groups):
    random = random_for("conv2DTranspose/" + name)
    return {
        "input": dyadic(random, image),
        "weight": dyadic(random, (*kernel, filters // groups, image[3])),
        "bias": dyadic(random, (filters,)),
    }


def transpose_attributes(stride, padding, pixels, output_padding, dilation, groups):
    return {
        **spatial("stride", stride),
        "padding": padding,
        **{f"padding{side}": pixels for side in ("Top", "Bottom", "Left", "Right")},
        **spatial("outputPadding", output_padding),
        **spatial("dilation", dilation),
        "groups": groups,
    }


def spatial(name, value):
    height, width = pair(value)
    return {f"{name}Height": height, f"{name}Width": width}


def depthwise():
    return [
        depth("3x3", (2, 5, 4, 3), 3),
        depth("17-channels", (1, 4, 4, 17), 3, padding=1),
        depth("multiplier-2-stride-2", (2, 5, 6, 3), 3, multiplier=2, stride=2, padding=1),
        depth("dilation-2", (1, 6, 6, 2), 3, multiplier=3, dilation=2),
    ]


def depth(name, image, kernel, multiplier=1, stride=1, padding=0, dilation=1):
    channels = image[3]
    layer = nn.Conv2d(channels, channels * multiplier, kernel, stride, padding, dilation, groups=channels)
    random = random_for("depthwiseConv2D/" + name)
    inputs = {
        "input": dyadic(random, image),
        "weight": dyadic(random, (kernel, kernel, 1, channels * multiplier)),
        "bias": dyadic(random, (channels * multiplier,)),
    }

    def compute(input, weight, bias):
        return nhwc(apply(layer, {"weight": oihw(weight), "bias": bias}, nchw(input)))

    attributes = {
        "multiplier": multiplier,
        **spatial("stride", stride),
        "padding": "explicit",
        **{f"padding{side}": padding for side in ("Top", "Bottom", "Left", "Right")},
        **spatial("dilation", dilation),
    }
    return case(name, "depthwiseConv2D", attributes, inputs, compute, exact=True)


# Normalisations


def layer_norms():
    return [
        layer_norm("vectors", (4, 7), 1),
        layer_norm("pixels", (2, 3, 4, 5), 1),
        layer_norm("two-dimensions", (2, 3, 4, 5), 2),
        layer_norm("images", (3, 3, 4, 5), 3),
        layer_norm("many", (2, 300), 1),
        layer_norm("epsilon", (4, 6), 1, epsilon=0.25),
        layer_norm("not-affine", (4, 6), 1, affine=False),
        layer_norm("one-number", (4, 1), 1),
        layer_norm("far-from-zero", (4, 9), 1, shift=1000.0),
    ]


def layer_norm(name, shape, dimensions, epsilon=1e-5, affine=True, shift=0.0):
    random = random_for("layerNorm/" + name)
    normalized = shape[-dimensions:]
    layer = nn.LayerNorm(normalized, eps=epsilon, elementwise_affine=affine, dtype=torch.float64)
    inputs = norm_inputs(random, shape, normalized, affine, shift)
    attributes = {"dimensions": dimensions, "epsilon": epsilon, "affine": affine}
    return case(name, "layerNorm", attributes, inputs, lambda **values: norm(layer, values, values["input"]))


def group_norms():
    return [
        group_norm("one-group", (2, 3, 4, 6), 1),
        group_norm("two-groups", (2, 3, 4, 6), 2),
        group_norm("instances", (2, 3, 4, 3), 3),
        group_norm("vectors", (3, 8), 4),
        group_norm("many-pixels", (1, 19, 17, 4), 2),
        group_norm("many-channels", (2, 3, 3, 80), 5),
        group_norm("epsilon-not-affine", (2, 3, 3, 4), 2, epsilon=0.25, affine=False),
        group_norm("far-from-zero", (2, 3, 3, 4), 2, shift=1000.0),
    ]


def group_norm(name, shape, groups, epsilon=1e-5, affine=True, shift=0.0):
    random = random_for("groupNorm/" + name)
    layer = nn.GroupNorm(groups, shape[-1], eps=epsilon, affine=affine, dtype=torch.float64)
    inputs = norm_inputs(random, shape, shape[-1:], affine, shift)

    def compute(**values):
        if shift:
            # PyTorch's own takes the variance in one pass and loses six digits here.
            return in_two_passes(values, groups, epsilon)
        # Channels behind the batch, and back.
        return norm(layer, values, values["input"].movedim(-1, 1)).movedim(1, -1)

    attributes = {"groups": groups, "epsilon": epsilon, "affine": affine}
    return case(name, "groupNorm", attributes, inputs, compute)


def in_two_passes(values, groups, epsilon):
    input = values["input"]
    grouped = input.reshape(input.shape[0], -1, groups, input.shape[-1] // groups)
    variance, mean = torch.var_mean(grouped, (1, 3), correction=0, keepdim=True)
    normalized = ((grouped - mean) / torch.sqrt(variance + epsilon)).reshape(input.shape)
    return normalized * values["scale"] + values["offset"]


def norm_inputs(random, shape, parameters, affine, shift):
    inputs = {"input": dyadic(random, shape) + shift}
    if affine:
        inputs |= {"scale": dyadic(random, parameters, 0.25, 2), "offset": dyadic(random, parameters, -1, 1)}
    return inputs


def norm(layer, values, input):
    names = {"weight": "scale", "bias": "offset"}
    parameters = {name: values[ours] for name, ours in names.items() if ours in values}
    return apply(layer, parameters, input)


# Element by element


def activations():
    points = [-1e4, -40, -16.5, -6, -3, -2.5, -1, -0.25, 0, 0.25, 1, 2.5, 3, 4, 6, 6.5, 16.5, 40, 1e4]
    line = torch.tensor(points, dtype=torch.float64)
    layers = [
        ("leakyReLU", {"slope": 0.2}, nn.LeakyReLU(0.2)),
        ("elu", {"alpha": 1.5}, nn.ELU(1.5)),
        ("gelu", {"approximate": "none"}, nn.GELU()),
        ("gelu", {"approximate": "tanh"}, nn.GELU("tanh")),
        ("silu", {}, nn.SiLU()),
        ("relu6", {}, nn.ReLU6()),
        ("hardSwish", {}, nn.Hardswish()),
        # PyTorch's own hardsigmoid takes a sixth in float32 for its gradient, whatever the dtype.
        ("hardSigmoid", {}, lambda input: F.relu6(input + 3) / 6),
    ]
    batch = {"input": dyadic(random_for("softmax/axis-1"), (2, 3, 4))}
    return [
        *(case(text(options), name, options, {"input": line}, layer) for name, options, layer in layers),
        case("axis-1", "softmax", {"axis": 1}, batch, nn.Softmax(1)),
        case("axis-1", "logSoftmax", {"axis": 1}, batch, nn.LogSoftmax(1)),
        prelu("shared", 1),
        prelu("per-channel", 5),
    ]


def text(options):
    return "-".join(f"{name}-{value}" for name, value in options.items()) or "plain"


def prelu(name, count):
    random = random_for("prelu/" + name)
    layer = nn.PReLU(count, dtype=torch.float64)
    inputs = {"input": dyadic(random, (2, 3, 3, 5)), "slope": dyadic(random, (count,), 0, 1)}
    inputs["input"][0, 0, 0, 0] = 0.0

    def compute(input, slope):
        return nhwc(apply(layer, {"weight": slope}, nchw(input)))

    return case(name, "prelu", {"perChannel": count > 1}, inputs, compute, exact=True)


# Movements


def movements():
    random = random_for("movements")
    image = {"input": dyadic(random, (2, 3, 2, 3))}
    padding = {"paddingTop": 1, "paddingBottom": 2, "paddingLeft": 0, "paddingRight": 3}
    pad = nn.ZeroPad2d((0, 3, 1, 2))
    up = nn.UpsamplingNearest2d(scale_factor=(2, 3))
    return [
        case("nearest", "upSampling2D", spatial("window", (2, 3)), image, on_nchw(up), exact=True),
        case("edges", "zeroPad2D", {"padding": "explicit", **padding}, image, on_nchw(pad), exact=True),
    ]


def on_nchw(layer):
    return lambda input: nhwc(layer(nchw(input)))


def embeddings():
    return [embedding("words", (2, 4)), embedding("categories", (5,)), embedding("grids", (2, 2, 3))]


def embedding(name, shape):
    random = random_for("embedding/" + name)
    layer = nn.Embedding(6, 3, dtype=torch.float64)
    inputs = {"input": torch.as_tensor(random.integers(0, 6, shape)), "weight": dyadic(random, (6, 3))}

    def compute(input, weight):
        return apply(layer, {"weight": weight}, input)

    return case(name, "embedding", {"count": 6, "units": 3}, inputs, compute, exact=True)


if __name__ == "__main__":
    main()
