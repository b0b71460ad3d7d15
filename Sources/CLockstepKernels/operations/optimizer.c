/// Optimizer steps: one pass over parameters, gradients and state.
#include "operations.h"

typedef struct {
  const lk_instruction *instruction;
  lk_sgd_kernel kernel;
  lk_sgd_step step;
  int64_t element_size;
} sgd_job;

static void update(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const sgd_job *job = arguments;
  const lk_tensor *inputs = job->instruction->inputs;
  const lk_tensor *outputs = job->instruction->outputs;
  int64_t offset = begin * job->element_size;
  job->kernel(&job->step, (char *)outputs[0].data + offset, (char *)outputs[1].data + offset,
              (const char *)inputs[0].data + offset, (const char *)inputs[1].data + offset,
              (const char *)inputs[2].data + offset, end - begin);
}

lk_status lk_sgd(lk_context *context, const lk_instruction *instruction) {
  int32_t dtype = instruction->inputs[0].dtype;
  if (!lk_is_floating(dtype)) {
    return LK_ERROR_UNSUPPORTED;
  }
  sgd_job job = {
      .instruction = instruction,
      .kernel = context->kernels->sgd[dtype],
      .step =
          {
              .learning_rate = instruction->attributes.sgd.learning_rate,
              .momentum = instruction->attributes.sgd.momentum,
              .weight_decay = instruction->attributes.sgd.weight_decay,
              .nesterov = instruction->attributes.sgd.nesterov,
          },
      .element_size = lk_element_size(dtype),
  };
  lk_parallel_for(context, lk_count(&instruction->inputs[0]), LK_GRAIN, update, &job);
  return LK_OK;
}
