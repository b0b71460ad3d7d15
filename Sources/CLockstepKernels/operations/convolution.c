/// Forward convolution and its gradient at the input.
///
/// Loop order: tiles of output pixels (tasks), groups, then patches into a buffer and one matrix product with
/// the weight. Tiles run through the whole batch, so small images share one.
///
/// The input gradient of a convolution of stride 1 is a convolution of the output gradient with the weight
/// turned by 180° and its channels swapped: no two tasks write the same pixel, and nothing is added up
/// outside of the matrix product. With larger strides most of what that would multiply is zeros; there the
/// gradients of patches are computed and added into the image, one task for each image.
#include "convolution.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

typedef struct {
  const lk_convolution *shape;
  const char *image;
  const char *weight;
  char *output;
  char *buffers;
  int64_t buffer_size;
  int64_t tile;
} convolution_job;

/// The columns of a weight [patch length, out channels] that belong to a group.
static lk_matrix group_weight(const convolution_job *job, int64_t group, bool transposed) {
  const lk_convolution *shape = job->shape;
  const char *data = job->weight + group * shape->group_out_channels * shape->element_size;
  return (lk_matrix){data, lk_maximum(1, shape->out_channels), transposed};
}

/// Output pixels begin ..< end, at most a tile.
static void convolve_pixels(void *arguments, int64_t begin, int64_t end, int worker) {
  const convolution_job *job = arguments;
  const lk_convolution *shape = job->shape;
  for (int64_t group = 0; group < shape->groups; group++) {
    lk_matrix patches = lk_patches(shape, job->image, group, begin, end - begin,
                                   job->buffers + worker * job->buffer_size);
    int64_t offset = begin * shape->out_channels + group * shape->group_out_channels;
    lk_gemm(shape->dtype, end - begin, shape->group_out_channels, lk_patch_length(shape), patches,
            group_weight(job, group, false), false, job->output + offset * shape->element_size,
            shape->out_channels);
  }
}

lk_status lk_convolve(lk_context *context, const lk_convolution *shape, const void *image, const void *weight,
                      void *output) {
  if (lk_output_pixels(shape) * shape->out_channels == 0) {
    return LK_OK;
  }
  convolution_job job = {.shape = shape, .image = image, .weight = weight, .output = output};
  job.tile = lk_pixels_per_tile(shape);
  job.buffer_size = lk_patch_buffer_size(shape, job.tile);
  job.buffers = lk_patch_buffers(context, shape, job.tile);
  if (job.buffers == NULL) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  lk_parallel_for(context, lk_output_pixels(shape), job.tile, convolve_pixels, &job);
  return LK_OK;
}

static bool is_floating(int32_t dtype) { return dtype == LK_FLOAT32 || dtype == LK_FLOAT64; }

lk_status lk_conv2d(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *image = &instruction->inputs[0];
  const lk_tensor *weight = &instruction->inputs[1];
  const lk_tensor *output = &instruction->outputs[0];
  if (!is_floating(image->dtype)) {
    return LK_ERROR_UNSUPPORTED;
  }
  lk_convolution shape = lk_convolution_of(instruction, image, weight, output);
  return lk_convolve(context, &shape, image->data, weight->data, output->data);
}

/// The convolution that takes a gradient at the output to the one at the input; stride 1 only.
static lk_convolution reversed(const lk_convolution *shape) {
  lk_convolution result = *shape;
  result.height = shape->out_height;
  result.width = shape->out_width;
  result.channels = shape->out_channels;
  result.out_height = shape->height;
  result.out_width = shape->width;
  result.out_channels = shape->channels;
  result.group_channels = shape->group_out_channels;
  result.group_out_channels = shape->group_channels;
  result.padding_top = (shape->kernel_height - 1) * shape->dilation_height - shape->padding_top;
  result.padding_left = (shape->kernel_width - 1) * shape->dilation_width - shape->padding_left;
  return result;
}

/// [kh, kw, group in, out] to [kh, kw, group out, in], taps in reverse order.
static void turn_weight(const lk_convolution *shape, const char *weight, char *turned) {
  int64_t taps = shape->kernel_height * shape->kernel_width;
  int64_t size = shape->element_size;
  for (int64_t tap = 0; tap < taps; tap++) {
    const char *from = weight + tap * shape->group_channels * shape->out_channels * size;
    char *to = turned + (taps - 1 - tap) * shape->group_out_channels * shape->channels * size;
    for (int64_t in = 0; in < shape->group_channels; in++) {
      for (int64_t out = 0; out < shape->out_channels; out++) {
        int64_t group = out / shape->group_out_channels;
        int64_t row = out % shape->group_out_channels;
        int64_t column = group * shape->group_channels + in;
        memcpy(to + (row * shape->channels + column) * size, from + (in * shape->out_channels + out) * size,
               (size_t)size);
      }
    }
  }
}

