/// The plan of the input gradient.
///
/// At stride 1 that is a convolution of the output gradient with the weight turned by 180° and its channels
/// swapped. At larger strides pixels fall into classes, by the remainder of their position: each class is such
/// a convolution with those taps of the weight that ever reach it. Nothing is multiplied by the zeros between,
/// and no two tasks write the same pixel.
#include <string.h>

#include "convolution.h"
#include "turn.h"

/// Where a tap of the weight goes: its place in the turned weight, and from one block to the next, in elements.
typedef struct {
  int64_t first, block_stride, group_stride;
  bool is_used;
} tap_target;

typedef struct {
  const lk_convolution *shape;
  const char *weight;
  char *turned;
  tap_target *targets;
  int64_t block, blocks;
} turn_job;

/// Taps begin ..< end of the weight, each [group in, groups · group out], to rows [group out] of [group in].
static void turn_taps(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const turn_job *job = arguments;
  const lk_convolution *shape = job->shape;
  int64_t size = shape->element_size;
  int64_t outs = shape->group_out_channels;
  for (int64_t tap = begin; tap < end; tap++) {
    const tap_target *target = &job->targets[tap];
    const char *from = job->weight + tap * shape->group_channels * shape->out_channels * size;
    if (!target->is_used) {
      continue;
    }
    if (lk_is_depthwise(shape)) {
      memcpy(job->turned + target->first * size, from, (size_t)(shape->channels * size));
      continue;
    }
    for (int64_t index = 0; index < shape->groups * job->blocks; index++) {
      int64_t group = index / job->blocks;
      int64_t in = index % job->blocks * job->block;
      char *to = job->turned +
                 (target->first + group * target->group_stride + in / job->block * target->block_stride) * size;
      lk_turn(size, to, job->block, from + (in * shape->out_channels + group * outs) * size, shape->out_channels,
              lk_minimum(job->block, shape->group_channels - in), outs);
    }
  }
}

/// The taps along one axis that reach the pixels of a class, nearest source pixel first, and its distance.
typedef struct {
  int64_t count;
  int64_t *taps, *distances;
} axis_taps;

static void find_taps(axis_taps *axis, int64_t class, int64_t kernel, int64_t padding, int64_t stride,
                      int64_t dilation) {
  axis->count = 0;
  for (int64_t tap = kernel - 1; tap >= 0; tap--) {
    int64_t distance = class + padding - tap * dilation;
    if (distance % stride == 0) {
      axis->taps[axis->count] = tap;
      axis->distances[axis->count] = distance / stride;
      axis->count++;
    }
  }
}

/// Memory of a plan.
typedef struct {
  turn_job turn;
  axis_taps rows, columns;
  lk_stencil *stencils;
  int64_t *places;
  int64_t used_places, used_elements;
} turned_plan;

/// The pixels of a class: their runs, and where their taps go in the turned weight.
static void add_class(turned_plan *plan, int64_t row, int64_t column, lk_stencil *stencil) {
  const lk_convolution *shape = plan->turn.shape;
  bool is_depthwise = lk_is_depthwise(shape);
  find_taps(&plan->rows, row, shape->kernel_height, shape->padding_top, shape->stride_height,
            shape->dilation_height);
  find_taps(&plan->columns, column, shape->kernel_width, shape->padding_left, shape->stride_width,
            shape->dilation_width);
  int64_t taps_in_row = plan->columns.count;
  bool row_runs = shape->groups == 1 && shape->dilation_width == 1 && taps_in_row > 0;
  int64_t runs_in_row = row_runs ? 1 : taps_in_row;
  int64_t outs = shape->group_out_channels;
  int64_t tap_elements = is_depthwise ? shape->channels : outs * plan->turn.block;
  int64_t taps = plan->rows.count * taps_in_row;
  int64_t *places = plan->places + plan->used_places;
  *stencil = (lk_stencil){
      .first_row = row,
      .rows = lk_divide_up(lk_maximum(0, shape->height - row), shape->stride_height),
      .first_column = column,
      .columns = lk_divide_up(lk_maximum(0, shape->width - column), shape->stride_width),
      .runs = plan->rows.count * runs_in_row,
      .run_length = row_runs ? taps_in_row * outs : outs,
      .run_rows = places,
      .run_columns = places + plan->rows.count * runs_in_row,
      .weight = plan->turn.turned + plan->used_elements * shape->element_size,
      .weight_block_stride = taps * tap_elements,
      .weight_group_stride = plan->turn.blocks * taps * tap_elements,
  };
  for (int64_t index = 0; index < taps; index++) {
    int64_t y = index / taps_in_row;
    int64_t x = index % taps_in_row;
    int64_t tap = plan->rows.taps[y] * shape->kernel_width + plan->columns.taps[x];
    plan->turn.targets[tap] = (tap_target){plan->used_elements + index * tap_elements,
                                           stencil->weight_block_stride, stencil->weight_group_stride, true};
    if (x < runs_in_row) {
      int64_t run = y * runs_in_row + x;
      places[run] = plan->rows.distances[y];
      places[stencil->runs + run] = plan->columns.distances[x];
    }
  }
  plan->used_places += 2 * stencil->runs;
  plan->used_elements += is_depthwise ? taps * tap_elements : shape->groups * stencil->weight_group_stride;
}

