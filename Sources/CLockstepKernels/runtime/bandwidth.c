/// How fast memory is: the triad of McCalpin's STREAM, a[i] = b[i] + scale · c[i], on the context's threads.
///
/// Every array is cut into as many parts as there are threads, so that each page is first touched by a thread
/// that works on it. The bytes counted are those the program asks for, three arrays; that a cache line is read
/// before it is written is not counted, as STREAM has it.
#include "context.h"

#include <stdlib.h>
#include <time.h>

#include "../include/lockstep_kernels.h"

typedef struct {
  double *restrict a;
  double *restrict b;
  double *restrict c;
} triad_arrays;

static void fill_arrays(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const triad_arrays *arrays = arguments;
  for (int64_t i = begin; i < end; ++i) {
    arrays->a[i] = 0;
    arrays->b[i] = 1;
    arrays->c[i] = 2;
  }
}

static void triad(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const triad_arrays *arrays = arguments;
  double *restrict a = arrays->a;
  const double *restrict b = arrays->b;
  const double *restrict c = arrays->c;
  const double scale = 3;
  for (int64_t i = begin; i < end; ++i) {
    a[i] = b[i] + scale * c[i];
  }
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

int lk_measure_triad(lk_context *context, int64_t count, int repetitions, double *seconds) {
  triad_arrays arrays = {
      .a = malloc(sizeof(double) * (size_t)count),
      .b = malloc(sizeof(double) * (size_t)count),
      .c = malloc(sizeof(double) * (size_t)count),
  };
  int measured = 0;
  if (arrays.a != NULL && arrays.b != NULL && arrays.c != NULL) {
    int64_t grain = lk_divide_up(count, lk_context_threads(context));
    lk_parallel_for(context, count, grain, fill_arrays, &arrays);
    for (; measured < repetitions; ++measured) {
      double begin = now();
      lk_parallel_for(context, count, grain, triad, &arrays);
      seconds[measured] = now() - begin;
    }
  }
  free(arrays.a);
  free(arrays.b);
  free(arrays.c);
  return measured;
}