static lk_status gradient_by_convolution(lk_context *context, const lk_convolution *shape,
                                         const void *gradient, const void *weight, void *output) {
  int64_t elements = lk_patch_length(shape) * shape->out_channels;
  char *turned = lk_scratch_allocate(&context->scratch, elements, shape->element_size);
  if (turned == NULL) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  turn_weight(shape, weight, turned);
  lk_convolution backwards = reversed(shape);
  return lk_convolve(context, &backwards, gradient, turned, output);
}

#define LK_ADD_RUN(type)                                                                                     \
  static void add_run_##type(type *restrict target, const type *restrict source, int64_t count) {            \
    for (int64_t i = 0; i < count; i++) {                                                                    \
      target[i] += source[i];                                                                                \
    }                                                                                                        \
  }

LK_ADD_RUN(float)
LK_ADD_RUN(double)

static void add_run(const lk_convolution *shape, char *target, const char *source, int64_t count) {
  if (shape->dtype == LK_FLOAT64) {
    add_run_double((double *)target, (const double *)source, count);
  } else {
    add_run_float((float *)target, (const float *)source, count);
  }
}

/// Adds the gradient of one patch into its image.
static void add_patch(const lk_convolution *shape, const char *patch, char *image, int64_t group, int64_t top,
                      int64_t left) {
  int64_t size = shape->element_size;
  for (int64_t ky = 0; ky < shape->kernel_height; ky++) {
    for (int64_t kx = 0; kx < shape->kernel_width; kx++) {
      int64_t y = top + ky * shape->dilation_height;
      int64_t x = left + kx * shape->dilation_width;
      if (y < 0 || y >= shape->height || x < 0 || x >= shape->width) {
        continue;
      }
      int64_t target = (y * shape->width + x) * shape->channels + group * shape->group_channels;
      int64_t source = (ky * shape->kernel_width + kx) * shape->group_channels;
      add_run(shape, image + target * size, patch + source * size, shape->group_channels);
    }
  }
}

/// Pixels first ..< last of the output image n, for one group.
static void scatter_tile(const convolution_job *job, int64_t n, int64_t group, int64_t first, int64_t last,
                         char *buffer) {
  const lk_convolution *shape = job->shape;
  int64_t size = shape->element_size;
  int64_t pixels = shape->out_height * shape->out_width;
  int64_t length = lk_patch_length(shape);
  int64_t offset = (n * pixels + first) * shape->out_channels + group * shape->group_out_channels;
  lk_matrix gradient = {job->image + offset * size, lk_maximum(1, shape->out_channels), false};
  lk_gemm(shape->dtype, last - first, length, shape->group_out_channels, gradient,
          group_weight(job, group, true), false, buffer, length);
  char *image = job->output + n * shape->height * shape->width * shape->channels * size;
  for (int64_t pixel = first; pixel < last; pixel++) {
    int64_t top = pixel / shape->out_width * shape->stride_height - shape->padding_top;
    int64_t left = pixel % shape->out_width * shape->stride_width - shape->padding_left;
    add_patch(shape, buffer + (pixel - first) * length * size, image, group, top, left);
  }
}

/// Images begin ..< end.
static void scatter_images(void *arguments, int64_t begin, int64_t end, int worker) {
  const convolution_job *job = arguments;
  const lk_convolution *shape = job->shape;
  int64_t image_bytes = shape->height * shape->width * shape->channels * shape->element_size;
  int64_t pixels = shape->out_height * shape->out_width;
  memset(job->output + begin * image_bytes, 0, (size_t)((end - begin) * image_bytes));
  for (int64_t n = begin; n < end; n++) {
    for (int64_t first = 0; first < pixels; first += job->tile) {
      for (int64_t group = 0; group < shape->groups; group++) {
        scatter_tile(job, n, group, first, lk_minimum(pixels, first + job->tile),
                     job->buffers + worker * job->buffer_size);
      }
    }
  }
}

static lk_status gradient_by_scattering(lk_context *context, const lk_convolution *shape,
                                        const void *gradient, const void *weight, void *output) {
  convolution_job job = {.shape = shape, .image = gradient, .weight = weight, .output = output};
  job.tile = lk_pixels_per_tile(shape);
  job.buffer_size = lk_patch_buffer_size(shape, job.tile);
  job.buffers = lk_patch_buffers(context, shape, job.tile);
  if (job.buffers == NULL) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  lk_parallel_for(context, shape->batch, 1, scatter_images, &job);
  return LK_OK;
}

lk_status lk_conv2d_input_gradient(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *gradient = &instruction->inputs[0];
  const lk_tensor *weight = &instruction->inputs[1];
  const lk_tensor *image = &instruction->outputs[0];
  if (!is_floating(image->dtype)) {
    return LK_ERROR_UNSUPPORTED;
  }
  if (lk_count(image) == 0) {
    return LK_OK;
  }
  lk_convolution shape = lk_convolution_of(instruction, image, weight, gradient);
  bool unit_stride = shape.stride_height == 1 && shape.stride_width == 1;
  return unit_stride ? gradient_by_convolution(context, &shape, gradient->data, weight->data, image->data)
                     : gradient_by_scattering(context, &shape, gradient->data, weight->data, image->data);
}
