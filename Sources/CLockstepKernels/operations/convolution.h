/// The sizes of a convolution, and the matrix of image patches it is computed with.
#pragma once

#include "gemm.h"

/// A convolution of images [batch, height, width, channels] to [batch, out_height, out_width, out_channels].
typedef struct {
  int32_t dtype;
  int64_t element_size;
  int64_t batch;
  int64_t height, width, channels;
  int64_t out_height, out_width, out_channels;
  int64_t kernel_height, kernel_width;
  int64_t groups;
  int64_t group_channels, group_out_channels;
  int64_t stride_height, stride_width;
  /// Zeros above and to the left; negative where an input gradient crops. The rest follows from the sizes.
  int64_t padding_top, padding_left;
  int64_t dilation_height, dilation_width;
} lk_convolution;

/// The geometry of an instruction, whose operands are an image, a weight and an output.
lk_convolution lk_convolution_of(const lk_instruction *instruction, const lk_tensor *image,
                                 const lk_tensor *weight, const lk_tensor *output);

/// Length of a patch: what one output element sums up.
static inline int64_t lk_patch_length(const lk_convolution *shape) {
  return shape->kernel_height * shape->kernel_width * shape->group_channels;
}

/// Pixels of the output over the whole batch.
static inline int64_t lk_output_pixels(const lk_convolution *shape) {
  return shape->batch * shape->out_height * shape->out_width;
}

/// True where the image itself is the matrix of patches.
bool lk_patches_are_image(const lk_convolution *shape);

/// How many output pixels' patches are made at a time, so that they stay in the second-level cache.
int64_t lk_pixels_per_tile(const lk_convolution *shape);

/// The patches of output pixels first ..< first + count (counted through the batch) for one group, as a
/// matrix [count, patch length]. `buffer` has room for it, and is left alone where the image is that matrix.
lk_matrix lk_patches(const lk_convolution *shape, const void *image, int64_t group, int64_t first,
                     int64_t count, void *buffer);

/// A buffer for the patches of a tile for every thread; NULL when there is no memory.
char *lk_patch_buffers(lk_context *context, const lk_convolution *shape, int64_t pixels);

/// Bytes from one thread's buffer to the next.
int64_t lk_patch_buffer_size(const lk_convolution *shape, int64_t pixels);

/// The convolution: output = patches · weight.
lk_status lk_convolve(lk_context *context, const lk_convolution *shape, const void *image, const void *weight,
                      void *output);
