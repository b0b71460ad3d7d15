/// The gradient at the input of a convolution behind a max pool, from lists of what is not zero.
#include <string.h>

#include "fused_convolution.h"
#include "turn.h"

typedef struct {
  const lk_fused_convolution *fused;
  const lk_kernel_table *kernels;
  const char *weight;
  char *turned; // [kernel_height, out_channels, kernel_width, channels]
  char *image;
  int64_t band_rows, bands;
  lk_gradient_list lists; // of band_rows + kernel_height - 1 rows for each thread
  int64_t list_capacity, list_rows;
  char *targets; // a band with its margins for each thread
  int64_t target_row_bytes;
} input_job;

/// Kernel rows begin ..< end: [terms, out_channels] of each to [out_channels, terms].
static void turn_rows(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const input_job *job = arguments;
  const lk_convolution *shape = &job->fused->shape;
  int64_t terms = shape->kernel_width * shape->channels;
  int64_t row_bytes = terms * shape->out_channels * shape->element_size;
  for (int64_t row = begin; row < end; row++) {
    lk_turn(shape->element_size, job->turned + row * row_bytes, terms, job->weight + row * row_bytes,
            shape->out_channels, terms, shape->out_channels);
  }
}

/// Adds one row of the gradient, through one row of the kernel, to a row of the image.
static void add_row(const input_job *job, const lk_gradient_list *list, int64_t kernel_row, char *target) {
  const lk_convolution *shape = &job->fused->shape;
  int64_t run = shape->kernel_width * shape->channels;
  lk_sparse_row row = {
      .values = list->values,
      .offsets = list->offsets,
      .ends = list->ends,
      .pixels = shape->out_width,
      .weight = job->turned + kernel_row * shape->out_channels * run * shape->element_size,
      .target = target,
      .kernel_width = shape->kernel_width,
      .channels = shape->channels,
  };
  job->kernels->add_sparse_row[shape->dtype](&row);
}

/// The rows of a band are written from the pixel that the first tap of the first pixel reaches.
static void copy_band(const input_job *job, int64_t n, int64_t first, int64_t rows, const char *targets) {
  const lk_convolution *shape = &job->fused->shape;
  int64_t pixel_bytes = shape->channels * shape->element_size;
  int64_t reached = shape->out_width + shape->kernel_width - 1;
  int64_t begin = lk_maximum(0, -shape->padding_left);
  int64_t end = lk_minimum(shape->width, reached - shape->padding_left);
  for (int64_t row = 0; row < rows; row++) {
    char *image = job->image + (n * shape->height + first + row) * shape->width * pixel_bytes;
    const char *target = targets + row * job->target_row_bytes;
    memcpy(image, target + shape->padding_left * pixel_bytes, (size_t)((end - begin) * pixel_bytes));
    memset(image + end * pixel_bytes, 0, (size_t)((shape->width - end) * pixel_bytes));
  }
}

/// Bands of image rows begin ..< end, counted through the batch.
static void sum_bands(void *arguments, int64_t begin, int64_t end, int worker) {
  const input_job *job = arguments;
  const lk_convolution *shape = &job->fused->shape;
  char *targets = job->targets + worker * job->band_rows * job->target_row_bytes;
  int64_t run = shape->kernel_width * shape->channels;
  for (int64_t band = begin; band < end; band++) {
    int64_t n = band / job->bands;
    int64_t first = band % job->bands * job->band_rows;
    int64_t rows = lk_minimum(job->band_rows, shape->height - first);
    // Row y of the image takes tap i from row y + padding - i of the gradient.
    int64_t low = lk_maximum(0, first + shape->padding_top - (shape->kernel_height - 1));
    int64_t high = lk_minimum(shape->out_height, first + rows + shape->padding_top);
    for (int64_t row = low; row < high; row++) {
      lk_gradient_list list =
          lk_list_at(&job->lists, worker * job->list_rows + row - low, job->list_capacity, shape);
      lk_list_row(job->kernels, job->fused, n, row, (int32_t)run, &list);
    }
    memset(targets, 0, (size_t)(rows * job->target_row_bytes));
    for (int64_t tap = shape->kernel_height - 1; tap >= 0; tap--) {
      for (int64_t y = 0; y < rows; y++) {
        int64_t row = first + y + shape->padding_top - tap;
        if (row >= low && row < high) {
          lk_gradient_list list =
              lk_list_at(&job->lists, worker * job->list_rows + row - low, job->list_capacity, shape);
          add_row(job, &list, tap, targets + y * job->target_row_bytes);
        }
      }
    }
    copy_band(job, n, first, rows, targets);
  }
}

lk_status lk_sparse_input_gradient(lk_context *context, const lk_fused_convolution *fused, const void *weight,
                                   void *image) {
  const lk_convolution *shape = &fused->shape;
  int64_t run = shape->kernel_width * shape->channels;
  input_job job = {.fused = fused, .kernels = context->kernels, .weight = weight, .image = image};
  int64_t reached = shape->out_width + shape->kernel_width;
  int64_t target_pixels = lk_maximum(reached, shape->padding_left + shape->width);
  job.target_row_bytes = target_pixels * shape->channels * shape->element_size;
  job.band_rows = lk_rows_per_band(shape->batch, shape->height, job.target_row_bytes);
  job.bands = lk_divide_up(shape->height, job.band_rows);
  job.list_rows = job.band_rows + shape->kernel_height - 1;
  int64_t threads = lk_thread_pool_threads(context->pool);
  job.targets = lk_scratch_allocate(&context->scratch, threads * job.band_rows, job.target_row_bytes);
  job.turned = lk_scratch_allocate(&context->scratch, shape->kernel_height * shape->out_channels * run,
                                   shape->element_size);
  if (job.targets == NULL || job.turned == NULL ||
      !lk_allocate_lists(context, fused, job.list_rows, &job.lists, &job.list_capacity)) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  lk_parallel_for(context, shape->kernel_height, lk_grain(run * shape->out_channels), turn_rows, &job);
  lk_parallel_for(context, shape->batch * job.bands, 1, sum_bands, &job);
  return LK_OK;
}
