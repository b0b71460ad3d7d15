/// Large matrix products.
///
/// OpenBLAS, called for a block of the result, packs the block's rows of A and columns of B for itself; cut
/// into enough blocks for many threads, a product of 2000 × 2000 spends a tenth of its time on packing the same
/// numbers again. Here they are packed once, by all threads, and all threads read them. float32 on a core of a
/// Zen 4, whose peak is 114 GFLOP/s: 109, where OpenBLAS 0.3.21 and 0.3.34 alike have 95 in 16 blocks, 101 in
/// 4, 105 in 2; float64: 53, against 48, 52, 54. From 256 × 256 × 256 on it is 5 to 15 % faster than OpenBLAS
/// in blocks; with a short inner dimension, or few rows or columns, OpenBLAS is.
///
/// Loop order, as in Goto and van de Geijn, "Anatomy of high-performance matrix multiplication" (2008):
/// slices of the inner dimension; groups of tiles of rows and of panels of columns, which stay in the
/// second-level cache; tiles, in registers. The innermost loop is that of the convolution's weight gradient,
/// which is a product, too: it adds terms of the inner dimension in order, to one accumulator for each element.
/// So neither cutting nor threads show in the bits.
#include "packed_product.h"

#include <string.h>

#include "turn.h"

/// Bytes of a row of A or column of B in a slice: a group of panels is at most 1 MB.
static const int64_t slice_bytes = 4096;
/// Panels of a task: some 0.2 ms of work for the fewest tiles, 0.4 ms for the most.
static const int64_t panels_per_task = 8;
/// Each tile of a task reads the panels again. All but the first find them in the second-level cache: many are
/// better, where there are tasks enough for all threads to end together.
static const int64_t fewest_tiles_per_task = 4, most_tiles_per_task = 8;
/// So many tasks of the most tiles are enough.
static const int64_t enough_tasks_per_thread = 16;

/// Below these OpenBLAS is as fast or faster.
static const int64_t smallest_edge = 256, smallest_depth = 256;
static const int64_t smallest_work = 256 * 256 * 256;

typedef struct {
  lk_product product; // one of the batch
  lk_weight_gradient_kernel multiply;
  int64_t element_size;
  int64_t tile_rows, panel_columns;
  int64_t tiles, panels;
  int64_t first, depth; // the slice
  char *packed_a;       // [tiles][depth][rows of the tile]
  char *packed_b;       // [panels][depth][panel_columns]
  int64_t column_tasks, tiles_per_task;
} packed_job;

/// Packs `width` rows of A or columns of B, which begin at `index`; `along` is how far apart they lie and
/// `inner` how far apart the elements along the inner dimension.
static void pack(const packed_job *job, char *target, int64_t target_step, const lk_matrix *matrix,
                 int64_t index, int64_t along, int64_t inner, int64_t width) {
  const char *start = (const char *)matrix->data + (index * along + job->first * inner) * job->element_size;
  if (along == 1) {
    lk_copy_rows(target, target_step * job->element_size, start, inner * job->element_size,
                 width * job->element_size, job->depth);
  } else {
    lk_turn(job->element_size, target, target_step, start, along, width, job->depth);
  }
}

static int64_t tile_width(const packed_job *job, int64_t tile) {
  return lk_minimum(job->tile_rows, job->product.m - tile * job->tile_rows);
}

static int64_t panel_width(const packed_job *job, int64_t panel) {
  return lk_minimum(job->panel_columns, job->product.n - panel * job->panel_columns);
}

static char *packed_tile(const packed_job *job, int64_t tile) {
  return job->packed_a + tile * job->tile_rows * job->depth * job->element_size;
}

static char *packed_panel(const packed_job *job, int64_t panel) {
  return job->packed_b + panel * job->panel_columns * job->depth * job->element_size;
}

static void pack_tiles(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const packed_job *job = arguments;
  const lk_matrix *a = &job->product.a;
  for (int64_t tile = begin; tile < end; tile++) {
    int64_t width = tile_width(job, tile);
    pack(job, packed_tile(job, tile), width, a, tile * job->tile_rows, a->transposed ? 1 : a->stride,
         a->transposed ? a->stride : 1, width);
  }
}

/// Row by row: the rows of some panels lie together.
static void pack_rows(const packed_job *job, int64_t begin, int64_t end) {
  const lk_matrix *b = &job->product.b;
  int64_t panel_row = job->panel_columns * job->element_size;
  int64_t last = panel_width(job, end - 1) * job->element_size;
  for (int64_t i = 0; i < job->depth; i++) {
    const char *source = (const char *)b->data + (job->first + i) * b->stride * job->element_size;
    lk_copy_rows(packed_panel(job, begin) + i * panel_row, panel_row * job->depth, source + begin * panel_row,
                 panel_row, panel_row, end - 1 - begin);
    lk_copy_rows(packed_panel(job, end - 1) + i * panel_row, 0, source + (end - 1) * panel_row, 0, last, 1);
  }
}

