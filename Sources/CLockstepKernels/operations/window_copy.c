/// Parts of images with their padding, as dense blocks of memory: what the inner loops of a convolution read,
/// so that they need not ask at each tap whether it lies in the image.
#include <string.h>

#include "convolution.h"

/// A quarter of the second-level cache of current cores, which also holds the weight and the output.
static const int64_t band_bytes = 256 * 1024;

/// A small convolution is cut into at least about this many bands.
static const int64_t wanted_bands = 16;

void lk_copy_window(const lk_image_window *window, char *target) {
  int64_t pixel = window->pixel_bytes;
  int64_t before = lk_minimum(window->columns, lk_maximum(0, -window->first_column));
  int64_t last = lk_minimum(window->columns, window->width - window->first_column);
  int64_t inside = lk_maximum(0, last - before);
  int64_t behind = window->columns - before - inside;
  for (int64_t row = 0; row < window->rows; row++) {
    int64_t y = window->first_row + row;
    if (y < 0 || y >= window->height) {
      memset(target, 0, (size_t)(window->columns * pixel));
    } else {
      int64_t x = window->first_column + before;
      const char *source = window->image + (y * window->width + x) * pixel;
      memset(target, 0, (size_t)(before * pixel));
      memcpy(target + before * pixel, source, (size_t)(inside * pixel));
      memset(target + (before + inside) * pixel, 0, (size_t)(behind * pixel));
    }
    target += window->columns * pixel;
  }
}

int64_t lk_rows_per_band(int64_t batch, int64_t rows, int64_t row_bytes) {
  int64_t fitting = lk_maximum(1, band_bytes / lk_maximum(1, row_bytes));
  int64_t fair_share = lk_divide_up(batch * rows, wanted_bands);
  return lk_maximum(1, lk_minimum(rows, lk_minimum(fitting, fair_share)));
}
