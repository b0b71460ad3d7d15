/// Spin, then sleep. Who wants to sleep says so, looks again, and sleeps only while the counter has its old
/// value; who advances a counter stores it, then looks whether the other side sleeps. All four are
/// sequentially consistent, so one of the two always sees the other and no wake-up is lost, and a side that
/// is awake costs no system call.
#include "include/lockstep_link.h"

#include <stdatomic.h>
#include <string.h>

#include "wait.h"

static const uint64_t magic = UINT64_C(0x4b4e494c54534b4c); // "LKSTLINK"

/// `wake_host_at` while the host is awake.
static const uint64_t awake = UINT64_MAX;

enum { STARTING = 0, READY = 1 };

/// The host alone advances `head`, the worker alone `tail`. Every word that changes has one writer, and a
/// cache line of its own, so that one side's news does not slow the other's work.
struct lk_link {
  // Written by the host before it starts the worker.
  uint64_t magic;
  lk_protocol host_protocol;

  // Written by the worker when it starts, whatever the host's version is: it stays in this place.
  _Alignas(64) lk_protocol worker_protocol;
  lk_handshake handshake;
  /// Written last: who sees READY sees the handshake.
  _Alignas(64) _Atomic uint32_t state;

  /// How many commands were given.
  _Alignas(64) _Atomic uint64_t head;
  /// How many commands are done.
  _Alignas(64) _Atomic uint64_t tail;
  /// The count of done commands at which the sleeping host wants to be woken.
  _Alignas(64) _Atomic uint64_t wake_host_at;
  _Alignas(64) _Atomic uint32_t worker_sleeps;

  /// The first failure, an lk_status. Written once, after its details and before the tail passes the command.
  _Alignas(64) _Atomic uint32_t failure_status;
  uint64_t failed_command;
  int64_t missing_bytes;

  _Alignas(64) lk_command ring[LK_LINK_RING_SIZE];
};

_Static_assert(sizeof(void *) == 8, "operands are 64-bit offsets");
_Static_assert(offsetof(lk_link, worker_protocol) == 64, "the protocols must stay where they are");

/// Tells the core that it spins, so that it saves power and yields to its hyper-thread.
static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb" ::: "memory");
#endif
}

enum { fewest_rounds = 16 };

lk_spin lk_spin_create(bool has_spare_processor) {
  uint32_t most = has_spare_processor ? 4000 : 100;
  return (lk_spin){.rounds = most, .most_rounds = most};
}

/// Whether a counter reached `count` while spinning.
static bool spin_until(const _Atomic uint64_t *counter, uint64_t count, lk_spin *spin) {
  if (atomic_load(counter) >= count) {
    return true;
  }
  for (uint32_t round = 0; round < spin->rounds; round++) {
    relax();
    if (atomic_load_explicit(counter, memory_order_acquire) >= count) {
      uint32_t longer = spin->rounds * 2;
      spin->rounds = longer < spin->most_rounds ? longer : spin->most_rounds;
      return true;
    }
  }
  uint32_t shorter = spin->rounds / 2;
  spin->rounds = shorter > fewest_rounds ? shorter : fewest_rounds;
  return false;
}

lk_protocol lk_link_own_protocol(void) {
  return (lk_protocol){.version = LK_LINK_VERSION, .command_size = sizeof(lk_command)};
}

lk_command *lk_link_slot(lk_link *link, uint64_t command) { return &link->ring[command % LK_LINK_RING_SIZE]; }

lk_failure lk_link_failure(const lk_link *link) {
  uint32_t status = atomic_load_explicit(&link->failure_status, memory_order_acquire);
  if (status == LK_OK) {
    return (lk_failure){.status = LK_OK};
  }
  return (lk_failure){
      .status = (lk_status)status, .command = link->failed_command, .missing_bytes = link->missing_bytes};
}

size_t lk_link_size(void) { return sizeof(lk_link); }

void lk_link_initialize(lk_link *link) {
  memset(link, 0, sizeof *link);
  link->magic = magic;
  link->host_protocol = lk_link_own_protocol();
  atomic_store(&link->wake_host_at, awake);
}

void lk_link_publish(lk_link *link) {
  uint64_t head = atomic_load_explicit(&link->head, memory_order_relaxed);
  atomic_store(&link->head, head + 1);
  if (atomic_load(&link->worker_sleeps)) {
    lk_wake_counter(&link->head);
  }
}

uint64_t lk_link_done(const lk_link *link) { return atomic_load_explicit(&link->tail, memory_order_acquire); }

bool lk_link_wait_until_done(lk_link *link, uint64_t count, lk_spin *spin, int milliseconds) {
  if (spin_until(&link->tail, count, spin)) {
    return true;
  }
  atomic_store(&link->wake_host_at, count);
  bool has_time = true;
  uint64_t tail = atomic_load(&link->tail);
  while (tail < count && has_time) {
    // Commands before the one waited for change the counter too, but only that one wakes.
    has_time = lk_sleep_on_counter(&link->tail, tail, milliseconds);
    tail = atomic_load(&link->tail);
  }
  atomic_store(&link->wake_host_at, awake);
  return tail >= count;
}

static bool is_ready(const lk_link *link) {
  return atomic_load_explicit(&link->state, memory_order_acquire) == READY;
}

bool lk_link_wait_until_ready(lk_link *link, int milliseconds) {
  if (!is_ready(link)) {
    lk_sleep_on_word(&link->state, STARTING, milliseconds);
  }
  return is_ready(link);
}

const lk_handshake *lk_link_handshake(const lk_link *link) { return &link->handshake; }

lk_protocol lk_link_worker_protocol(const lk_link *link) { return link->worker_protocol; }

lk_protocol lk_link_meet_host(lk_link *link) {
  link->worker_protocol = lk_link_own_protocol();
  return link->magic == magic ? link->host_protocol : (lk_protocol){0, 0};
}

void lk_link_announce(lk_link *link, const lk_handshake *handshake) {
  link->handshake = *handshake;
  atomic_store(&link->state, READY);
  lk_wake_word(&link->state);
}

void lk_link_wait_for_command(lk_link *link, uint64_t count, lk_spin *spin) {
  if (spin_until(&link->head, count + 1, spin)) {
    return;
  }
  atomic_store(&link->worker_sleeps, 1);
  while (atomic_load(&link->head) == count) {
    lk_sleep_on_counter(&link->head, count, -1);
  }
  atomic_store(&link->worker_sleeps, 0);
}

void lk_link_fail(lk_link *link, lk_failure failure) {
  if (lk_link_failure(link).status != LK_OK) {
    return;
  }
  link->failed_command = failure.command;
  link->missing_bytes = failure.missing_bytes;
  atomic_store_explicit(&link->failure_status, failure.status, memory_order_release);
}

void lk_link_complete(lk_link *link, uint64_t count) {
  atomic_store(&link->tail, count);
  if (count >= atomic_load(&link->wake_host_at)) {
    lk_wake_counter(&link->tail);
  }
}
