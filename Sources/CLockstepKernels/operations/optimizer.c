/// Optimizer steps: one pass over parameters, gradients and state.
#include "operations.h"

typedef struct {
  const lk_instruction *instruction;
  lk_sgd_kernel kernel;
  lk_sgd_step step;
  int64_t element_size;
} sgd_job;

static void update_sgd(void *arguments, int64_t begin, int64_t end, int worker) {
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
  lk_parallel_for(context, lk_count(&instruction->inputs[0]), LK_GRAIN, update_sgd, &job);
  return LK_OK;
}

typedef struct {
  const lk_instruction *instruction;
  lk_adam_kernel kernel;
  lk_adam_step step;
  int64_t element_size;
} adam_job;

static void update_adam(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const adam_job *job = arguments;
  const lk_tensor *inputs = job->instruction->inputs;
  const lk_tensor *outputs = job->instruction->outputs;
  int64_t offset = begin * job->element_size;
  void *const results[3] = {
      (char *)outputs[0].data + offset,
      (char *)outputs[1].data + offset,
      (char *)outputs[2].data + offset,
  };
  const void *const operands[3] = {
      (const char *)inputs[0].data + offset,
      (const char *)inputs[2].data + offset,
      (const char *)inputs[3].data + offset,
  };
  job->kernel(&job->step, results, operands, (const char *)inputs[1].data + offset, end - begin);
}

lk_status lk_adam(lk_context *context, const lk_instruction *instruction) {
  int32_t dtype = instruction->inputs[0].dtype;
  if (!lk_is_floating(dtype)) {
    return LK_ERROR_UNSUPPORTED;
  }
  adam_job job = {
      .instruction = instruction,
      .kernel = context->kernels->adam[dtype],
      .step =
          {
              .step_size = instruction->attributes.adam.step_size,
              .beta1 = instruction->attributes.adam.beta1,
              .beta2 = instruction->attributes.adam.beta2,
              .epsilon = instruction->attributes.adam.epsilon,
              .root_correction = instruction->attributes.adam.root_correction,
              .coupled_decay = instruction->attributes.adam.coupled_decay,
              .shrinkage = instruction->attributes.adam.shrinkage,
          },
      .element_size = lk_element_size(dtype),
  };
  lk_parallel_for(context, lk_count(&instruction->inputs[0]), LK_GRAIN, update_adam, &job);
  return LK_OK;
}
