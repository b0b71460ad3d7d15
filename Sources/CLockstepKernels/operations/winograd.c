/// Winograd's F(2×2, 3×3): four pixels of the result from 16 products a channel, where the definition has 36.
///
/// Loop order: bands of rows of tiles (tasks); in each the pixels are transformed into 16 planes, the planes
/// multiplied with those of the weight by the tiles of the direct convolution, and transformed back. A band's
/// planes stay in the second-level cache.
///
/// A single small image has few bands, and all threads need all of the weight's planes, half of which another
/// core transformed. There the tasks are blocks of target channels instead: each transforms its own part of
/// the weight, and all pixels. W1's second layer, one image, two threads: 29 µs by bands, 22 by blocks. It does
/// not show in the bits.
#include <string.h>

#include "convolution.h"
#include "turn.h"

/// Planes of a band; half of the second-level cache of current cores.
static const int64_t plane_bytes = 512 * 1024;

/// A small convolution is cut into at least about this many bands.
static const int64_t wanted_bands = 16;

enum { planes = 16 };

typedef struct {
  const lk_convolution_plan *plan;
  const lk_kernel_table *kernels;
  int64_t low_row, low_column; // of the first tap
  int64_t band_rows, bands;    // rows of pixels
  int64_t tiles_in_row;
  int64_t first_channel, channels; // the plan's target channels, and how many the weight has
  int64_t weight_stride, weight_plane;
  char *weight;  // [planes, source channels, target channels up to whole vectors]
  char *buffers; // for each thread: window, planes of pixels, planes of products, rows to pool
  int64_t window_bytes, pixel_bytes, product_bytes, buffer_size;
} winograd_job;

/// Elements from one plane to the next of planes of `elements`. An odd number of cache lines lies between: at a
/// multiple of 4 KiB from each other the planes, which are written side by side, would share few sets of the
/// first-level cache.
static int64_t plane_stride(const lk_convolution_plan *plan, int64_t elements) {
  int64_t line = 64 / plan->element_size;
  return (lk_divide_up(elements, line) | 1) * line;
}

/// Source channels begin ..< end of the weight.
static void transform_weight(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const winograd_job *job = arguments;
  const lk_convolution_plan *plan = job->plan;
  int64_t size = plan->element_size;
  // In the weight [3, 3, in, out] the input gradient's source is out, and its taps run backwards.
  int64_t ins = plan->winograd_turned ? job->channels : plan->source_channels;
  int64_t outs = plan->winograd_turned ? plan->source_channels : job->channels;
  for (int64_t channel = begin; channel < end; channel++) {
    const void *taps[9];
    for (int64_t tap = 0; tap < 9; tap++) {
      int64_t place = plan->winograd_turned ? ((8 - tap) * ins + job->first_channel) * outs + channel
                                            : (tap * ins + channel) * outs + job->first_channel;
      taps[tap] = plan->winograd_weight + place * size;
    }
    char *target = job->weight + channel * job->weight_stride * size;
    job->kernels->winograd_taps[plan->dtype](target, job->weight_plane, taps, plan->winograd_turned ? outs : 1,
                                             plan->target_channels);
    int64_t behind = job->weight_stride - plan->target_channels;
    for (int64_t index = 0; index < planes && behind > 0; index++) {
      memset(target + (index * job->weight_plane + plan->target_channels) * size, 0, (size_t)(behind * size));
    }
  }
}

