/// The outer loops of a convolution and of its input gradient.
///
/// Loop order: bands of target rows (tasks), groups, blocks of target channels, rows; inside of a row the
/// level's kernel takes tiles of pixels. A band's source rows are copied once, with their padding. Every
/// target element is computed by one task in one fixed order.
#include "convolution.h"

typedef struct {
  const lk_convolution_plan *plan;
  const lk_kernel_table *kernels;
  int64_t band_rows, bands;                           // of each image
  int64_t low_row, high_row, low_column, high_column; // of all runs
  int64_t window_rows, window_columns;                // source pixels of a whole band
  char *buffers;
  int64_t window_bytes, buffer_size;
} band_job;

/// The source of a band: where the first run of the first pixel of row 0 begins, if its run were at (0, 0).
typedef struct {
  const char *origin;
  int64_t row_elements;
  int64_t first_read;  // the row of each stencil that the origin belongs to
  int64_t first, last; // rows to compute
  char *target;        // where row first_target begins
  int64_t first_target;
} band_source;

/// Where a stencil's runs are in the source of a band, in elements from a pixel.
static void fill_offsets(const lk_stencil *stencil, const band_source *source, int64_t channels,
                         int64_t *offsets) {
  for (int64_t run = 0; run < stencil->runs; run++) {
    offsets[run] = stencil->run_rows[run] * source->row_elements + stencil->run_columns[run] * channels;
  }
}

static void convolve_block(const band_job *job, const lk_stencil *stencil, const band_source *source,
                           lk_convolution_row *row) {
  const lk_convolution_plan *plan = job->plan;
  const char *input = row->input;
  char *output = row->output;
  int64_t input_bytes = plan->source_step_height * source->row_elements * plan->element_size;
  int64_t output_bytes =
      plan->target_step_height * plan->target_width * plan->target_channels * plan->element_size;
  lk_convolution_row_kernel kernel = plan->is_depthwise ? job->kernels->convolve_depthwise_row[plan->dtype]
                                                        : job->kernels->convolve_row[plan->dtype];
  for (int64_t y = source->first; y < lk_minimum(source->last, stencil->rows); y++) {
    row->input = input + (y - source->first_read) * input_bytes;
    row->output = output + (y - source->first_target) * output_bytes;
    kernel(row);
  }
}

static void convolve_stencil(const band_job *job, const lk_stencil *stencil, const band_source *source,
                             int64_t *offsets) {
  const lk_convolution_plan *plan = job->plan;
  int64_t size = plan->element_size;
  fill_offsets(stencil, source, plan->source_channels, offsets);
  int64_t first_pixel = stencil->first_row * plan->target_width + stencil->first_column;
  char *target = source->target + first_pixel * plan->target_channels * size;
  int64_t group_source = plan->is_depthwise ? plan->source_channels : plan->source_channels / plan->groups;
  int64_t group_target = plan->is_depthwise ? plan->target_channels : plan->target_channels / plan->groups;
  int64_t groups = plan->is_depthwise ? 1 : plan->groups;
  int64_t block = plan->is_depthwise ? group_target : job->kernels->block_channels[plan->dtype];
  for (int64_t group = 0; group < groups; group++) {
    for (int64_t first = 0; first < group_target; first += block) {
      int64_t channel = group * group_target + first;
      int64_t weight = group * stencil->weight_group_stride + first / block * stencil->weight_block_stride;
      lk_convolution_row row = {
          .input = source->origin + group * group_source * size,
          .input_stride = plan->source_step_width * plan->source_channels,
          .offsets = offsets,
          .runs = stencil->runs,
          .run_length = stencil->run_length,
          .weight = stencil->weight + weight * size,
          .weight_stride = plan->weight_stride,
          .output = target + channel * size,
          .output_stride = plan->target_step_width * plan->target_channels,
          .pixels = stencil->columns,
          .channels = lk_minimum(block, group_target - first),
          .bias = plan->bias == NULL ? NULL : plan->bias + channel * size,
          .relu = plan->relu,
      };
      convolve_block(job, stencil, source, &row);
    }
  }
}

