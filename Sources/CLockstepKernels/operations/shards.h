/// Sums over all pixels of a batch in shards that belong to the shape and not to the threads, so that any number
/// of threads, and later of processes, gives the same bits.
#pragma once

#include "convolution.h"

enum { LK_MOST_SHARDS = 16 };

/// Into how many shards the output pixels of a convolution are cut for the gradient at its weight.
int64_t lk_count_shards(const lk_convolution *shape);

/// The first row of output pixels of a shard, counted through the batch: whole images where there are enough.
int64_t lk_shard_begin(const lk_convolution *shape, int64_t shards, int64_t shard);

/// Adds the partial sums of all shards into the first's, in a binary tree. `partials` are those of the others,
/// one behind the other.
void lk_add_partials(lk_context *context, int32_t dtype, char *first, char *partials, int64_t elements,
                     int64_t shards);
