/// Products of dense layers.
///
/// OpenBLAS packs both matrices before it multiplies. With few rows, or a short inner dimension, a number
/// that is packed is used too seldom for that to pay. Here matrices are read where they lie, as a convolution
/// reads its images: the kernels are that of a row of pixels, and, where A is transposed, that of the
/// weight's gradient. Only panels of a transposed B, and of one whose rows are long, are copied. Each element
/// adds its terms in order, to one accumulator: neither cutting nor threads show in the bits.
///
/// GFLOP/s of the dense layer 3136 to 128 and 64 images, float32, on a core of a Zen 4 whose peak is 114 to
/// 118: forward 117 where OpenBLAS 0.3.21 in blocks has 88, gradient at the input 73 to 63, at the weight 83
/// to 80.
#include "direct_product.h"

#include "turn.h"

/// Multiplications of a task; some 20 µs.
static const int64_t task_work = 1 << 20;

/// OpenBLAS has kernels that don't pack for products of so many multiplications at most; they are faster.
static const int64_t smallest_work = 1000 * 1000;
/// With fewer rows a panel is copied for too little.
static const int64_t smallest_rows = 16;
/// Half of the second-level cache. A B that fits is read anew for each tile; else A is, for each panel of B.
static const int64_t largest_cached = 128 * 1024;
/// Where panels are copied A is read for each of them: it must stay in a cache.
static const int64_t largest_reread = 512 * 1024;
/// The rows of a wider matrix are so far apart that no panel of it is fetched ahead, …
static const int64_t widest_in_place = 256;
/// … unless the matrix stays in the cache nearest by.
static const int64_t largest_in_place = 64 * 1024;

typedef struct {
  const lk_product *product;
  const lk_kernel_table *kernels;
  int64_t element_size;
  int64_t panel_columns, panels;
  int64_t tiles, parts; // of the rows: what a kernel takes at a time, and a task
  bool rows_first;
  bool copies;
  char *buffers; // a panel for each thread
  int64_t buffer_bytes;
} direct_job;

/// Columns of B as the kernels read them.
typedef struct {
  int64_t index, first, width;
  const char *data;
  int64_t stride;
} panel;

static panel read_panel(const direct_job *job, int64_t index, char *buffer) {
  const lk_product *product = job->product;
  const lk_matrix *b = &product->b;
  int64_t size = job->element_size;
  int64_t first = index * job->panel_columns;
  int64_t width = lk_minimum(job->panel_columns, product->n - first);
  if (!job->copies) {
    return (panel){index, first, width, (const char *)b->data + first * size, b->stride};
  }
  if (b->transposed) {
    lk_turn(size, buffer, job->panel_columns, (const char *)b->data + first * b->stride * size, b->stride,
            width, product->k);
  } else {
    lk_copy_rows(buffer, job->panel_columns * size, (const char *)b->data + first * size, b->stride * size,
                 width * size, product->k);
  }
  return (panel){index, first, width, buffer, job->panel_columns};
}

/// Rows first ..< last of the result, at most a tile of them.
static void multiply_rows(const direct_job *job, int64_t first, int64_t last, const panel *panel) {
  const lk_product *product = job->product;
  int64_t size = job->element_size;
  int64_t start = first * (product->a.transposed ? 1 : product->a.stride);
  const char *a = (const char *)product->a.data + start * size;
  char *c = product->c + (first * product->n + panel->first) * size;
  if (product->a.transposed) {
    lk_weight_gradient_run run = {
        .input = a,
        .input_stride = product->a.stride,
        .terms = last - first,
        .gradient = panel->data,
        .gradient_stride = panel->stride,
        .rows = 1,
        .pixels = product->k,
        .weight = c,
        .weight_stride = product->n,
        .channels = panel->width,
        .is_first = true,
    };
    job->kernels->add_weight_gradient[product->dtype](&run);
    return;
  }
  const int64_t here = 0;
  lk_convolution_row row = {
      .input = a,
      .input_stride = product->a.stride,
      .offsets = &here,
      .runs = 1,
      .run_length = product->k,
      .weight = panel->data,
      .weight_stride = panel->stride,
      .output = c,
      .output_stride = product->n,
      .pixels = last - first,
      .channels = panel->width,
  };
  job->kernels->convolve_row[product->dtype](&row);
}

/// Tasks begin ..< end of [parts of the rows, panels] or [panels, parts].
static void multiply(void *arguments, int64_t begin, int64_t end, int worker) {
  const direct_job *job = arguments;
  char *buffer = job->buffers + worker * job->buffer_bytes;
  int64_t rows = job->product->m;
  panel panel = {.index = -1};
  for (int64_t task = begin; task < end; task++) {
    int64_t part = job->rows_first ? task / job->panels : task % job->parts;
    int64_t index = job->rows_first ? task % job->panels : task / job->parts;
    if (index != panel.index) {
      panel = read_panel(job, index, buffer);
    }
    for (int64_t tile = job->tiles * part / job->parts; tile < job->tiles * (part + 1) / job->parts; tile++) {
      multiply_rows(job, rows * tile / job->tiles, rows * (tile + 1) / job->tiles, &panel);
    }
  }
}

static bool copies_panels(const lk_product *product) {
  return product->b.transposed ||
         (product->n > widest_in_place && product->n * product->k > largest_in_place);
}

bool lk_direct_product_pays(const lk_context *context, const lk_product *product) {
  // Measured against OpenBLAS 0.3.21 for 8 to 12544 rows, columns and depth: at x86-64-v3, and in float64, it
  // is OpenBLAS that is faster.
  if (context->kernels->isa != LK_ISA_X86_64_V4 || product->dtype != LK_FLOAT32 || product->batches != 1) {
    return false;
  }
  int64_t vector = context->kernels->block_channels[product->dtype] / 2;
  double work = (double)product->m * (double)product->n * (double)product->k;
  return product->m >= smallest_rows && product->n > vector && product->n % vector == 0 &&
         work > (double)smallest_work &&
         !(copies_panels(product) && product->m * product->k > largest_reread);
}

lk_status lk_direct_product(lk_context *context, const lk_product *product) {
  const lk_kernel_table *kernels = context->kernels;
  int64_t block = kernels->block_channels[product->dtype];
  direct_job job = {
      .product = product,
      .kernels = kernels,
      .element_size = lk_element_size(product->dtype),
      .panel_columns = block,
      .panels = lk_divide_up(product->n, block),
      .tiles = lk_divide_up(product->m, kernels->tile_rows),
      .rows_first = product->n * product->k <= largest_cached,
      .copies = copies_panels(product),
  };
  // A panel is not copied twice.
  job.parts = job.copies ? 1 : job.tiles;
  job.buffer_bytes = job.copies ? product->k * block * job.element_size : 0;
  job.buffers =
      lk_scratch_allocate(&context->scratch, lk_thread_pool_threads(context->pool), job.buffer_bytes);
  if (job.buffers == NULL) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  int64_t work = lk_maximum(1, product->m * product->k * block / job.parts);
  lk_parallel_for(context, job.parts * job.panels, lk_maximum(1, task_work / work), multiply, &job);
  return LK_OK;
}