/// The pixels that the tiles of a band see: `tile_rows` rows of tiles from row `first` of the result on.
static void transform_pixels(const winograd_job *job, int64_t n, int64_t first, int64_t tile_rows,
                             char *window, char *pixels) {
  const lk_convolution_plan *plan = job->plan;
  int64_t pixel_bytes = plan->source_channels * plan->element_size;
  lk_image_window read = {
      .image = plan->source + n * plan->source_height * plan->source_width * pixel_bytes,
      .height = plan->source_height,
      .width = plan->source_width,
      .pixel_bytes = pixel_bytes,
      .first_row = first + job->low_row,
      .rows = 2 * tile_rows + 2,
      .first_column = job->low_column,
      .columns = 2 * job->tiles_in_row + 2,
  };
  const char *source = window;
  int64_t row_elements = read.columns * plan->source_channels;
  if (plan->read != NULL) {
    plan->read(plan->read_arguments, n, &read, window);
  } else if (lk_window_is_inside(&read)) {
    source = read.image + (read.first_row * read.width + read.first_column) * pixel_bytes;
    row_elements = plan->source_width * plan->source_channels;
  } else {
    lk_copy_window(&read, window);
  }
  for (int64_t row = 0; row < tile_rows; row++) {
    lk_winograd_row tiles = {
        .input = source + 2 * row * row_elements * plan->element_size,
        .output = pixels + row * job->tiles_in_row * pixel_bytes,
        .row_elements = row_elements,
        .plane = plane_stride(plan, tile_rows * job->tiles_in_row * plan->source_channels),
        .tiles = job->tiles_in_row,
        .channels = plan->source_channels,
    };
    job->kernels->winograd_pixels[plan->dtype](&tiles);
  }
}

/// The planes' matrix products.
static void multiply(const winograd_job *job, int64_t tiles, const char *pixels, char *products) {
  const lk_convolution_plan *plan = job->plan;
  int64_t size = plan->element_size;
  int64_t block = job->kernels->block_channels[plan->dtype];
  int64_t pixel_plane = plane_stride(plan, tiles * plan->source_channels);
  int64_t product_plane = plane_stride(plan, tiles * plan->target_channels);
  const int64_t here = 0;
  for (int64_t plane = 0; plane < planes; plane++) {
    for (int64_t channel = 0; channel < plan->target_channels; channel += block) {
      lk_convolution_row row = {
          .input = pixels + plane * pixel_plane * size,
          .input_stride = plan->source_channels,
          .offsets = &here,
          .runs = 1,
          .run_length = plan->source_channels,
          .weight = job->weight + (plane * job->weight_plane + channel) * size,
          .weight_stride = job->weight_stride,
          .output = products + (plane * product_plane + channel) * size,
          .output_stride = plan->target_channels,
          .pixels = tiles,
          .channels = lk_minimum(block, plan->target_channels - channel),
      };
      job->kernels->convolve_row[plan->dtype](&row);
    }
  }
}

/// Back from products to pixels, the first of them at `target`.
static void transform_products(const winograd_job *job, int64_t first, int64_t tile_rows,
                               const char *products, char *target) {
  const lk_convolution_plan *plan = job->plan;
  int64_t size = plan->element_size;
  int64_t row_elements = plan->target_width * plan->target_channels;
  for (int64_t row = 0; row < tile_rows; row++) {
    lk_winograd_row tiles = {
        .input = products + row * job->tiles_in_row * plan->target_channels * size,
        .output = target + 2 * row * row_elements * size,
        .row_elements = row_elements,
        .plane = plane_stride(plan, tile_rows * job->tiles_in_row * plan->target_channels),
        .tiles = job->tiles_in_row,
        .channels = plan->target_channels,
        .rows = lk_minimum(2, plan->target_height - first - 2 * row),
        .columns = plan->target_width,
        .bias = plan->bias,
        .relu = plan->relu,
    };
    job->kernels->winograd_products[plan->dtype](&tiles);
  }
}

/// Bands begin ..< end, counted through the batch.
static void convolve_bands(void *arguments, int64_t begin, int64_t end, int worker) {
  const winograd_job *job = arguments;
  const lk_convolution_plan *plan = job->plan;
  char *window = job->buffers + worker * job->buffer_size;
  char *pixels = window + job->window_bytes;
  char *products = pixels + job->pixel_bytes;
  char *pooled = products + job->product_bytes;
  int64_t row_bytes = plan->target_width * plan->target_channels * plan->element_size;
  for (int64_t band = begin; band < end; band++) {
    int64_t n = band / job->bands;
    int64_t first = band % job->bands * job->band_rows;
    int64_t rows = lk_minimum(job->band_rows, plan->target_height - first);
    int64_t tile_rows = lk_divide_up(rows, 2);
    bool pools = plan->pool_height > 0;
    char *target = pools ? pooled : plan->target + (n * plan->target_height + first) * row_bytes;
    transform_pixels(job, n, first, tile_rows, window, pixels);
    multiply(job, tile_rows * job->tiles_in_row, pixels, products);
    transform_products(job, first, tile_rows, products, target);
    if (pools) {
      lk_pool_rows(job->kernels, plan, n, first, first + rows, pooled);
    }
  }
}

