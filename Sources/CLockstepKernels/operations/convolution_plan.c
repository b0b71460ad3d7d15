/// From a convolution to the sums over runs that compute it or its input gradient.
///
/// The input gradient at stride 1 is a convolution of the output gradient with the weight turned by 180° and
/// its channels swapped. At larger strides pixels fall into stride² classes, by the remainder of their
/// position: each class is such a convolution with those taps of the weight that ever reach it. Nothing is
/// multiplied by the zeros between, and no two tasks write the same pixel.
#include <string.h>

#include "convolution.h"

/// Wider weights are packed: rows this far apart fall into few cache sets.
static const int64_t most_channels_unpacked = 256;

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
      .algorithm = instruction->attributes.conv2d.algorithm,
  };
}

/// Whether the taps of a kernel row are one run: neighbours in memory.
static bool has_row_runs(const lk_convolution *shape) {
  return shape->groups == 1 && shape->dilation_width == 1;
}

/// A weight in blocks of columns: [groups, blocks, terms, block]. Columns that don't fill a block are zeros.
typedef struct {
  const lk_convolution *shape;
  const char *weight;
  char *packed;
  int64_t block, blocks, terms;
} pack_job;

/// Rows begin ..< end of a weight [terms, groups · channels].
static void pack_rows(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const pack_job *job = arguments;
  int64_t size = job->shape->element_size;
  int64_t channels = job->shape->group_out_channels;
  for (int64_t term = begin; term < end; term++) {
    for (int64_t index = 0; index < job->shape->groups * job->blocks; index++) {
      int64_t first = index % job->blocks * job->block;
      int64_t count = lk_minimum(job->block, channels - first);
      int64_t column = index / job->blocks * channels + first;
      char *to = job->packed + (index * job->terms + term) * job->block * size;
      memcpy(to, job->weight + (term * job->shape->out_channels + column) * size, (size_t)(count * size));
      memset(to + count * size, 0, (size_t)((job->block - count) * size));
    }
  }
}

static bool pack_weight(lk_context *context, const lk_convolution *shape, const void *weight,
                        lk_convolution_plan *plan, lk_stencil *stencil) {
  int64_t block = context->kernels->block_channels[shape->dtype];
  bool fits = shape->group_out_channels % (block / 2) == 0 && shape->out_channels <= most_channels_unpacked;
  if (plan->is_depthwise || fits) {
    stencil->weight = weight;
    stencil->weight_block_stride = block;
    stencil->weight_group_stride = shape->group_out_channels;
    plan->weight_stride = shape->out_channels;
    return true;
  }
  pack_job job = {.shape = shape, .weight = weight, .block = block, .terms = lk_patch_length(shape)};
  job.blocks = lk_divide_up(shape->group_out_channels, block);
  int64_t elements = shape->groups * job.blocks * job.terms * block;
  job.packed = lk_scratch_allocate(&context->scratch, elements, shape->element_size);
  if (job.packed == NULL) {
    return false;
  }
  lk_parallel_for(context, job.terms, lk_grain(shape->out_channels), pack_rows, &job);
  stencil->weight = job.packed;
  stencil->weight_block_stride = job.terms * block;
  stencil->weight_group_stride = job.blocks * job.terms * block;
  plan->weight_stride = block;
  return true;
}

bool lk_plan_convolution(lk_context *context, const lk_convolution *shape, const void *image,
                         const void *weight, void *output, lk_convolution_plan *plan) {
  bool row_runs = has_row_runs(shape);
  int64_t runs_in_row = row_runs ? 1 : shape->kernel_width;
  int64_t runs = shape->kernel_height * runs_in_row;
  lk_stencil *stencil = lk_scratch_allocate(&context->scratch, 1, sizeof *stencil);
  int64_t *places = lk_scratch_allocate(&context->scratch, 2 * runs, sizeof *places);
  if (stencil == NULL || places == NULL) {
    return false;
  }
  for (int64_t run = 0; run < runs; run++) {
    places[run] = run / runs_in_row * shape->dilation_height - shape->padding_top;
    places[runs + run] = run % runs_in_row * shape->dilation_width - shape->padding_left;
  }
  *stencil = (lk_stencil){
      .rows = shape->out_height,
      .columns = shape->out_width,
      .runs = runs,
      .run_length = shape->group_channels * (row_runs ? shape->kernel_width : 1),
      .run_rows = places,
      .run_columns = places + runs,
  };
  *plan = (lk_convolution_plan){
      .dtype = shape->dtype,
      .element_size = shape->element_size,
      .batch = shape->batch,
      .groups = shape->groups,
      .source = image,
      .source_height = shape->height,
      .source_width = shape->width,
      .source_channels = shape->channels,
      .target = output,
      .target_height = shape->out_height,
      .target_width = shape->out_width,
      .target_channels = shape->out_channels,
      .is_depthwise = lk_is_depthwise(shape),
      .source_step_height = shape->stride_height,
      .source_step_width = shape->stride_width,
      .target_step_height = 1,
      .target_step_width = 1,
      .stencils = stencil,
      .stencil_count = 1,
  };
  if (lk_uses_winograd(shape)) {
    plan->winograd_weight = weight;
    return true;
  }
  return pack_weight(context, shape, weight, plan, stencil);
}
