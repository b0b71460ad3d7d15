/// Every operation of Lockstep in C, behind one call: lk_execute.
///
/// The same sources are compiled into the framework (the native backend) and into the worker that runs under
/// a binary translator (the emulated backend). An lk_instruction is plain data of fixed size, so that it can
/// be written into shared memory as it is. How results are checked is in lockstep_check.h.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LK_MAX_RANK 8
#define LK_MAX_INPUTS 6
#define LK_MAX_OUTPUTS 3

/// Element types; the numbers are those of LockstepCore's DType.
enum {
  LK_FLOAT32 = 0,
  LK_FLOAT64 = 1,
  LK_INT64 = 2,
  LK_INT32 = 3,
  LK_UINT8 = 4,
  LK_BOOL = 5
};

/// Operations; each is documented at the case of LockstepCore's Operation that bears its name.
enum {
  LK_FILL = 0,
  LK_RESHAPE = 1,
  LK_BROADCAST = 2,
  LK_TRANSPOSE = 3,
  LK_SLICE = 4,
  LK_PAD = 5,
  LK_CONCATENATE = 6,
  LK_GATHER = 7,
  LK_SCATTER_ADD = 8,
  LK_CAST = 9,
  LK_UNARY = 10,
  LK_BINARY = 11,
  LK_SELECT = 12,
  LK_REDUCE = 13,
  LK_ARG_REDUCE = 14,
  LK_SOFTMAX = 15,
  LK_SOFTMAX_GRADIENT = 16,
  LK_LOG_SOFTMAX = 17,
  LK_LOG_SOFTMAX_GRADIENT = 18,
  LK_MATMUL = 19,
  LK_CONV2D = 20,
  LK_CONV2D_INPUT_GRADIENT = 21,
  LK_CONV2D_WEIGHT_GRADIENT = 22,
  LK_MAX_POOL2D = 23,
  LK_MAX_POOL2D_GRADIENT = 24,
  LK_MAX_POOL2D_GATHER = 25,
  LK_AVERAGE_POOL2D = 26,
  LK_AVERAGE_POOL2D_GRADIENT = 27,
  LK_SOFTMAX_CROSS_ENTROPY = 28,
  LK_SOFTMAX_CROSS_ENTROPY_GRADIENT = 29,
  LK_SGD = 30,
  LK_BATCH_NORM = 31,
  LK_BATCH_NORM_GRADIENT = 32,
  LK_BATCH_NORM_INFERENCE = 33,
  LK_FUSED_CONV2D = 34,
  LK_FUSED_CONV2D_INPUT_GRADIENT = 35,
  LK_FUSED_CONV2D_WEIGHT_GRADIENT = 36,
  LK_GROUP_NORM = 37,
  LK_GROUP_NORM_GRADIENT = 38,
  LK_ADAM = 39,
  LK_OPCODE_COUNT = 40
};

/// Unary functions; the numbers are those of LockstepCore's UnaryFunction.
enum {
  LK_NEGATE = 0,
  LK_ABSOLUTE = 1,
  LK_SQUARE = 2,
  LK_SIGN = 3,
  LK_RELU = 4,
  LK_EXP = 5,
  LK_EXPM1 = 6,
  LK_LOG = 7,
  LK_LOG1P = 8,
  LK_SQRT = 9,
  LK_RSQRT = 10,
  LK_RECIPROCAL = 11,
  LK_TANH = 12,
  LK_SIGMOID = 13,
  LK_SOFTPLUS = 14,
  LK_ERF = 15,
  LK_SIN = 16,
  LK_COS = 17,
  LK_FLOOR = 18,
  LK_CEIL = 19,
  LK_ROUND = 20,
  LK_LOGICAL_NOT = 21
};

/// Binary functions; the numbers are those of LockstepCore's BinaryFunction.
enum {
  LK_ADD = 0,
  LK_SUBTRACT = 1,
  LK_MULTIPLY = 2,
  LK_DIVIDE = 3,
  LK_POWER = 4,
  LK_MAXIMUM = 5,
  LK_MINIMUM = 6,
  LK_EQUAL = 7,
  LK_NOT_EQUAL = 8,
  LK_LESS = 9,
  LK_LESS_OR_EQUAL = 10,
  LK_GREATER = 11,
  LK_GREATER_OR_EQUAL = 12,
  LK_LOGICAL_AND = 13,
  LK_LOGICAL_OR = 14,
  LK_RELU_GRADIENT = 15,
  LK_TANH_GRADIENT = 16,
  LK_SIGMOID_GRADIENT = 17,
  LK_ADD_RELU = 18
};

/// Reductions and extrema; the numbers are those of LockstepCore's Reduction and Extremum.
enum { LK_SUM = 0, LK_MEAN = 1, LK_REDUCE_MAX = 2, LK_REDUCE_MIN = 3, LK_SUM_OF_SQUARES = 4 };
enum { LK_ARG_MAX = 0, LK_ARG_MIN = 1 };

/// How a convolution is computed; the numbers are those of LockstepCore's ConvolutionAlgorithm.
enum { LK_DIRECT = 0, LK_WINOGRAD = 1 };

/// What lk_execute returns.
typedef enum {
  LK_OK = 0,
  LK_ERROR_OUT_OF_MEMORY = 1,
  LK_ERROR_INDEX_OUT_OF_RANGE = 2,
  LK_ERROR_UNSUPPORTED = 3
} lk_status;

