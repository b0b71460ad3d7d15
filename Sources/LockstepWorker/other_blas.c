#include "other_blas.h"

#include <cblas.h>
#include <dlfcn.h>
#include <stdio.h>

/// How builds rename what they export: SciPy's and NumPy's wheels, and those with integers of 64 bits.
static const struct {
  const char *before, *behind;
  bool is_wide;
} affixes[] = {{"", "", false}, {"scipy_", "", false}, {"", "64_", true}, {"scipy_", "64_", true}};

typedef void (*narrow_multiply)(CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, int32_t, int32_t, int32_t, float,
                                const float *, int32_t, const float *, int32_t, float, float *, int32_t);
typedef void (*wide_multiply)(CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, int64_t, int64_t, int64_t, float,
                              const float *, int64_t, const float *, int64_t, float, float *, int64_t);

static void *find(void *handle, int affix, const char *name) {
  char symbol[64];
  snprintf(symbol, sizeof symbol, "%s%s%s", affixes[affix].before, name, affixes[affix].behind);
  return dlsym(handle, symbol);
}

static const char *text(void *handle, int affix, const char *name) {
  char *(*call)(void) = (char *(*)(void))find(handle, affix, name);
  return call == NULL ? NULL : call();
}

bool load_other_blas(const char *path, other_blas *library) {
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return false;
  }
  for (int affix = 0; affix < (int)(sizeof affixes / sizeof affixes[0]); affix++) {
    void (*set_threads)(int) = (void (*)(int))find(handle, affix, "openblas_set_num_threads");
    *library = (other_blas){
        .multiply = find(handle, affix, "cblas_sgemm"),
        .is_wide = affixes[affix].is_wide,
        .core = text(handle, affix, "openblas_get_corename"),
        .config = text(handle, affix, "openblas_get_config"),
    };
    if (library->multiply != NULL && set_threads != NULL && library->core != NULL && library->config != NULL) {
      set_threads(1);
      return true;
    }
  }
  fprintf(stderr, "%s is no OpenBLAS: it has no cblas_sgemm, or none that openblas_set_num_threads belongs to\n",
          path);
  return false;
}

void multiply_by_other_blas(const other_blas *library, int64_t rows, int64_t columns, int64_t inner, const float *a,
                            const float *b, float *c) {
  if (library->is_wide) {
    ((wide_multiply)library->multiply)(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, columns, inner, 1, a, inner, b,
                                       columns, 0, c, columns);
  } else {
    ((narrow_multiply)library->multiply)(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int32_t)rows, (int32_t)columns,
                                         (int32_t)inner, 1, a, (int32_t)inner, b, (int32_t)columns, 0, c,
                                         (int32_t)columns);
  }
}