/// The source rows of a band, with their padding.
static band_source read_band(const band_job *job, int64_t n, int64_t first, char *buffer) {
  const lk_convolution_plan *plan = job->plan;
  int64_t pixel_bytes = plan->source_channels * plan->element_size;
  lk_image_window window = {
      .image = plan->source + n * plan->source_height * plan->source_width * pixel_bytes,
      .height = plan->source_height,
      .width = plan->source_width,
      .pixel_bytes = pixel_bytes,
      .first_row = first * plan->source_step_height + job->low_row,
      .rows = job->window_rows,
      .first_column = job->low_column,
      .columns = job->window_columns,
  };
  band_source source = {.first_read = first, .first = first, .last = first + job->band_rows};
  const char *data = buffer;
  source.row_elements = window.columns * plan->source_channels;
  if (plan->read != NULL) {
    plan->read(plan->read_arguments, n, &window, buffer);
  } else if (lk_window_is_inside(&window)) {
    source.row_elements = plan->source_width * plan->source_channels;
    data = window.image + (window.first_row * window.width + window.first_column) * pixel_bytes;
  } else {
    lk_copy_window(&window, buffer);
  }
  source.origin = data - (job->low_row * source.row_elements + job->low_column * plan->source_channels) *
                             plan->element_size;
  return source;
}

static int64_t most_runs(const lk_convolution_plan *plan) {
  int64_t most = 0;
  for (int64_t index = 0; index < plan->stencil_count; index++) {
    most = lk_maximum(most, plan->stencils[index].runs);
  }
  return most;
}

void lk_pool_rows(const lk_kernel_table *kernels, const lk_convolution_plan *plan, int64_t n, int64_t first,
                  int64_t last, const char *rows) {
  int64_t channels = plan->target_channels;
  int64_t row_elements = plan->target_width * channels;
  int64_t windows = plan->target_width / plan->pool_width;
  int64_t height = plan->target_height / plan->pool_height;
  int64_t begin = first / plan->pool_height;
  for (int64_t y = begin; y < lk_minimum(last / plan->pool_height, height); y++) {
    int64_t offset = (n * height + y) * windows * channels;
    lk_pool_row row = {
        .input = rows + (y - begin) * plan->pool_height * row_elements * plan->element_size,
        .row_elements = row_elements,
        .output = plan->target + offset * plan->element_size,
        .taps = plan->taps + offset,
        .windows = windows,
        .channels = channels,
        .kernel_height = plan->pool_height,
        .kernel_width = plan->pool_width,
        .relu = plan->relu,
    };
    kernels->pool_band_row[plan->dtype](&row);
  }
}

static void convolve_rows(const band_job *job, const band_source *source, int64_t *offsets) {
  for (int64_t index = 0; index < job->plan->stencil_count; index++) {
    convolve_stencil(job, &job->plan->stencils[index], source, offsets);
  }
}

/// Row of windows by row of windows, so that what is pooled is still in the first-level cache.
static void pool_rows(const band_job *job, int64_t n, band_source source, int64_t *offsets, char *buffer) {
  const lk_convolution_plan *plan = job->plan;
  int64_t last = lk_minimum(source.last, plan->target_height);
  source.target = buffer;
  for (int64_t row = source.first; row < last; row += plan->pool_height) {
    source.first = row;
    source.first_target = row;
    source.last = row + plan->pool_height;
    convolve_rows(job, &source, offsets);
    lk_pool_rows(job->kernels, plan, n, row, row + plan->pool_height, buffer);
  }
}