/// A dense, row-major tensor. Memory belongs to the caller; no output overlaps an input or another output, but that
/// LK_SGD and LK_ADAM may write parameter, velocity and moments over what they were.
typedef struct {
  void *data;
  int64_t shape[LK_MAX_RANK];
  int32_t rank;
  int32_t dtype;
} lk_tensor;

/// How a window moves over an image.
typedef struct {
  int32_t stride_height, stride_width;
  int32_t padding_top, padding_bottom, padding_left, padding_right;
  int32_t dilation_height, dilation_width;
} lk_window;

typedef union {
  struct {
    double real;
    int64_t integer;
    bool is_integer;
  } fill;
  struct {
    int32_t permutation[LK_MAX_RANK];
  } transpose;
  struct {
    int64_t starts[LK_MAX_RANK];
    int64_t steps[LK_MAX_RANK];
  } slice;
  struct {
    int64_t low[LK_MAX_RANK];
    int64_t interior[LK_MAX_RANK];
  } pad;
  struct {
    int32_t axis;
  } along_axis; // concatenate, gather, scatter-add
  struct {
    int32_t function;
  } elementwise; // unary, binary
  struct {
    int32_t function;
    uint32_t axes; // bit i: axis i is reduced
  } reduce;
  struct {
    int32_t extremum;
    int32_t axis;
  } arg_reduce;
  struct {
    bool transpose_a, transpose_b;
  } matmul;
  struct {
    lk_window window;
    int32_t groups;
    int32_t algorithm;
    int32_t pool_height, pool_width; // fused: 0 where there is no pool
    bool relu;                       // fused
  } conv2d; // fused or not, and its gradients; sizes are those of the operands
  struct {
    lk_window window;
    int32_t kernel_height, kernel_width;
    bool counts_padding;
  } pool2d; // and its gradients
  struct {
    double label_smoothing;
  } cross_entropy;
  struct {
    double learning_rate, momentum, weight_decay;
    bool nesterov;
  } sgd;
  struct {
    double step_size, beta1, beta2, epsilon;
    double root_correction; // what the root of the mean square is divided by
    double coupled_decay;   // times the parameter: added to the gradient
    double shrinkage;       // what the parameter is multiplied by
  } adam;
  struct {
    double epsilon;
    bool relu;
  } batch_norm; // and its gradient, and that with given statistics
  struct {
    double epsilon;
    int64_t groups;
  } group_norm; // and its gradient
} lk_attributes;

/// One operation with its operands.
typedef struct {
  int32_t opcode;
  int32_t input_count;
  int32_t output_count;
  int32_t reserved;
  lk_tensor inputs[LK_MAX_INPUTS];
  lk_tensor outputs[LK_MAX_OUTPUTS];
  lk_attributes attributes;
} lk_instruction;

/// Instruction-set levels with kernels of their own.
typedef enum { LK_ISA_SCALAR = 0, LK_ISA_X86_64_V2, LK_ISA_X86_64_V3, LK_ISA_X86_64_V4, LK_ISA_NEON } lk_isa;

/// The best level this CPU runs.
lk_isa lk_isa_best(void);
/// Whether this CPU runs a level.
bool lk_isa_available(lk_isa isa);
/// A level's name: "scalar", "x86-64-v2", "x86-64-v3", "x86-64-v4", "neon".
const char *lk_isa_name(lk_isa isa);
/// The level of a name, or -1.
int lk_isa_named(const char *name);

/// How many processors this process may use: its affinity mask and the CPU quota of its container.
int lk_available_processors(void);

/// A thread pool, kernels of one ISA level, and scratch memory. One lk_execute at a time.
typedef struct lk_context lk_context;

/// Creates a context of `threads` threads (the caller is one of them), or NULL when memory or threads ran out
/// or the CPU doesn't run the level.
/// Sets OpenBLAS to one thread: the pool above it is the only source of parallelism.
lk_context *lk_context_create(int threads, lk_isa isa);
void lk_context_destroy(lk_context *context);
int lk_context_threads(const lk_context *context);
lk_isa lk_context_isa(const lk_context *context);
/// Measures how fast memory is: times `repetitions` passes of a[i] = b[i] + 3 · c[i] over arrays of `count`
/// doubles, on the context's threads. Returns how many were timed: none if there was no memory.
int lk_measure_triad(lk_context *context, int64_t count, int repetitions, double *seconds);
/// How many bytes of scratch memory could not be had when lk_execute last returned LK_ERROR_OUT_OF_MEMORY.
int64_t lk_context_missing_bytes(const lk_context *context);

/// The name of the kernel set OpenBLAS chose for this CPU, such as "Haswell".
const char *lk_blas_core(void);
/// OpenBLAS's version and build, one line.
const char *lk_blas_config(void);

/// Whether an LK_MATMUL is computed by OpenBLAS and not by kernels of our own. Only shapes and dtypes are looked at.
bool lk_matmul_is_blas(const lk_context *context, const lk_instruction *instruction);

/// Executes an instruction whose shapes and dtypes the caller has checked. The bits of the result depend on
/// the ISA level and the BLAS core, never on the number of threads.
lk_status lk_execute(lk_context *context, const lk_instruction *instruction);
