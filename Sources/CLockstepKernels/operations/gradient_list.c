/// Lists of what is not zero in the gradient in front of a max pool.
///
/// Of every window of the pool at most one pixel has a gradient, behind a ReLU about half of them none: at 2×2
/// windows an eighth of the products of the dense loops is left. Both gradients add in the order of the dense
/// ones, pixel by pixel and tap by tap, and give the same bits.
#include "fused_convolution.h"

bool lk_is_sparse(const lk_kernel_table *kernels, const lk_fused_convolution *fused) {
  const lk_convolution *shape = &fused->shape;
  int64_t lanes = kernels->block_channels[shape->dtype] / 2;
  bool is_dense = shape->groups == 1 && shape->stride_height == 1 && shape->stride_width == 1 &&
                  shape->dilation_height == 1 && shape->dilation_width == 1;
  bool has_kernel = (shape->kernel_height == 3 || shape->kernel_height == 5) &&
                    (shape->kernel_width == 3 || shape->kernel_width == 5);
  // Offsets in a list are 32 bits wide.
  bool fits =
      shape->kernel_width * shape->channels * shape->out_channels <= INT32_MAX &&
      (shape->height + shape->kernel_height) * (shape->width + 2 * shape->kernel_width) * shape->channels <=
          INT32_MAX;
  return is_dense && has_kernel && fits && fused->pool_height * fused->pool_width >= 4 &&
         shape->channels % lanes == 0;
}

void lk_list_row(const lk_kernel_table *kernels, const lk_fused_convolution *fused, int64_t n, int64_t row,
                 int32_t scale, lk_gradient_list *list) {
  const lk_convolution *shape = &fused->shape;
  int64_t channels = shape->out_channels;
  int64_t windows = (n * fused->height + row / fused->pool_height) * fused->width;
  bool is_pooled = row < fused->height * fused->pool_height;
  int64_t count = 0;
  for (int64_t x = 0; x < shape->out_width; x++) {
    if (is_pooled && x < fused->width * fused->pool_width) {
      int64_t window = windows + x / fused->pool_width;
      int64_t tap = row % fused->pool_height * fused->pool_width + x % fused->pool_width;
      count += kernels->list_pixel[shape->dtype](
          list->values + count * shape->element_size, list->offsets + count,
          fused->gradient + window * channels * shape->element_size,
          (const uint8_t *)fused->mask + window * channels, (uint8_t)tap, channels, scale);
    }
    list->ends[x] = (int32_t)count;
  }
}

/// Memory for a list of `rows` rows for each thread; the kernels write up to a vector more than they list.
bool lk_allocate_lists(lk_context *context, const lk_fused_convolution *fused, int64_t rows,
                       lk_gradient_list *list, int64_t *capacity) {
  const lk_convolution *shape = &fused->shape;
  int64_t threads = lk_thread_pool_threads(context->pool);
  // A window gives each channel once, in one of its rows.
  *capacity = (shape->out_width / fused->pool_width + 1) * shape->out_channels + 64;
  list->values = lk_scratch_allocate(&context->scratch, threads * rows * *capacity, shape->element_size);
  list->offsets = lk_scratch_allocate(&context->scratch, threads * rows * *capacity, sizeof *list->offsets);
  list->ends = lk_scratch_allocate(&context->scratch, threads * rows * shape->out_width, sizeof *list->ends);
  return list->values != NULL && list->offsets != NULL && list->ends != NULL;
}

lk_gradient_list lk_list_at(const lk_gradient_list *list, int64_t index, int64_t capacity,
                            const lk_convolution *shape) {
  return (lk_gradient_list){
      .values = list->values + index * capacity * shape->element_size,
      .offsets = list->offsets + index * capacity,
      .ends = list->ends + index * shape->out_width,
  };
}