static void pack_panels(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const packed_job *job = arguments;
  const lk_matrix *b = &job->product.b;
  if (panel_width(job, end - 1) < job->panel_columns) {
    // The kernel reads whole vectors.
    memset(packed_panel(job, end - 1), 0, (size_t)(job->panel_columns * job->depth * job->element_size));
  }
  if (!b->transposed) {
    pack_rows(job, begin, end);
    return;
  }
  for (int64_t panel = begin; panel < end; panel++) {
    pack(job, packed_panel(job, panel), job->panel_columns, b, panel * job->panel_columns, b->stride, 1,
         panel_width(job, panel));
  }
}

/// The kernel begins with what the tile holds; while it computes one, the next can come from memory.
static void prefetch_tile(const packed_job *job, const char *start, int64_t rows) {
  int64_t row_bytes = job->panel_columns * job->element_size;
  for (int64_t row = 0; row < rows; row++) {
    for (int64_t line = 0; line < row_bytes; line += 64) {
      __builtin_prefetch(start + row * job->product.n * job->element_size + line, 1);
    }
  }
}

/// Adds a slice's products to one tile of rows and panel of columns of the result.
static void multiply_tile(const packed_job *job, int64_t tile, int64_t panel) {
  const lk_product *product = &job->product;
  int64_t rows = tile_width(job, tile);
  int64_t offset = tile * job->tile_rows * product->n + panel * job->panel_columns;
  lk_weight_gradient_run run = {
      .input = packed_tile(job, tile),
      .input_stride = rows,
      .terms = rows,
      .gradient = packed_panel(job, panel),
      .gradient_stride = job->panel_columns,
      .rows = 1,
      .pixels = job->depth,
      .weight = product->c + offset * job->element_size,
      .weight_stride = product->n,
      .channels = panel_width(job, panel),
      .is_first = job->first == 0,
  };
  if (panel + 1 < job->panels) {
    prefetch_tile(job, (const char *)run.weight + job->panel_columns * job->element_size, rows);
  }
  job->multiply(&run);
}

/// Tasks begin ..< end of [groups of tiles, groups of panels].
static void multiply(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const packed_job *job = arguments;
  for (int64_t task = begin; task < end; task++) {
    int64_t first_tile = task / job->column_tasks * job->tiles_per_task;
    int64_t last_tile = lk_minimum(first_tile + job->tiles_per_task, job->tiles);
    int64_t first_panel = task % job->column_tasks * panels_per_task;
    int64_t last_panel = lk_minimum(first_panel + panels_per_task, job->panels);
    for (int64_t tile = first_tile; tile < last_tile; tile++) {
      for (int64_t panel = first_panel; panel < last_panel; panel++) {
        multiply_tile(job, tile, panel);
      }
    }
  }
}

bool lk_packed_product_pays(const lk_context *context, const lk_product *product) {
  // Without FMA OpenBLAS's kernels are the better ones; on ARM64 nothing was measured.
  bool has_kernel = context->kernels->isa == LK_ISA_X86_64_V3 || context->kernels->isa == LK_ISA_X86_64_V4;
  double work = (double)product->m * (double)product->n * (double)product->k;
  return has_kernel && lk_minimum(product->m, product->n) >= smallest_edge && product->k >= smallest_depth &&
         work >= (double)smallest_work;
}

static void multiply_slices(lk_context *context, packed_job *job, int64_t depth) {
  int64_t tasks = lk_divide_up(job->tiles, job->tiles_per_task) * job->column_tasks;
  for (job->first = 0; job->first < job->product.k; job->first += depth) {
    job->depth = lk_minimum(depth, job->product.k - job->first);
    lk_parallel_for(context, job->tiles, fewest_tiles_per_task, pack_tiles, job);
    lk_parallel_for(context, job->panels, panels_per_task, pack_panels, job);
    lk_parallel_for(context, tasks, 1, multiply, job);
  }
}

lk_status lk_packed_product(lk_context *context, const lk_product *product) {
  const lk_kernel_table *kernels = context->kernels;
  int64_t size = lk_element_size(product->dtype);
  packed_job job = {
      .product = *product,
      .multiply = kernels->add_weight_gradient[product->dtype],
      .element_size = size,
      .tile_rows = kernels->tile_rows,
      .panel_columns = kernels->block_channels[product->dtype],
  };
  job.tiles = lk_divide_up(product->m, job.tile_rows);
  job.panels = lk_divide_up(product->n, job.panel_columns);
  job.column_tasks = lk_divide_up(job.panels, panels_per_task);
  bool is_large = job.tiles * job.column_tasks >=
                  most_tiles_per_task * enough_tasks_per_thread * lk_thread_pool_threads(context->pool);
  job.tiles_per_task = is_large ? most_tiles_per_task : fewest_tiles_per_task;
  // Slices of nearly the same depth.
  int64_t depth = lk_divide_up(product->k, lk_divide_up(product->k * size, slice_bytes));
  job.packed_a = lk_scratch_allocate(&context->scratch, job.tiles * job.tile_rows * depth, size);
  job.packed_b = lk_scratch_allocate(&context->scratch, job.panels * job.panel_columns * depth, size);
  if (job.packed_a == NULL || job.packed_b == NULL) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  for (int64_t batch = 0; batch < product->batches; batch++) {
    multiply_slices(context, &job, depth);
    job.product.a.data = (const char *)job.product.a.data + product->m * product->k * size;
    job.product.b.data = (const char *)job.product.b.data + product->k * product->n * size;
    job.product.c += product->m * product->n * size;
  }
  return LK_OK;
}
