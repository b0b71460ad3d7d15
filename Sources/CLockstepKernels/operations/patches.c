/// From images to a matrix of patches (im2col): a row for each output pixel, in it kernel_height ·
/// kernel_width · group_channels elements in the order of a weight's. Channels lie together in memory, so a
/// kernel row of a dense convolution is one copy.
#include <string.h>

#include "convolution.h"

/// A quarter of the second-level cache of current cores, which also holds packed panels and the output.
static const int64_t patch_bytes = 256 * 1024;

/// A small convolution is cut into at least about this many tiles, of at least so many pixels.
static const int64_t wanted_tiles = 16;
static const int64_t smallest_tile = 64;

/// Copies shorter than this are cheaper as a loop than as a call of memcpy.
static const int64_t short_copy = 64;

lk_convolution lk_convolution_of(const lk_instruction *instruction, const lk_tensor *image,
                                 const lk_tensor *weight, const lk_tensor *output) {
  const lk_window *window = &instruction->attributes.conv2d.window;
  int64_t groups = instruction->attributes.conv2d.groups;
  return (lk_convolution){
      .dtype = image->dtype,
      .element_size = lk_element_size(image->dtype),
      .batch = image->shape[0],
      .height = image->shape[1],
      .width = image->shape[2],
      .channels = image->shape[3],
      .out_height = output->shape[1],
      .out_width = output->shape[2],
      .out_channels = output->shape[3],
      .kernel_height = weight->shape[0],
      .kernel_width = weight->shape[1],
      .groups = groups,
      .group_channels = weight->shape[2],
      .group_out_channels = output->shape[3] / groups,
      .stride_height = window->stride_height,
      .stride_width = window->stride_width,
      .padding_top = window->padding_top,
      .padding_left = window->padding_left,
      .dilation_height = window->dilation_height,
      .dilation_width = window->dilation_width,
  };
}

bool lk_patches_are_image(const lk_convolution *shape) {
  return shape->kernel_height == 1 && shape->kernel_width == 1 && shape->stride_height == 1 &&
         shape->stride_width == 1 && shape->padding_top == 0 && shape->padding_left == 0 &&
         shape->out_height == shape->height && shape->out_width == shape->width;
}

int64_t lk_pixels_per_tile(const lk_convolution *shape) {
  int64_t row_bytes = lk_maximum(1, lk_patch_length(shape)) * shape->element_size;
  int64_t pixels = lk_maximum(1, patch_bytes / row_bytes);
  int64_t fair_share = lk_divide_up(lk_output_pixels(shape), wanted_tiles);
  return lk_minimum(pixels, lk_maximum(smallest_tile, fair_share));
}

int64_t lk_patch_buffer_size(const lk_convolution *shape, int64_t pixels) {
  int64_t bytes = pixels * lk_patch_length(shape) * shape->element_size;
  return lk_divide_up(bytes, 64) * 64;
}

char *lk_patch_buffers(lk_context *context, const lk_convolution *shape, int64_t pixels) {
  int64_t size = lk_patches_are_image(shape) ? 0 : lk_patch_buffer_size(shape, pixels);
  return lk_scratch_allocate(&context->scratch, lk_thread_pool_threads(context->pool), size);
}

static inline void copy_bytes(char *restrict target, const char *restrict source, int64_t count) {
  if (count >= short_copy) {
    memcpy(target, source, (size_t)count);
    return;
  }
  // Elements are of four or eight bytes.
  for (int64_t i = 0; i < count; i += 4) {
    memcpy(target + i, source + i, 4);
  }
}

static inline void clear_bytes(char *target, int64_t count) {
  if (count >= short_copy) {
    memset(target, 0, (size_t)count);
    return;
  }
  for (int64_t i = 0; i < count; i += 4) {
    memset(target + i, 0, 4);
  }
}

/// A kernel row of a dense, undilated convolution: the taps inside of the image are neighbours.
static void copy_run(const lk_convolution *shape, const char *image_row, int64_t left, char *target) {
  int64_t pixel_bytes = shape->channels * shape->element_size;
  int64_t first = lk_minimum(lk_maximum(0, -left), shape->kernel_width);
  int64_t last = lk_maximum(first, lk_minimum(shape->kernel_width, shape->width - left));
  clear_bytes(target, first * pixel_bytes);
  copy_bytes(target + first * pixel_bytes, image_row + (left + first) * pixel_bytes,
             (last - first) * pixel_bytes);
  clear_bytes(target + last * pixel_bytes, (shape->kernel_width - last) * pixel_bytes);
}

/// A kernel row tap by tap.
static void copy_taps(const lk_convolution *shape, const char *image_row, int64_t group, int64_t left,
                      char *target) {
  int64_t tap_bytes = shape->group_channels * shape->element_size;
  for (int64_t kx = 0; kx < shape->kernel_width; kx++) {
    int64_t x = left + kx * shape->dilation_width;
    if (x < 0 || x >= shape->width) {
      clear_bytes(target + kx * tap_bytes, tap_bytes);
      continue;
    }
    int64_t offset = x * shape->channels + group * shape->group_channels;
    copy_bytes(target + kx * tap_bytes, image_row + offset * shape->element_size, tap_bytes);
  }
}

static void copy_patch(const lk_convolution *shape, const char *image, int64_t group, int64_t top,
                       int64_t left, char *target) {
  int64_t run_bytes = shape->kernel_width * shape->group_channels * shape->element_size;
  int64_t row_bytes = shape->width * shape->channels * shape->element_size;
  bool contiguous = shape->groups == 1 && shape->dilation_width == 1;
  for (int64_t ky = 0; ky < shape->kernel_height; ky++) {
    int64_t y = top + ky * shape->dilation_height;
    if (y < 0 || y >= shape->height) {
      clear_bytes(target, run_bytes);
    } else if (contiguous) {
      copy_run(shape, image + y * row_bytes, left, target);
    } else {
      copy_taps(shape, image + y * row_bytes, group, left, target);
    }
    target += run_bytes;
  }
}

lk_matrix lk_patches(const lk_convolution *shape, const void *image, int64_t group, int64_t first,
                     int64_t count, void *buffer) {
  if (lk_patches_are_image(shape)) {
    int64_t offset = first * shape->channels + group * shape->group_channels;
    const char *data = (const char *)image + offset * shape->element_size;
    return (lk_matrix){data, lk_maximum(1, shape->channels), false};
  }
  int64_t length = lk_patch_length(shape);
  int64_t image_bytes = shape->height * shape->width * shape->channels * shape->element_size;
  char *target = buffer;
  int64_t x = first % shape->out_width;
  int64_t y = first / shape->out_width % shape->out_height;
  int64_t n = first / (shape->out_width * shape->out_height);
  for (int64_t pixel = 0; pixel < count; pixel++) {
    int64_t top = y * shape->stride_height - shape->padding_top;
    int64_t left = x * shape->stride_width - shape->padding_left;
    copy_patch(shape, (const char *)image + n * image_bytes, group, top, left, target);
    target += length * shape->element_size;
    x++;
    if (x == shape->out_width) {
      x = 0;
      y++;
    }
    if (y == shape->out_height) {
      y = 0;
      n++;
    }
  }
  return (lk_matrix){buffer, lk_maximum(1, length), false};
}
