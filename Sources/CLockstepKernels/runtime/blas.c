/// OpenBLAS takes a buffer of 128 MiB of address space for every thread that is inside of it, when that first
/// happens, and keeps it. Where the system refuses it asks again, for ever (blas_memory_alloc in 0.3.21): a
/// training would hang in the middle instead of failing. So the buffers are taken at the start, after a look
/// at whether they are to be had.
#include "blas.h"

#include <cblas.h>
#include <stddef.h>
#include <sys/mman.h>

#include "../include/lockstep_kernels.h"

/// BUFFER_SIZE of OpenBLAS on x86-64 and arm64, with room for alignment.
static const size_t buffer_size = (128 << 20) + (64 << 10);

/// More callers than this find their buffers when they come.
enum { most_buffers = 64 };

/// OpenBLAS exports these without declaring them; a library without them is left to itself.
extern void *blas_memory_alloc(int purpose) __attribute__((weak));
extern void blas_memory_free(void *buffer) __attribute__((weak));

/// Whether so much memory could be had now.
static bool can_map(size_t size) {
  void *probe = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (probe == MAP_FAILED) {
    return false;
  }
  munmap(probe, size);
  return true;
}

bool lk_blas_prepare(int callers) {
  openblas_set_num_threads(1);
  if (blas_memory_alloc == NULL || blas_memory_free == NULL) {
    return true;
  }
  int count = callers < most_buffers ? callers : most_buffers;
  if (!can_map((size_t)count * buffer_size)) {
    return false;
  }
  void *buffers[most_buffers];
  for (int index = 0; index < count; index++) {
    buffers[index] = blas_memory_alloc(0);
  }
  for (int index = 0; index < count; index++) {
    blas_memory_free(buffers[index]);
  }
  return true;
}

const char *lk_blas_core(void) { return openblas_get_corename(); }

const char *lk_blas_config(void) { return openblas_get_config(); }