static int64_t lowest(const int64_t *places, int64_t count) {
  int64_t low = places[0];
  for (int64_t index = 1; index < count; index++) {
    low = lk_minimum(low, places[index]);
  }
  return low;
}

/// Bytes of the planes of an image.
static int64_t all_plane_bytes(const winograd_job *job) {
  const lk_convolution_plan *plan = job->plan;
  int64_t channels = plan->source_channels + plan->target_channels;
  int64_t tiles = lk_divide_up(plan->target_height, 2) * job->tiles_in_row;
  return planes * tiles * channels * plan->element_size;
}

static void cut_bands(winograd_job *job, int64_t wanted) {
  const lk_convolution_plan *plan = job->plan;
  int64_t tile_rows = lk_divide_up(plan->target_height, 2);
  int64_t fitting = lk_maximum(1, plane_bytes / lk_maximum(1, all_plane_bytes(job) / tile_rows));
  int64_t fair_share = lk_divide_up(plan->batch * tile_rows, wanted);
  int64_t rows = 2 * lk_minimum(tile_rows, lk_minimum(fitting, fair_share));
  // Whole windows of the pool, and whole tiles.
  int64_t step = plan->pool_height % 2 == 0 ? lk_maximum(2, plan->pool_height) : 2 * plan->pool_height;
  job->band_rows = lk_divide_up(rows, step) * step;
  job->bands = lk_divide_up(plan->target_height, job->band_rows);
}

/// How much memory a thread needs: window, planes of pixels, planes of products, rows to pool.
static void measure(winograd_job *job) {
  const lk_convolution_plan *plan = job->plan;
  int64_t size = plan->element_size;
  int64_t tiles = lk_divide_up(job->band_rows, 2) * job->tiles_in_row;
  int64_t window_pixels = (job->band_rows + 2) * (2 * job->tiles_in_row + 2);
  int64_t pooled_rows = plan->pool_height > 0 ? lk_divide_up(job->band_rows, 2) * 2 : 0;
  job->window_bytes = lk_divide_up(window_pixels * plan->source_channels * size, 64) * 64;
  job->pixel_bytes = planes * plane_stride(plan, tiles * plan->source_channels) * size;
  job->product_bytes = planes * plane_stride(plan, tiles * plan->target_channels) * size;
  int64_t pooled_bytes = pooled_rows * plan->target_width * plan->target_channels * size;
  job->buffer_size =
      job->window_bytes + job->pixel_bytes + job->product_bytes + lk_divide_up(pooled_bytes, 64) * 64;
}

static lk_status run_bands(lk_context *context, winograd_job *job) {
  const lk_convolution_plan *plan = job->plan;
  job->buffers =
      lk_scratch_allocate(&context->scratch, lk_thread_pool_threads(context->pool), job->buffer_size);
  job->weight = lk_scratch_allocate(&context->scratch, planes * job->weight_plane, plan->element_size);
  if (job->buffers == NULL || job->weight == NULL) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  lk_parallel_for(context, plan->source_channels, lk_grain(planes * plan->target_channels), transform_weight,
                  job);
  lk_parallel_for(context, plan->batch * job->bands, 1, convolve_bands, job);
  return LK_OK;
}

/// What a block of target channels needs besides: its part of the weight, of the result and of its taps.
typedef struct {
  winograd_job job; // of all channels
  int64_t block, results;
  int64_t weight_bytes, result_bytes, memory_size;
  char *memory;
} block_job;

