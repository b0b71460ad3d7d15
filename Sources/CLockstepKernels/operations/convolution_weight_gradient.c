/// The gradient of a convolution at its weight: the sum of image times output gradient over all pixels.
///
/// The pixels of the batch are cut into at most 16 shards (whole images where there are enough), each shard
/// sums up its own partial gradient, band by band, and the partials are added in a binary tree. Shards belong
/// to the shape, not to the threads: any number of threads, and later of processes, gives the same bits. Few
/// shards are cut further into parts of the weight, which shows in no result.
#include <string.h>

#include "convolution_weight_gradient.h"

#include "copy.h"
#include "shards.h"

/// Tasks that keep all threads busy.
static const int64_t wanted_tasks = 16;

/// Channels of a depthwise convolution that are summed up at a time.
static const int64_t depthwise_block = 64;

typedef struct {
  const lk_weight_gradient_plan *plan;
  const lk_kernel_table *kernels;
  char *partials; // of all shards but the first, which sums up in the output
  int64_t elements;
  int64_t shards, parts;
  int64_t band_rows;
  int64_t window_columns;
  int64_t runs, runs_in_row, run_length;
  int64_t block, blocks;
  bool reads_gradient; // into a buffer
  char *buffers;
  int64_t window_bytes, gradient_bytes, buffer_size;
} weight_job;

/// Rows of one image, and where they were read to.
typedef struct {
  int64_t n, first, rows;
  bool is_first;
  const char *image;
  int64_t image_row_elements;
  const char *gradient;
} weight_band;

static char *partial(const weight_job *job, int64_t shard) {
  int64_t size = job->plan->shape->element_size;
  return shard == 0 ? job->plan->output : job->partials + (shard - 1) * job->elements * size;
}

/// Offset of a run in a band, in elements.
static int64_t run_offset(const weight_job *job, const weight_band *band, int64_t run) {
  const lk_convolution *shape = job->plan->shape;
  int64_t row = run / job->runs_in_row * shape->dilation_height;
  int64_t column = run % job->runs_in_row * shape->dilation_width;
  return row * band->image_row_elements + column * shape->channels;
}

/// One run of the weight for a block of output channels.
static void add_unit(const weight_job *job, const weight_band *band, int64_t unit, char *total) {
  const lk_convolution *shape = job->plan->shape;
  int64_t size = shape->element_size;
  int64_t run = unit % job->runs;
  int64_t block = unit / job->runs % job->blocks;
  int64_t group = unit / job->runs / job->blocks;
  int64_t channel = group * shape->group_out_channels + block * job->block;
  int64_t input = run_offset(job, band, run) + group * shape->group_channels;
  lk_weight_gradient_run products = {
      .input = band->image + input * size,
      .input_stride = shape->stride_width * shape->channels,
      .input_row_stride = shape->stride_height * band->image_row_elements,
      .terms = job->run_length,
      .gradient = band->gradient + channel * size,
      .gradient_stride = shape->out_channels,
      .gradient_row_stride = shape->out_width * shape->out_channels,
      .rows = band->rows,
      .pixels = shape->out_width,
      .weight = total + (run * job->run_length * shape->out_channels + channel) * size,
      .weight_stride = shape->out_channels,
      .channels = lk_minimum(job->block, shape->group_out_channels - block * job->block),
      .is_first = band->is_first,
  };
  job->kernels->add_weight_gradient[shape->dtype](&products);
}

/// All taps for a block of channels.
static void add_depthwise_unit(const weight_job *job, const weight_band *band, int64_t unit,
                               const int64_t *offsets, char *total) {
  const lk_convolution *shape = job->plan->shape;
  int64_t size = shape->element_size;
  int64_t channel = unit * job->block;
  lk_weight_gradient_run products = {
      .input = band->image + channel * size,
      .input_stride = shape->stride_width * shape->channels,
      .input_row_stride = shape->stride_height * band->image_row_elements,
      .offsets = offsets,
      .terms = job->runs,
      .gradient = band->gradient + channel * size,
      .gradient_stride = shape->out_channels,
      .gradient_row_stride = shape->out_width * shape->out_channels,
      .rows = band->rows,
      .pixels = shape->out_width,
      .weight = total + channel * size,
      .weight_stride = shape->out_channels,
      .channels = lk_minimum(job->block, shape->channels - channel),
      .is_first = band->is_first,
  };
  job->kernels->add_depthwise_weight_gradient[shape->dtype](&products);
}

