/// Which levels exist on this architecture and run on this CPU.
#include "isa.h"

#include <string.h>

extern const lk_kernel_table lk_kernels_scalar;
#if defined(__x86_64__)
extern const lk_kernel_table lk_kernels_x86_64_v2;
extern const lk_kernel_table lk_kernels_x86_64_v3;
extern const lk_kernel_table lk_kernels_x86_64_v4;
#elif defined(__aarch64__)
extern const lk_kernel_table lk_kernels_neon;
#endif

static const char *const names[] = {
    [LK_ISA_SCALAR] = "scalar",       [LK_ISA_X86_64_V2] = "x86-64-v2", [LK_ISA_X86_64_V3] = "x86-64-v3",
    [LK_ISA_X86_64_V4] = "x86-64-v4", [LK_ISA_NEON] = "neon",
};

enum { level_count = sizeof names / sizeof names[0] };

const lk_kernel_table *lk_isa_kernels(lk_isa isa) {
  switch (isa) {
#if defined(__x86_64__)
    case LK_ISA_X86_64_V2:
      return &lk_kernels_x86_64_v2;
    case LK_ISA_X86_64_V3:
      return &lk_kernels_x86_64_v3;
    case LK_ISA_X86_64_V4:
      return &lk_kernels_x86_64_v4;
#elif defined(__aarch64__)
    case LK_ISA_NEON:
      return &lk_kernels_neon;
#endif
    default:
      return &lk_kernels_scalar;
  }
}

#if defined(__x86_64__)

static bool cpu_has_v2(void) { return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt"); }

static bool cpu_has_v3(void) {
  return cpu_has_v2() && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
         __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}

static bool cpu_has_v4(void) {
  return cpu_has_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512cd");
}

#endif

bool lk_isa_available(lk_isa isa) {
  switch (isa) {
    case LK_ISA_SCALAR:
      return true;
#if defined(__x86_64__)
    case LK_ISA_X86_64_V2:
      return cpu_has_v2();
    case LK_ISA_X86_64_V3:
      return cpu_has_v3();
    case LK_ISA_X86_64_V4:
      return cpu_has_v4();
#elif defined(__aarch64__)
    case LK_ISA_NEON:
      return true;
#endif
    default:
      return false;
  }
}

lk_isa lk_isa_best(void) {
  for (int isa = level_count - 1; isa > LK_ISA_SCALAR; isa--) {
    if (lk_isa_available((lk_isa)isa)) {
      return (lk_isa)isa;
    }
  }
  return LK_ISA_SCALAR;
}

const char *lk_isa_name(lk_isa isa) {
  int index = (int)isa;
  return index >= 0 && index < level_count ? names[index] : "unknown";
}

int lk_isa_named(const char *name) {
  for (int isa = 0; isa < level_count; isa++) {
    if (strcmp(names[isa], name) == 0) {
      return isa;
    }
  }
  return -1;
}