/// Blocks begin ..< end, each as a convolution of its own.
static void convolve_blocks(void *arguments, int64_t begin, int64_t end, int worker) {
  const block_job *blocks = arguments;
  const lk_convolution_plan *whole = blocks->job.plan;
  int64_t size = whole->element_size;
  char *weight = blocks->memory + worker * blocks->memory_size;
  char *result = weight + blocks->weight_bytes;
  char *taps = result + blocks->result_bytes;
  for (int64_t index = begin; index < end; index++) {
    lk_convolution_plan plan = *whole;
    winograd_job job = blocks->job;
    job.plan = &plan;
    job.weight = weight;
    job.first_channel = index * blocks->block;
    plan.target_channels = lk_minimum(blocks->block, job.channels - job.first_channel);
    plan.target = result;
    plan.taps = (uint8_t *)taps;
    plan.bias = whole->bias == NULL ? NULL : whole->bias + job.first_channel * size;
    transform_weight(&job, 0, plan.source_channels, worker);
    convolve_bands(&job, 0, plan.batch * job.bands, worker);
    lk_copy_rows(whole->target + job.first_channel * size, job.channels * size, result,
                 plan.target_channels * size, plan.target_channels * size, blocks->results);
    if (whole->taps != NULL) {
      lk_copy_rows((char *)whole->taps + job.first_channel, job.channels, taps, plan.target_channels,
                   plan.target_channels, blocks->results);
    }
  }
}

/// Whether all threads get blocks, and images are small.
static bool suits_blocks(const lk_context *context, const winograd_job *job) {
  const lk_convolution_plan *plan = job->plan;
  int threads = lk_thread_pool_threads(context->pool);
  return threads > 1 && lk_divide_up(job->channels, job->kernels->block_channels[plan->dtype]) >= threads &&
         plan->batch * all_plane_bytes(job) <= plane_bytes;
}

static lk_status run_blocks(lk_context *context, const winograd_job *job) {
  const lk_convolution_plan *plan = job->plan;
  bool pools = plan->pool_height > 0;
  block_job blocks = {.job = *job, .block = job->kernels->block_channels[plan->dtype]};
  blocks.results = plan->batch * (plan->target_height / (pools ? plan->pool_height : 1)) *
                   (plan->target_width / (pools ? plan->pool_width : 1));
  blocks.job.weight_stride = blocks.block;
  blocks.job.weight_plane = plane_stride(plan, plan->source_channels * blocks.block);
  blocks.weight_bytes = planes * blocks.job.weight_plane * plan->element_size;
  blocks.result_bytes = lk_divide_up(blocks.results * blocks.block * plan->element_size, 64) * 64;
  int64_t taps_bytes = lk_divide_up(blocks.results * blocks.block, 64) * 64;
  blocks.memory_size = blocks.weight_bytes + blocks.result_bytes + taps_bytes;
  int threads = lk_thread_pool_threads(context->pool);
  blocks.job.buffers = lk_scratch_allocate(&context->scratch, threads, job->buffer_size);
  blocks.memory = lk_scratch_allocate(&context->scratch, threads, blocks.memory_size);
  if (blocks.job.buffers == NULL || blocks.memory == NULL) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  lk_parallel_for(context, lk_divide_up(job->channels, blocks.block), 1, convolve_blocks, &blocks);
  return LK_OK;
}

lk_status lk_run_winograd(lk_context *context, const lk_convolution_plan *plan) {
  const lk_stencil *stencil = &plan->stencils[0];
  int64_t lanes = context->kernels->block_channels[plan->dtype] / 2;
  winograd_job job = {
      .plan = plan,
      .kernels = context->kernels,
      .low_row = lowest(stencil->run_rows, stencil->runs),
      .low_column = lowest(stencil->run_columns, stencil->runs),
      .tiles_in_row = lk_divide_up(plan->target_width, 2),
      .channels = plan->target_channels,
      .weight_stride = lk_divide_up(plan->target_channels, lanes) * lanes,
  };
  job.weight_plane = plane_stride(plan, plan->source_channels * job.weight_stride);
  bool by_blocks = suits_blocks(context, &job);
  cut_bands(&job, by_blocks ? 1 : wanted_bands);
  measure(&job);
  return by_blocks ? run_blocks(context, &job) : run_bands(context, &job);
}