static void read_image(const weight_job *job, weight_band *band, char *buffer) {
  const lk_convolution *shape = job->plan->shape;
  int64_t pixel_bytes = shape->channels * shape->element_size;
  lk_image_window window = {
      .image = job->plan->image + band->n * shape->height * shape->width * pixel_bytes,
      .height = shape->height,
      .width = shape->width,
      .pixel_bytes = pixel_bytes,
      .first_row = band->first * shape->stride_height - shape->padding_top,
      .rows =
          (band->rows - 1) * shape->stride_height + (shape->kernel_height - 1) * shape->dilation_height + 1,
      .first_column = -shape->padding_left,
      .columns = job->window_columns,
  };
  if (lk_window_is_inside(&window)) {
    band->image = window.image + (window.first_row * window.width + window.first_column) * pixel_bytes;
    band->image_row_elements = shape->width * shape->channels;
  } else {
    lk_copy_window(&window, buffer);
    band->image = buffer;
    band->image_row_elements = window.columns * shape->channels;
  }
}

static void read_gradient(const weight_job *job, weight_band *band, char *buffer) {
  const lk_convolution *shape = job->plan->shape;
  int64_t row_bytes = shape->out_width * shape->out_channels * shape->element_size;
  band->gradient = job->reads_gradient
                       ? buffer
                       : job->plan->gradient + (band->n * shape->out_height + band->first) * row_bytes;
  if (job->plan->read != NULL) {
    job->plan->read(job->plan->read_arguments, band->n, band->first, band->rows, buffer);
  } else if (job->reads_gradient) {
    memcpy(buffer, job->plan->gradient + (band->n * shape->out_height + band->first) * row_bytes,
           (size_t)(band->rows * row_bytes));
  }
}

static void add_band(const weight_job *job, weight_band *band, int64_t shard, int64_t part, char *buffer) {
  const lk_convolution *shape = job->plan->shape;
  bool is_depthwise = lk_is_depthwise(shape);
  char *sums = buffer + job->window_bytes + job->gradient_bytes;
  int64_t *offsets = (int64_t *)sums;
  read_image(job, band, buffer);
  read_gradient(job, band, buffer + job->window_bytes);
  for (int64_t run = 0; is_depthwise && run < job->runs; run++) {
    offsets[run] = run_offset(job, band, run);
  }
  int64_t units = is_depthwise ? job->blocks : shape->groups * job->blocks * job->runs;
  for (int64_t unit = units * part / job->parts; unit < units * (part + 1) / job->parts; unit++) {
    if (is_depthwise) {
      add_depthwise_unit(job, band, unit, offsets, partial(job, shard));
    } else {
      add_unit(job, band, unit, partial(job, shard));
    }
  }
}

/// Tasks begin ..< end of [shards, parts].
static void sum_shards(void *arguments, int64_t begin, int64_t end, int worker) {
  const weight_job *job = arguments;
  int64_t height = job->plan->shape->out_height;
  for (int64_t task = begin; task < end; task++) {
    int64_t shard = task / job->parts;
    int64_t last = lk_shard_begin(job->plan->shape, job->shards, shard + 1);
    for (int64_t row = lk_shard_begin(job->plan->shape, job->shards, shard); row < last;) {
      weight_band band = {.n = row / height,
                          .first = row % height,
                          .is_first = row == lk_shard_begin(job->plan->shape, job->shards, shard)};
      band.rows = lk_minimum(job->band_rows, lk_minimum(last - row, height - band.first));
      add_band(job, &band, shard, task % job->parts, job->buffers + worker * job->buffer_size);
      row += band.rows;
    }
  }
}

