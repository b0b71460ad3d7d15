"""Between Lockstep's layout and PyTorch's."""

import torch.nn.functional as F


def nchw(images):
    """[batch, height, width, channels] → [batch, channels, height, width]"""
    return images.permute(0, 3, 1, 2).contiguous()


def nhwc(images):
    """[batch, channels, height, width] → [batch, height, width, channels]"""
    return images.permute(0, 2, 3, 1)


def oihw(weight):
    """[height, width, inChannels / groups, outChannels] → [outChannels, inChannels / groups, height, width]"""
    return weight.permute(3, 2, 0, 1).contiguous()


def pad(images, padding, value=0.0):
    """Pads NCHW images by (top, bottom, left, right)."""
    top, bottom, left, right = padding
    return F.pad(images, (left, right, top, bottom), value=value)


def resolve(padding, image, window, stride, dilation=(1, 1)):
    """(top, bottom, left, right) of "valid", "same" (as TensorFlow: the odd one goes to the bottom and
    the right) or of padding that is already explicit."""
    if padding == "valid":
        return (0, 0, 0, 0)
    if padding == "same":
        return sum((same(*axis) for axis in zip(image, window, stride, dilation)), ())
    return padding


def same(size, window, stride, dilation):
    output = -(-size // stride)
    total = max((output - 1) * stride + (window - 1) * dilation + 1 - size, 0)
    return (total // 2, total - total // 2)


def spatial_attributes(stride, padding, resolved):
    """The attributes that convolution and pooling share. "padding" tells how the numbers came about."""
    top, bottom, left, right = resolved
    return {
        "strideHeight": stride[0],
        "strideWidth": stride[1],
        "padding": padding if isinstance(padding, str) else "explicit",
        "paddingTop": top,
        "paddingBottom": bottom,
        "paddingLeft": left,
        "paddingRight": right,
    }
