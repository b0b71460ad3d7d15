/// Softmax and its relatives, tasks being runs of rows.
#include "operations.h"

typedef struct {
  const lk_instruction *instruction;
  const lk_kernel_table *kernels;
  int64_t row_length;
  int64_t row_bytes;
} row_job;

static row_job make_job(const lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *input = &instruction->inputs[0];
  row_job job = {.instruction = instruction, .kernels = context->kernels};
  job.row_length = input->shape[input->rank - 1];
  job.row_bytes = job.row_length * lk_element_size(input->dtype);
  return job;
}

static lk_status run_rows(lk_context *context, const lk_instruction *instruction, lk_range_task task) {
  const lk_tensor *input = &instruction->inputs[0];
  row_job job = make_job(context, instruction);
  if (!lk_is_floating(input->dtype)) {
    return LK_ERROR_UNSUPPORTED;
  }
  if (job.row_length == 0) {
    return LK_OK;
  }
  lk_parallel_for(context, lk_extent(input, 0, input->rank - 1), lk_grain(job.row_length), task, &job);
  return LK_OK;
}

static char *output_row(const row_job *job, int64_t row) {
  return (char *)job->instruction->outputs[0].data + row * job->row_bytes;
}

static const char *input_row(const row_job *job, int index, int64_t row) {
  return (const char *)job->instruction->inputs[index].data + row * job->row_bytes;
}

static void softmax_rows(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const row_job *job = arguments;
  bool logarithmic = job->instruction->opcode == LK_LOG_SOFTMAX;
  const lk_softmax_kernel *kernels = logarithmic ? job->kernels->log_softmax : job->kernels->softmax;
  lk_softmax_kernel kernel = kernels[job->instruction->inputs[0].dtype];
  for (int64_t row = begin; row < end; row++) {
    kernel(output_row(job, row), input_row(job, 0, row), job->row_length);
  }
}

static void gradient_rows(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const row_job *job = arguments;
  bool logarithmic = job->instruction->opcode == LK_LOG_SOFTMAX_GRADIENT;
  const lk_softmax_gradient_kernel *kernels =
      logarithmic ? job->kernels->log_softmax_gradient : job->kernels->softmax_gradient;
  lk_softmax_gradient_kernel kernel = kernels[job->instruction->inputs[0].dtype];
  for (int64_t row = begin; row < end; row++) {
    kernel(output_row(job, row), input_row(job, 0, row), input_row(job, 1, row), job->row_length);
  }
}

lk_status lk_softmax(lk_context *context, const lk_instruction *instruction) {
  return run_rows(context, instruction, softmax_rows);
}

lk_status lk_log_softmax(lk_context *context, const lk_instruction *instruction) {
  return run_rows(context, instruction, softmax_rows);
}

lk_status lk_softmax_gradient(lk_context *context, const lk_instruction *instruction) {
  return run_rows(context, instruction, gradient_rows);
}

lk_status lk_log_softmax_gradient(lk_context *context, const lk_instruction *instruction) {
  return run_rows(context, instruction, gradient_rows);
}

static int64_t label_at(const lk_instruction *instruction, int64_t row) {
  const lk_tensor *labels = &instruction->inputs[1];
  return labels->dtype == LK_INT64 ? ((const int64_t *)labels->data)[row]
                                   : ((const int32_t *)labels->data)[row];
}

static bool labels_are_classes(const lk_instruction *instruction) {
  const lk_tensor *logits = &instruction->inputs[0];
  for (int64_t row = 0; row < logits->shape[0]; row++) {
    int64_t label = label_at(instruction, row);
    if (label < 0 || label >= logits->shape[1]) {
      return false;
    }
  }
  return true;
}

static void cross_entropy_rows(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const row_job *job = arguments;
  const lk_instruction *instruction = job->instruction;
  int32_t dtype = instruction->inputs[0].dtype;
  char *losses = instruction->outputs[0].data;
  double smoothing = instruction->attributes.cross_entropy.label_smoothing;
  for (int64_t row = begin; row < end; row++) {
    job->kernels->cross_entropy[dtype](losses + row * lk_element_size(dtype), input_row(job, 0, row),
                                       label_at(instruction, row), smoothing, job->row_length);
  }
}

static void cross_entropy_gradient_rows(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const row_job *job = arguments;
  const lk_instruction *instruction = job->instruction;
  int32_t dtype = instruction->inputs[0].dtype;
  const char *upstream = instruction->inputs[2].data;
  double smoothing = instruction->attributes.cross_entropy.label_smoothing;
  for (int64_t row = begin; row < end; row++) {
    job->kernels->cross_entropy_gradient[dtype](output_row(job, row), input_row(job, 0, row),
                                                label_at(instruction, row), smoothing,
                                                upstream + row * lk_element_size(dtype), job->row_length);
  }
}

lk_status lk_softmax_cross_entropy(lk_context *context, const lk_instruction *instruction) {
  if (!labels_are_classes(instruction)) {
    return LK_ERROR_INDEX_OUT_OF_RANGE;
  }
  return run_rows(context, instruction, cross_entropy_rows);
}

lk_status lk_softmax_cross_entropy_gradient(lk_context *context, const lk_instruction *instruction) {
  if (!labels_are_classes(instruction)) {
    return LK_ERROR_INDEX_OUT_OF_RANGE;
  }
  return run_rows(context, instruction, cross_entropy_gradient_rows);
}