static void cut_work(weight_job *job) {
  const lk_convolution *shape = job->plan->shape;
  bool is_depthwise = lk_is_depthwise(shape);
  bool row_runs = shape->groups == 1 && shape->dilation_width == 1;
  job->runs_in_row = row_runs ? 1 : shape->kernel_width;
  job->runs = shape->kernel_height * job->runs_in_row;
  job->run_length = shape->group_channels * (row_runs ? shape->kernel_width : 1);
  job->block = is_depthwise ? depthwise_block : job->kernels->block_channels[shape->dtype];
  job->blocks = lk_divide_up(is_depthwise ? shape->channels : shape->group_out_channels, job->block);
  job->shards = lk_count_shards(shape);
  int64_t units = is_depthwise ? job->blocks : shape->groups * job->blocks * job->runs;
  job->parts = lk_minimum(units, lk_divide_up(wanted_tasks, job->shards));
}

static bool allocate(lk_context *context, weight_job *job) {
  const lk_convolution *shape = job->plan->shape;
  int64_t size = shape->element_size;
  int64_t columns =
      (shape->out_width - 1) * shape->stride_width + (shape->kernel_width - 1) * shape->dilation_width + 1;
  int64_t image_row = columns * shape->channels * size;
  int64_t gradient_row = shape->out_width * shape->out_channels * size;
  job->window_columns = columns;
  job->band_rows =
      lk_rows_per_band(LK_MOST_SHARDS, shape->out_height, image_row * shape->stride_height + gradient_row);
  int64_t rows =
      (job->band_rows - 1) * shape->stride_height + (shape->kernel_height - 1) * shape->dilation_height + 1;
  // A kernel reads whole vectors of the gradient: behind the last pixel there must be something to read.
  int64_t lanes = job->kernels->block_channels[shape->dtype] / 2;
  job->reads_gradient =
      job->plan->read != NULL || (!lk_is_depthwise(shape) && shape->group_out_channels % lanes != 0);
  job->window_bytes = lk_divide_up(rows * image_row, 64) * 64;
  job->gradient_bytes =
      job->reads_gradient ? lk_divide_up(job->band_rows * gradient_row + lanes * size, 64) * 64 : 0;
  int64_t extra = lk_maximum(job->runs * (int64_t)sizeof(int64_t), shape->out_channels * size);
  job->buffer_size = job->window_bytes + job->gradient_bytes + lk_divide_up(extra, 64) * 64;
  job->buffers =
      lk_scratch_allocate(&context->scratch, lk_thread_pool_threads(context->pool), job->buffer_size);
  job->partials = lk_scratch_allocate(&context->scratch, (job->shards - 1) * job->elements, size);
  return job->buffers != NULL && job->partials != NULL;
}

lk_status lk_run_weight_gradient(lk_context *context, const lk_weight_gradient_plan *plan) {
  const lk_convolution *shape = plan->shape;
  weight_job job = {.plan = plan, .kernels = context->kernels};
  job.elements = lk_patch_length(shape) * shape->out_channels;
  if (job.elements == 0 || lk_output_pixels(shape) == 0) {
    lk_clear(context, plan->output, job.elements * shape->element_size);
    return LK_OK;
  }
  cut_work(&job);
  if (!allocate(context, &job)) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  lk_parallel_for(context, job.shards * job.parts, 1, sum_shards, &job);
  lk_add_partials(context, shape->dtype, plan->output, job.partials, job.elements, job.shards);
  return LK_OK;
}

lk_status lk_conv2d_weight_gradient(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *image = &instruction->inputs[0];
  const lk_tensor *gradient = &instruction->inputs[1];
  const lk_tensor *weight = &instruction->outputs[0];
  if (!lk_is_floating(image->dtype)) {
    return LK_ERROR_UNSUPPORTED;
  }
  lk_convolution shape = lk_convolution_of(instruction, image, weight, gradient);
  lk_weight_gradient_plan plan = {
      .shape = &shape, .image = image->data, .gradient = gradient->data, .output = weight->data};
  return lk_run_weight_gradient(context, &plan);
}
