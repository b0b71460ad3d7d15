/// The memory that a host and a worker share: what lies where, and who writes what.
///
/// The control memory holds one lk_link: a ring of commands with a counter at either end, what the worker
/// says about itself, and its first failure. The data memory is one sparse file;
/// windows of it, called segments, are mapped by both sides when they are first used. Operands are given by
/// segment and offset, never by address, since the two sides map them at different ones.
///
/// Both sides may be of different architectures: all types have one layout wherever pointers have 64 bits
/// and the lowest byte comes first, and `command_size` guards that.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lockstep_kernels.h"

#define LK_LINK_VERSION 1
/// Commands that can wait; a training step has some dozens.
#define LK_LINK_RING_SIZE 256
/// An operand's `data` is `segment << LK_SEGMENT_SHIFT | offset`.
#define LK_SEGMENT_SHIFT 40
/// How many segments there can be at once.
#define LK_SEGMENT_LIMIT 4096

/// What the worker can be told to do.
enum {
  LK_COMMAND_EXECUTE = 1,
  LK_COMMAND_MAP_SEGMENT = 2,
  LK_COMMAND_UNMAP_SEGMENT = 3,
  LK_COMMAND_POISON = 4
};

/// A window of the data file.
typedef struct {
  uint64_t number;
  uint64_t file_offset;
  uint64_t byte_count;
} lk_segment;

/// Memory to be filled with 0xFF bytes, which are NaN to floating-point tensors.
typedef struct {
  uint64_t data;
  uint64_t byte_count;
} lk_poison;

typedef struct {
  uint32_t kind;
  uint32_t reserved;
  union {
    lk_instruction instruction;
    lk_segment segment;
    lk_poison poison;
  } body;
} lk_command;

/// What the worker finds out about itself.
typedef struct {
  int32_t threads;
  int32_t is_translated;
  char architecture[16];
  char isa_level[16];
  char blas_core[32];
  char blas_library[208];
  /// How it knows whether it is translated: findings joined by "; ".
  char evidence[512];
} lk_handshake;

/// The first thing the worker could not do.
typedef struct {
  lk_status status;
  /// The command's number.
  uint64_t command;
  /// How much memory it missed, where that is the status.
  int64_t missing_bytes;
} lk_failure;

/// Which protocol a side speaks; both zero before the worker says so.
typedef struct {
  uint32_t version;
  uint32_t command_size;
} lk_protocol;

/// The control memory, laid out in link.c.
typedef struct lk_link lk_link;

/// How long one side spins before it sleeps: longer after spinning paid off, shorter after it did not.
typedef struct {
  uint32_t rounds;
  uint32_t most_rounds;
} lk_spin;

/// A spin budget; without a processor to spare, spinning would keep the other side from its work.
lk_spin lk_spin_create(bool has_spare_processor);

/// The protocol of the code that calls this.
lk_protocol lk_link_own_protocol(void);

/// Where a command is, or is to be written.
lk_command *lk_link_slot(lk_link *link, uint64_t command);

/// The first failure; its status is LK_OK if there was none.
lk_failure lk_link_failure(const lk_link *link);

// The host's side.

/// How many bytes of control memory there are.
size_t lk_link_size(void);

/// Fills in what the host writes before it starts the worker.
void lk_link_initialize(lk_link *link);

/// Gives the next command, which lies in its slot, to the worker, and wakes it if it sleeps.
void lk_link_publish(lk_link *link);

/// How many commands are done.
uint64_t lk_link_done(const lk_link *link);

/// Waits until `count` commands are done: spins, then sleeps at most `milliseconds`. Returns whether they are.
bool lk_link_wait_until_done(lk_link *link, uint64_t count, lk_spin *spin, int milliseconds);

/// Waits at most `milliseconds` for the worker's handshake. Returns whether it is there.
bool lk_link_wait_until_ready(lk_link *link, int milliseconds);

/// The handshake of a worker that is ready.
const lk_handshake *lk_link_handshake(const lk_link *link);

/// The protocol the worker speaks, ready or not.
lk_protocol lk_link_worker_protocol(const lk_link *link);

// The worker's side.

/// Says which protocol this worker speaks, and returns which one the host does.
lk_protocol lk_link_meet_host(lk_link *link);

/// Gives the handshake.
void lk_link_announce(lk_link *link, const lk_handshake *handshake);

/// Waits until more than `count` commands were given.
void lk_link_wait_for_command(lk_link *link, uint64_t count, lk_spin *spin);

/// Records a failure unless there was one.
void lk_link_fail(lk_link *link, lk_failure failure);

/// Says that `count` commands are done, and wakes the host if that is what it waits for.
void lk_link_complete(lk_link *link, uint64_t count);
