"""conv2D: NHWC input, HWIO weight, bias [outChannels]."""

from golden import case, dyadic, random_for
import torch.nn.functional as F
from operations.layout import nchw, nhwc, oihw, pad, resolve, spatial_attributes


def cases():
    return [
        convolution("3x3-valid", (2, 5, 5, 3), (3, 3, 4)),
        convolution("3x3-same", (2, 5, 5, 3), (3, 3, 4), padding="same"),
        convolution("1x1", (2, 3, 4, 5), (1, 1, 3)),
        convolution("one-input-channel", (3, 6, 6, 1), (3, 3, 8), padding="same"),
        convolution("one-output-channel", (2, 4, 4, 3), (3, 3, 1), padding="same"),
        convolution("batch-1-odd-sizes", (1, 7, 9, 3), (3, 3, 5), padding="same"),
        convolution("batch-0", (0, 5, 5, 2), (3, 3, 3), padding="same"),
        convolution("1x1-image", (2, 1, 1, 3), (3, 3, 2), padding="same"),
        convolution("1x1-image-1x1-kernel", (1, 1, 1, 1), (1, 1, 1)),
        convolution("stride-2-valid", (2, 7, 7, 2), (3, 3, 3), stride=(2, 2)),
        convolution("stride-2-valid-tail-unused", (2, 6, 8, 2), (3, 3, 3), stride=(2, 2)),
        convolution("stride-2-same-odd-image", (2, 7, 5, 2), (3, 3, 3), stride=(2, 2), padding="same"),
        convolution("stride-2-same-asymmetric", (2, 6, 8, 2), (3, 3, 3), stride=(2, 2), padding="same"),
        convolution("stride-2x1", (2, 6, 5, 2), (3, 3, 3), stride=(2, 1), padding="same"),
        convolution("even-kernel-same-asymmetric", (2, 5, 4, 2), (2, 4, 3), padding="same"),
        convolution("all-four-paddings-differ", (1, 4, 5, 2), (3, 3, 2), padding=(0, 1, 2, 3)),
        convolution("non-square-kernel-and-image", (2, 4, 9, 2), (1, 5, 3)),
        convolution("tall-kernel", (1, 8, 3, 2), (5, 2, 2), padding="same"),
        convolution("kernel-larger-than-image", (2, 2, 3, 2), (5, 5, 2), padding=(2, 2, 2, 2)),
        convolution("kernel-smaller-than-stride", (2, 7, 8, 2), (2, 1, 3), stride=(3, 3)),
        convolution("1x1-stride-2-same", (2, 5, 5, 3), (1, 1, 4), stride=(2, 2), padding="same"),
        convolution("dilation-2-valid", (1, 7, 8, 2), (3, 3, 3), dilation=(2, 2)),
        convolution("dilation-2x1-same", (2, 6, 5, 2), (3, 3, 2), dilation=(2, 1), padding="same"),
        convolution("dilation-2-stride-2", (1, 9, 9, 2), (3, 3, 2), (2, 2), "same", (2, 2)),
        convolution("groups-2", (2, 5, 5, 4), (3, 3, 6), padding="same", groups=2),
        convolution("groups-2-stride-2-dilation-2", (1, 8, 7, 4), (3, 3, 2), (2, 2), "same", (2, 2), 2),
        convolution("depthwise", (2, 5, 4, 3), (3, 3, 3), padding="same", groups=3),
        convolution("depthwise-multiplier-2", (1, 5, 5, 3), (3, 3, 6), stride=(2, 2), groups=3),
        convolution("17-to-19-channels", (1, 4, 4, 17), (3, 3, 19), padding="same"),
    ]


def convolution(name, image, kernel, stride=(1, 1), padding="valid", dilation=(1, 1), groups=1):
    batch, height, width, channels = image
    kernel_height, kernel_width, out_channels = kernel
    resolved = resolve(padding, (height, width), (kernel_height, kernel_width), stride, dilation)
    random = random_for("conv2D/" + name)
    inputs = {
        "input": dyadic(random, (batch, height, width, channels)),
        "weight": dyadic(random, (kernel_height, kernel_width, channels // groups, out_channels)),
        "bias": dyadic(random, (out_channels,)),
    }

    def compute(input, weight, bias):
        padded = pad(nchw(input), resolved)
        return nhwc(F.conv2d(padded, oihw(weight), bias, stride, dilation=dilation, groups=groups))

    attributes = spatial_attributes(stride, padding, resolved)
    attributes |= {"dilationHeight": dilation[0], "dilationWidth": dilation[1], "groups": groups}
    return case(name, "conv2D", attributes, inputs, compute, exact=True)
