/// The gradient at the weight of a convolution behind a max pool, from lists of what is not zero: each output
/// channel's sums stay in registers while its list is read.
#include <string.h>

#include "fused_convolution.h"
#include "shards.h"
#include "turn.h"

typedef struct {
  const lk_fused_convolution *fused;
  const lk_kernel_table *kernels;
  const char *image;
  char *output;
  char *totals; // of each shard: [out_channels, kernel_height, run]
  int64_t elements, shards;
  int64_t band_rows, window_columns;
  char *windows;
  int64_t window_bytes;
  lk_gradient_list row_lists; // a row for each thread
  int64_t row_capacity;
  char *values; // for each thread and channel, a band
  int32_t *offsets;
  int64_t *counts;
  int64_t capacity;
} weight_job;

/// Where a thread collects what each output channel adds up.
typedef struct {
  char *values;
  int32_t *offsets;
  int64_t *counts;
  lk_gradient_list row;
  char *window;
} collector;

#define LK_DISTRIBUTE(type)                                                                                  \
  /* A pixel's entries to the lists of their channels. */                                                    \
  static void distribute_##type(const weight_job *job, const collector *into, int64_t begin, int64_t end,    \
                                int32_t offset) {                                                            \
    const type *values = (const type *)into->row.values;                                                     \
    for (int64_t entry = begin; entry < end; entry++) {                                                      \
      int64_t channel = into->row.offsets[entry];                                                            \
      int64_t place = channel * job->capacity + into->counts[channel]++;                                     \
      ((type *)into->values)[place] = values[entry];                                                         \
      into->offsets[place] = offset;                                                                         \
    }                                                                                                        \
  }

LK_DISTRIBUTE(float)
LK_DISTRIBUTE(double)

/// Lists rows first ..< first + rows of image n for each channel.
static void collect(const weight_job *job, collector *into, int64_t n, int64_t first, int64_t rows) {
  const lk_convolution *shape = &job->fused->shape;
  int64_t row_elements = job->window_columns * shape->channels;
  memset(into->counts, 0, (size_t)shape->out_channels * sizeof *into->counts);
  for (int64_t row = 0; row < rows; row++) {
    lk_list_row(job->kernels, job->fused, n, first + row, 1, &into->row);
    int64_t begin = 0;
    for (int64_t x = 0; x < shape->out_width; x++) {
      int32_t offset = (int32_t)(row * row_elements + x * shape->channels);
      if (shape->dtype == LK_FLOAT64) {
        distribute_double(job, into, begin, into->row.ends[x], offset);
      } else {
        distribute_float(job, into, begin, into->row.ends[x], offset);
      }
      begin = into->row.ends[x];
    }
  }
}

static void add_band(const weight_job *job, collector *into, int64_t n, int64_t first, int64_t rows,
                     bool is_first, char *total) {
  const lk_convolution *shape = &job->fused->shape;
  int64_t size = shape->element_size;
  int64_t pixel_bytes = shape->channels * size;
  lk_image_window window = {
      .image = job->image + n * shape->height * shape->width * pixel_bytes,
      .height = shape->height,
      .width = shape->width,
      .pixel_bytes = pixel_bytes,
      .first_row = first - shape->padding_top,
      .rows = rows + shape->kernel_height - 1,
      .first_column = -shape->padding_left,
      .columns = job->window_columns,
  };
  lk_copy_window(&window, into->window);
  collect(job, into, n, first, rows);
  int64_t run = shape->kernel_width * shape->channels;
  for (int64_t channel = 0; channel < shape->out_channels; channel++) {
    lk_sparse_list list = {
        .values = into->values + channel * job->capacity * size,
        .offsets = into->offsets + channel * job->capacity,
        .count = into->counts[channel],
        .image = into->window,
        .row_elements = job->window_columns * shape->channels,
        .weight = total + channel * shape->kernel_height * run * size,
        .kernel_height = shape->kernel_height,
        .run_length = run,
        .is_first = is_first,
    };
    job->kernels->add_sparse_weight_gradient[shape->dtype](&list);
  }
}

