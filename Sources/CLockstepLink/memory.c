#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "include/lockstep_memory.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__linux__)

int lk_memory_create(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

void lk_memory_discard(int descriptor, uint64_t offset, uint64_t byte_count) {
  fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)offset, (off_t)byte_count);
}

#else

// A temporary file: POSIX shared memory can't grow on macOS. Never run, for want of such a machine.

int lk_memory_create(const char *name) {
  char path[1024];
  const char *folder = getenv("TMPDIR");
  snprintf(path, sizeof path, "%s/%s-XXXXXX", folder != NULL ? folder : "/tmp", name);
  int descriptor = mkstemp(path);
  if (descriptor >= 0) {
    unlink(path);
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  }
  return descriptor;
}

void lk_memory_discard(int descriptor, uint64_t offset, uint64_t byte_count) {
  (void)descriptor;
  (void)offset;
  (void)byte_count;
}

#endif

bool lk_memory_would_fit(uint64_t byte_count) {
  void *memory = mmap(NULL, byte_count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
  if (memory == MAP_FAILED) {
    return false;
  }
  munmap(memory, byte_count);
  return true;
}