static bool allocate_axis(lk_context *context, axis_taps *axis, int64_t kernel) {
  axis->taps = lk_scratch_allocate(&context->scratch, kernel, sizeof *axis->taps);
  axis->distances = lk_scratch_allocate(&context->scratch, kernel, sizeof *axis->distances);
  return axis->taps != NULL && axis->distances != NULL;
}

static bool allocate(lk_context *context, turned_plan *plan, int64_t classes) {
  const lk_convolution *shape = plan->turn.shape;
  int64_t taps = shape->kernel_height * shape->kernel_width;
  int64_t tap_elements = lk_is_depthwise(shape) ? shape->channels
                                                : shape->groups * plan->turn.blocks *
                                                      shape->group_out_channels * plan->turn.block;
  plan->stencils = lk_scratch_allocate(&context->scratch, classes, sizeof *plan->stencils);
  plan->places = lk_scratch_allocate(&context->scratch, 2 * taps, sizeof *plan->places);
  plan->turn.targets = lk_scratch_allocate(&context->scratch, taps, sizeof *plan->turn.targets);
  plan->turn.turned = lk_scratch_allocate(&context->scratch, taps * tap_elements, shape->element_size);
  bool done = plan->stencils != NULL && plan->places != NULL && plan->turn.targets != NULL &&
              plan->turn.turned != NULL && allocate_axis(context, &plan->rows, shape->kernel_height) &&
              allocate_axis(context, &plan->columns, shape->kernel_width);
  if (done) {
    memset(plan->turn.targets, 0, (size_t)taps * sizeof *plan->turn.targets);
  }
  return done;
}

bool lk_plan_input_gradient(lk_context *context, const lk_convolution *shape, const void *gradient,
                            const void *weight, void *image, lk_convolution_plan *plan) {
  int64_t block = context->kernels->block_channels[shape->dtype];
  turned_plan turned = {.turn = {.shape = shape, .weight = weight, .block = block}};
  turned.turn.blocks = lk_divide_up(shape->group_channels, block);
  int64_t row_classes = lk_minimum(shape->stride_height, lk_maximum(1, shape->height));
  int64_t column_classes = lk_minimum(shape->stride_width, lk_maximum(1, shape->width));
  if (!allocate(context, &turned, row_classes * column_classes)) {
    return false;
  }
  for (int64_t class = 0; class < row_classes * column_classes; class++) {
    add_class(&turned, class / column_classes, class % column_classes, &turned.stencils[class]);
  }
  int64_t taps = shape->kernel_height * shape->kernel_width;
  if (lk_uses_winograd(shape)) {
    taps = 0;
  }
  // Channels that don't fill a block are computed and thrown away: their weights only have to be numbers.
  if (shape->group_channels % block != 0 && !lk_is_depthwise(shape)) {
    memset(turned.turn.turned, 0, (size_t)(turned.used_elements * shape->element_size));
  }
  lk_parallel_for(context, taps, lk_grain(shape->group_channels * shape->out_channels), turn_taps,
                  &turned.turn);
  *plan = (lk_convolution_plan){
      .dtype = shape->dtype,
      .element_size = shape->element_size,
      .batch = shape->batch,
      .groups = shape->groups,
      .source = gradient,
      .source_height = shape->out_height,
      .source_width = shape->out_width,
      .source_channels = shape->out_channels,
      .target = image,
      .target_height = shape->height,
      .target_width = shape->width,
      .target_channels = shape->channels,
      .is_depthwise = lk_is_depthwise(shape),
      .source_step_height = 1,
      .source_step_width = 1,
      .target_step_height = shape->stride_height,
      .target_step_width = shape->stride_width,
      .stencils = turned.stencils,
      .stencil_count = row_classes * column_classes,
      .weight_stride = lk_is_depthwise(shape) ? shape->channels : block,
      .winograd_weight = lk_uses_winograd(shape) ? weight : NULL,
      .winograd_turned = true,
  };
  return true;
}