/// Shards begin ..< end.
static void sum_shards(void *arguments, int64_t begin, int64_t end, int worker) {
  const weight_job *job = arguments;
  const lk_convolution *shape = &job->fused->shape;
  int64_t lists = worker * shape->out_channels;
  collector into = {
      .values = job->values + lists * job->capacity * shape->element_size,
      .offsets = job->offsets + lists * job->capacity,
      .counts = job->counts + lists,
      .row = lk_list_at(&job->row_lists, worker, job->row_capacity, shape),
      .window = job->windows + worker * job->window_bytes,
  };
  for (int64_t shard = begin; shard < end; shard++) {
    int64_t last = lk_shard_begin(shape, job->shards, shard + 1);
    int64_t start = lk_shard_begin(shape, job->shards, shard);
    for (int64_t row = start; row < last;) {
      int64_t first = row % shape->out_height;
      int64_t rows = lk_minimum(job->band_rows, lk_minimum(last - row, shape->out_height - first));
      add_band(job, &into, row / shape->out_height, first, rows, row == start,
               job->totals + shard * job->elements * shape->element_size);
      row += rows;
    }
  }
}

/// Channels begin ..< end of the first total [out_channels, terms] to the output [terms, out_channels].
static void turn_total(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const weight_job *job = arguments;
  const lk_convolution *shape = &job->fused->shape;
  int64_t size = shape->element_size;
  int64_t terms = lk_patch_length(shape);
  lk_turn(size, job->output + begin * size, shape->out_channels, job->totals + begin * terms * size, terms,
          end - begin, terms);
}

static bool allocate_weight_job(lk_context *context, weight_job *job) {
  const lk_convolution *shape = &job->fused->shape;
  int64_t threads = lk_thread_pool_threads(context->pool);
  job->window_bytes = (job->band_rows + shape->kernel_height - 1) * job->window_columns * shape->channels *
                      shape->element_size;
  // A window of the pool adds an entry to each channel's list, in one of its rows.
  job->capacity =
      (job->band_rows / job->fused->pool_height + 2) * (shape->out_width / job->fused->pool_width + 1);
  int64_t lists = threads * shape->out_channels;
  job->windows = lk_scratch_allocate(&context->scratch, threads, job->window_bytes);
  job->totals = lk_scratch_allocate(&context->scratch, job->shards * job->elements, shape->element_size);
  job->values = lk_scratch_allocate(&context->scratch, lists * job->capacity, shape->element_size);
  job->offsets = lk_scratch_allocate(&context->scratch, lists * job->capacity, sizeof *job->offsets);
  job->counts = lk_scratch_allocate(&context->scratch, lists, sizeof *job->counts);
  return job->windows != NULL && job->totals != NULL && job->values != NULL && job->offsets != NULL &&
         job->counts != NULL &&
         lk_allocate_lists(context, job->fused, 1, &job->row_lists, &job->row_capacity);
}

lk_status lk_sparse_weight_gradient(lk_context *context, const lk_fused_convolution *fused, const void *image,
                                    void *output) {
  const lk_convolution *shape = &fused->shape;
  weight_job job = {.fused = fused, .kernels = context->kernels, .image = image, .output = output};
  job.elements = lk_patch_length(shape) * shape->out_channels;
  job.shards = lk_count_shards(shape);
  job.window_columns = shape->out_width + shape->kernel_width - 1;
  int64_t row_bytes =
      (job.window_columns * shape->channels + shape->out_width * shape->out_channels) * shape->element_size;
  job.band_rows = lk_rows_per_band(LK_MOST_SHARDS, shape->out_height, row_bytes);
  if (!allocate_weight_job(context, &job)) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  lk_parallel_for(context, job.shards, 1, sum_shards, &job);
  int64_t size = shape->element_size;
  lk_add_partials(context, shape->dtype, job.totals, job.totals + job.elements * size, job.elements,
                  job.shards);
  lk_parallel_for(context, shape->out_channels, lk_grain(lk_patch_length(shape)), turn_total, &job);
  return LK_OK;
}
