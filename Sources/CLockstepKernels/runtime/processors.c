/// The scheduler's affinity mask, and on Linux the CPU quota of the process's control group (version 2),
/// which is how containers are limited: the smaller of the two.
#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#endif

#include "../include/lockstep_kernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__linux__)

static int processors_of_affinity(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) {
    // More processors than a cpu_set_t counts.
    return (int)sysconf(_SC_NPROCESSORS_ONLN);
  }
  return CPU_COUNT(&set);
}

/// The quota of one control group in whole processors, rounded up; `limit` if it has none.
static int quota_of_group(const char *group, int limit) {
  char path[4200];
  snprintf(path, sizeof path, "/sys/fs/cgroup%s/cpu.max", group);
  FILE *file = fopen(path, "r");
  if (file == NULL) {
    return limit;
  }
  long long quota = 0;
  long long period = 0;
  // An unlimited group says "max", which is no number.
  bool limited = fscanf(file, "%lld %lld", &quota, &period) == 2 && quota > 0 && period > 0;
  fclose(file);
  if (!limited) {
    return limit;
  }
  long long processors = (quota + period - 1) / period;
  return processors < limit ? (int)processors : limit;
}

/// The path of this process's version 2 group, such as "/user.slice", or "" where there is none.
static void read_group(char *group, size_t size) {
  group[0] = 0;
  FILE *file = fopen("/proc/self/cgroup", "r");
  if (file == NULL) {
    return;
  }
  char line[4096];
  while (fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, "0::/", 4) == 0) {
      line[strcspn(line, "\n")] = 0;
      snprintf(group, size, "%s", line + 3);
    }
  }
  fclose(file);
}

/// A quota may be set on any group above the process's own.
static int processors_of_quota(int limit) {
  char group[4096];
  read_group(group, sizeof group);
  for (;;) {
    limit = quota_of_group(group, limit);
    char *last = strrchr(group, '/');
    if (last == NULL) {
      return limit;
    }
    *last = 0;
  }
}

int lk_available_processors(void) {
  int processors = processors_of_quota(processors_of_affinity());
  return processors > 0 ? processors : 1;
}

#else

int lk_available_processors(void) {
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  return processors > 0 ? (int)processors : 1;
}

#endif
