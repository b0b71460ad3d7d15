#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "include/lockstep_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/syscall.h>
#endif

/// Above the numbers that the worker sees, so that none of them is overwritten before it is copied.
enum { lowest_copy = 16, descriptor_count = 6, descriptor_limit = LK_WORKER_PROGRAM + 1 };

typedef struct {
  int from;
  int to;
} redirection;

/// Moves every descriptor out of the way. False when there are none left.
static bool copy_descriptors(redirection *redirections) {
  bool complete = true;
  for (int index = 0; index < descriptor_count; index++) {
    int from = redirections[index].from;
    redirections[index].from = from >= 0 ? fcntl(from, F_DUPFD_CLOEXEC, lowest_copy) : -1;
    complete = complete && (from < 0 || redirections[index].from >= 0);
  }
  return complete;
}

static void close_copies(const redirection *redirections) {
  for (int index = 0; index < descriptor_count; index++) {
    if (redirections[index].from >= 0) {
      close(redirections[index].from);
    }
  }
}

static void add_actions(posix_spawn_file_actions_t *actions, const redirection *redirections) {
  posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  for (int index = 0; index < descriptor_count; index++) {
    if (redirections[index].from >= 0) {
      posix_spawn_file_actions_adddup2(actions, redirections[index].from, redirections[index].to);
    }
  }
#if defined(__linux__)
  posix_spawn_file_actions_addclosefrom_np(actions, descriptor_limit);
#endif
}

/// A group of its own, no signal blocked, and those ignored here back at their defaults.
static void set_attributes(posix_spawnattr_t *attributes) {
  short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
#if defined(__APPLE__)
  flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;
#endif
  sigset_t signals;
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(attributes, &signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGPIPE);
  sigaddset(&signals, SIGTERM);
  posix_spawnattr_setsigdefault(attributes, &signals);
  posix_spawnattr_setpgroup(attributes, 0);
  posix_spawnattr_setflags(attributes, flags);
}

int lk_process_start(const char *path, char *const arguments[], char *const environment[],
                     lk_worker_descriptors descriptors, pid_t *process) {
  redirection redirections[descriptor_count] = {
      {descriptors.standard_error, STDOUT_FILENO}, {descriptors.standard_error, STDERR_FILENO},
      {descriptors.control, LK_WORKER_CONTROL},    {descriptors.data, LK_WORKER_DATA},
      {descriptors.socket, LK_WORKER_SOCKET},      {descriptors.program, LK_WORKER_PROGRAM},
  };
  if (!copy_descriptors(redirections)) {
    close_copies(redirections);
    return EMFILE;
  }
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  add_actions(&actions, redirections);
  set_attributes(&attributes);
  int result = posix_spawn(process, path, &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  close_copies(redirections);
  return result;
}

int lk_process_open(pid_t process) {
#if defined(__linux__)
  return (int)syscall(SYS_pidfd_open, process, 0);
#else
  (void)process;
  return -1;
#endif
}

bool lk_process_wait(int process_descriptor, int readable) {
  // Negative descriptors are passed over.
  struct pollfd polled[] = {{.fd = readable, .events = POLLIN}, {.fd = process_descriptor, .events = POLLIN}};
  poll(polled, 2, process_descriptor >= 0 ? -1 : 100);
  return (polled[0].revents & (POLLIN | POLLHUP)) != 0;
}

#if !defined(__linux__)

static void close_when_executing(int descriptors[2]) {
  fcntl(descriptors[0], F_SETFD, FD_CLOEXEC);
  fcntl(descriptors[1], F_SETFD, FD_CLOEXEC);
}

#endif

int lk_socket_pair(int sockets[2]) {
#if defined(__linux__)
  return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets);
#else
  int result = socketpair(AF_UNIX, SOCK_STREAM, 0, sockets);
  if (result == 0) {
    close_when_executing(sockets);
  }
  return result;
#endif
}

int lk_pipe(int ends[2]) {
#if defined(__linux__)
  return pipe2(ends, O_CLOEXEC);
#else
  int result = pipe(ends);
  if (result == 0) {
    close_when_executing(ends);
  }
  return result;
#endif
}

struct lk_thread {
  pthread_t thread;
  void (*body)(void *);
  void *argument;
};

static void *run_body(void *argument) {
  lk_thread *thread = argument;
  thread->body(thread->argument);
  return NULL;
}

lk_thread *lk_thread_start(void (*body)(void *), void *argument) {
  lk_thread *thread = malloc(sizeof *thread);
  if (thread == NULL) {
    return NULL;
  }
  thread->body = body;
  thread->argument = argument;
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int result = pthread_create(&thread->thread, NULL, run_body, thread);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (result != 0) {
    free(thread);
    return NULL;
  }
  return thread;
}

void lk_thread_join(lk_thread *thread) {
  pthread_join(thread->thread, NULL);
  free(thread);
}