/// Bands begin ..< end, counted through the batch.
static void convolve_bands(void *arguments, int64_t begin, int64_t end, int worker) {
  const band_job *job = arguments;
  const lk_convolution_plan *plan = job->plan;
  char *buffer = job->buffers + worker * job->buffer_size;
  int64_t *offsets = (int64_t *)buffer;
  char *window = buffer + lk_divide_up(most_runs(plan) * (int64_t)sizeof(int64_t), 64) * 64;
  for (int64_t band = begin; band < end; band++) {
    int64_t n = band / job->bands;
    band_source source = read_band(job, n, band % job->bands * job->band_rows, window);
    if (plan->pool_height > 0) {
      pool_rows(job, n, source, offsets, window + job->window_bytes);
    } else {
      int64_t image_elements = plan->target_height * plan->target_width * plan->target_channels;
      source.target = plan->target + n * image_elements * plan->element_size;
      convolve_rows(job, &source, offsets);
    }
  }
}

/// The extremes of where runs begin, and how many rows of bands there are.
static int64_t measure(band_job *job) {
  const lk_convolution_plan *plan = job->plan;
  int64_t rows = 0;
  int64_t columns = 0;
  int64_t group_source = lk_maximum(1, plan->source_channels / plan->groups);
  bool is_first = true;
  for (int64_t index = 0; index < plan->stencil_count; index++) {
    const lk_stencil *stencil = &plan->stencils[index];
    rows = lk_maximum(rows, stencil->rows);
    columns = lk_maximum(columns, stencil->columns);
    // A run may go on over several pixels of its row.
    int64_t run_pixels = plan->is_depthwise ? 1 : lk_divide_up(stencil->run_length, group_source);
    for (int64_t run = 0; run < stencil->runs; run++) {
      int64_t row = stencil->run_rows[run];
      int64_t column = stencil->run_columns[run];
      job->low_row = is_first ? row : lk_minimum(job->low_row, row);
      job->high_row = is_first ? row : lk_maximum(job->high_row, row);
      job->low_column = is_first ? column : lk_minimum(job->low_column, column);
      job->high_column =
          is_first ? column + run_pixels - 1 : lk_maximum(job->high_column, column + run_pixels - 1);
      is_first = false;
    }
  }
  job->window_columns =
      lk_maximum(0, columns - 1) * plan->source_step_width + job->high_column - job->low_column + 1;
  return rows;
}

lk_status lk_run_convolution(lk_context *context, const lk_convolution_plan *plan) {
  if (plan->winograd_weight != NULL) {
    return lk_run_winograd(context, plan);
  }
  band_job job = {.plan = plan, .kernels = context->kernels};
  int64_t rows = measure(&job);
  int64_t source_row = job.window_columns * plan->source_channels * plan->element_size;
  int64_t target_row = plan->target_width * plan->target_channels * plan->element_size;
  bool pools = plan->pool_height > 0;
  int64_t row_bytes = source_row * plan->source_step_height;
  job.band_rows = lk_rows_per_band(plan->batch, rows, row_bytes);
  if (pools) {
    // Whole windows.
    job.band_rows = lk_divide_up(job.band_rows, plan->pool_height) * plan->pool_height;
  }
  job.bands = lk_divide_up(rows, job.band_rows);
  int64_t window_rows = (job.band_rows - 1) * plan->source_step_height + job.high_row - job.low_row + 1;
  job.window_rows = window_rows;
  int64_t offset_bytes = lk_divide_up(most_runs(plan) * (int64_t)sizeof(int64_t), 64) * 64;
  job.window_bytes = lk_divide_up(window_rows * source_row, 64) * 64;
  job.buffer_size =
      offset_bytes + job.window_bytes + (pools ? lk_divide_up(plan->pool_height * target_row, 64) * 64 : 0);
  job.buffers =
      lk_scratch_allocate(&context->scratch, lk_thread_pool_threads(context->pool), job.buffer_size);
  if (job.buffers == NULL) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  lk_parallel_for(context, plan->batch * job.bands, 1, convolve_bands, &job);
  return LK_OK;
}
