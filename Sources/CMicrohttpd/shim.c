#define _GNU_SOURCE
#include "CMicrohttpd.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/mman.h>

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static void *context_of(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info == NULL ? NULL : info->socket_context;
}

// What a daemon's callbacks get: both parts live as long as the daemon.
struct daemon_context {
  const struct sojourn_http_events *events;
  void *endpoint;
  struct daemon_context *next;
};

// All that were ever started. They live for the rest of the process: a daemon is started once per listener,
// and its callbacks must find their context to the last.
static struct daemon_context *daemon_contexts;

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code) {
  struct daemon_context *daemon = cls;
  if (code == MHD_CONNECTION_NOTIFY_STARTED) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const int descriptor = info == NULL ? -1 : info->connect_fd;
    info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    *context = daemon->events->opened(daemon->endpoint, connection, descriptor,
                                      info == NULL ? NULL : info->client_addr);
  } else if (*context != NULL) {
    daemon->events->closed(*context);
    *context = NULL;
  }
}

// The target is taken here as it was sent. What libmicrohttpd would do next, split the query at `&`
// into its own memory and percent-decode the path, is wasted on a server that does both itself, and a
// query of many small parts would use up the connection's memory. The text is libmicrohttpd's own
// mutable read buffer and it reads on from the `?`, so ending both parts here leaves it nothing to do.
// Should a later version look elsewhere, only that saving is lost.
static void *on_target(void *cls, const char *target, struct MHD_Connection *connection) {
  struct daemon_context *daemon = cls;
  void *context = context_of(connection);
  if (context == NULL) return NULL;
  if (target == NULL) {
    daemon->events->began(context, "", 0);
    return context;
  }
  daemon->events->began(context, target, strlen(target));
  char *mark = (char *)strchr(target, '?');
  if (mark != NULL && mark[1] != '\0') mark[1] = '\0';
  ((char *)target)[0] = '\0';
  return context;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **context) {
  struct daemon_context *daemon = cls;
  (void)url;
  if (*context == NULL) return MHD_NO;
  const size_t count = *size;
  *size = 0;
  return daemon->events->progressed(*context, connection, method, version, data, count) ? MHD_YES : MHD_NO;
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode code) {
  struct daemon_context *daemon = cls;
  if (*context != NULL)
    daemon->events->completed(*context, connection, code == MHD_REQUEST_TERMINATED_COMPLETED_OK);
  *context = NULL;
}

// What libmicrohttpd cannot read or hold it answers by itself: in HTML, and where it is the length of the
// body that it cannot read, 0.9.75 writes the header of that answer twice, with one body. It has no hook
// there, but it gives these answers to its own `MHD_queue_response`, and calls that as any caller of the
// library does: by its name, which the dynamic linker finds in the program first. So the function below takes
// its place, and hands on to the real one what is ours. Should a later version call itself past the dynamic
// linker, its own answers go out again; nothing else is lost.
typedef enum MHD_Result (*queue_function)(struct MHD_Connection *, unsigned int, struct MHD_Response *);
static queue_function queue_in_library;
// Those of the daemons, all of which have the same.
static const struct sojourn_http_events *_Atomic shared_events;
// Whether the bytes of a head lie in libmicrohttpd's memory as `measure_field` expects them.
static bool knows_layout;

static void find_library(void) {
  queue_in_library = (queue_function)dlsym(RTLD_NEXT, "MHD_queue_response");
  knows_layout = strcmp(MHD_get_version(), "0.9.75") == 0;
}

// Says to the client that nothing more comes. What libmicrohttpd sends after that fails, and it closes.
static void end_sending(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
  if (info != NULL && info->tls_session != NULL)
    gnutls_bye((gnutls_session_t)info->tls_session, GNUTLS_SHUT_WR);
  info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  if (info != NULL) shutdown(info->connect_fd, SHUT_WR);
}

// What was answered already is queued all the same, and goes nowhere: were it refused, libmicrohttpd would
// give up the connection's memory, and after a `Cookie` that does not fit there it reads on in it.
enum MHD_Result MHD_queue_response(struct MHD_Connection *connection, unsigned int status,
                                   struct MHD_Response *response) {
  const struct sojourn_http_events *events = atomic_load(&shared_events);
  void *context = events == NULL ? NULL : context_of(connection);
  if (context != NULL && events->refused(context, connection, status)) end_sending(connection);
  return queue_in_library == NULL ? MHD_NO : queue_in_library(connection, status, response);
}

struct sojourn_tls_identity {
  gnutls_pcert_st *chain;
  unsigned int length;
  gnutls_privkey_t key;
};

static void free_identity(struct sojourn_tls_identity *identity) {
  for (unsigned int index = 0; index < identity->length; index++) gnutls_pcert_deinit(&identity->chain[index]);
  free(identity->chain);
  if (identity->key != NULL) gnutls_privkey_deinit(identity->key);
  free(identity);
}

const struct sojourn_tls_identity *sojourn_tls_identity_import(const char *certificate, const char *key) {
  const gnutls_datum_t certificate_text = {(unsigned char *)certificate, (unsigned int)strlen(certificate)};
  const gnutls_datum_t key_text = {(unsigned char *)key, (unsigned int)strlen(key)};
  struct sojourn_tls_identity *identity = calloc(1, sizeof *identity);
  if (identity == NULL) return NULL;
  gnutls_x509_crt_t *certificates = NULL;
  unsigned int count = 0;
  int status = gnutls_x509_crt_list_import2(&certificates, &count, &certificate_text, GNUTLS_X509_FMT_PEM, 0);
  if (status >= 0) {
    unsigned int length = count;
    identity->chain = calloc(count, sizeof *identity->chain);
    status = identity->chain == NULL
                 ? GNUTLS_E_MEMORY_ERROR
                 : gnutls_pcert_import_x509_list(identity->chain, certificates, &length, GNUTLS_X509_CRT_LIST_SORT);
    if (status >= 0) identity->length = length;
    for (unsigned int index = 0; index < count; index++) gnutls_x509_crt_deinit(certificates[index]);
    gnutls_free(certificates);
  }
  if (status >= 0) status = gnutls_privkey_init(&identity->key);
  if (status >= 0)
    status = gnutls_privkey_import_x509_raw(identity->key, &key_text, GNUTLS_X509_FMT_PEM, NULL, 0);
  if (status >= 0) return identity;
  free_identity(identity);
  return NULL;
}

// libmicrohttpd makes the session's pointer its connection. Should a later version not do so, no handshake
// succeeds, which the tests would say at once.
static int on_handshake(gnutls_session_t session, const gnutls_datum_t *authorities, int authority_count,
                        const gnutls_pk_algorithm_t *algorithms, int algorithm_count, gnutls_pcert_st **chain,
                        unsigned int *length, gnutls_privkey_t *key) {
  (void)authorities, (void)authority_count, (void)algorithms, (void)algorithm_count;
  struct MHD_Connection *connection = gnutls_session_get_ptr(session);
  void *context = connection == NULL ? NULL : context_of(connection);
  const struct sojourn_http_events *events = atomic_load(&shared_events);
  const struct sojourn_tls_identity *identity = context == NULL ? NULL : events->identity(context);
  if (identity == NULL) return -1;
  *chain = identity->chain;
  *length = identity->length;
  *key = identity->key;
  return 0;
}

struct MHD_Daemon *sojourn_http_start(const struct sojourn_http_options *options,
                                      const struct sojourn_http_events *events, void *endpoint) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, find_library);
  if (queue_in_library == NULL) return NULL;
  atomic_store(&shared_events, events);
  struct daemon_context *context = malloc(sizeof *context);
  if (context == NULL) return NULL;
  context->events = events;
  context->endpoint = endpoint;
  struct MHD_OptionItem items[16];
  size_t count = 0;
#define ADD(option, number, pointer) items[count++] = (struct MHD_OptionItem){option, (intptr_t)(number), (pointer)}
  ADD(MHD_OPTION_NOTIFY_CONNECTION, &on_connection, context);
  ADD(MHD_OPTION_NOTIFY_COMPLETED, &on_completed, context);
  ADD(MHD_OPTION_URI_LOG_CALLBACK, &on_target, context);
  ADD(MHD_OPTION_CONNECTION_MEMORY_LIMIT, options->connection_memory, NULL);
  ADD(MHD_OPTION_CONNECTION_LIMIT, options->connection_limit, NULL);
  ADD(MHD_OPTION_CONNECTION_TIMEOUT, options->idle_timeout, NULL);
  // A request without Host, or with a blank in its target, comes to us so: we refuse it, and in JSON.
  ADD(MHD_OPTION_STRICT_FOR_CLIENT, 0, NULL);
  // A pool of one is not a pool to libmicrohttpd.
  if (options->threads > 1) ADD(MHD_OPTION_THREAD_POOL_SIZE, options->threads, NULL);
  unsigned int flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET;
  if (options->tls_priorities != NULL) {
    flags |= MHD_USE_TLS;
    ADD(MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)&on_handshake);
    ADD(MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)options->tls_priorities);
  }
  ADD(MHD_OPTION_END, 0, NULL);
#undef ADD
  struct MHD_Daemon *daemon = MHD_start_daemon(flags, 0, NULL, NULL, &on_request, context,
                                               MHD_OPTION_ARRAY, items, MHD_OPTION_END);
  if (daemon == NULL) {
    free(context);
    return NULL;
  }
  context->next = daemon_contexts;
  daemon_contexts = context;
  return daemon;
}

size_t sojourn_http_head_size(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  return info == NULL ? 0 : info->header_size;
}

// libmicrohttpd takes up a resumed connection where it left it, reading, and so looks at the socket before
// it asks for the answer: a client that has ended its sending side by then would lose it. Connections with
// a time-out of their own it looks at first, without reading. So one that is suspended gets a time-out of
// its own until its answer has gone out; not for longer, as those are all looked at in each round.
void sojourn_http_suspend(struct MHD_Connection *connection, unsigned int idle_timeout) {
  MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, idle_timeout + 1);
  MHD_suspend_connection(connection);
}

void sojourn_http_settle(struct MHD_Connection *connection, unsigned int idle_timeout) {
  MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, idle_timeout);
}

// Without the white space behind a value, which libmicrohttpd leaves there and which is not part of it
// (RFC 9110 5.5).
static size_t trimmed(const char *value, size_t size) {
  while (size > 0 && (value[size - 1] == ' ' || value[size - 1] == '\t')) size--;
  return size;
}

struct measuring {
  size_t size;
  // Where the text before the next field ends.
  const char *end;
  bool hides;
};

// Names and values stay where they came in, ended by zeros in the place of colons and line ends: of a head
// that was read as it stands, each field begins one or two bytes (LF or CR LF) behind the one before it. A
// field that goes on on a second line does not: libmicrohttpd copies its *name* elsewhere and puts that line
// behind it, so that `Content-Length:` with ` 30` on the next line is a field `Content-Length30`, and what a
// proxy sent as a body is read as a request. Neither does one behind a zero byte, where the texts end early.
static enum MHD_Result measure_field(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_size,
                                     const char *value, size_t value_size) {
  struct measuring *measuring = cls;
  (void)kind;
  measuring->size += 8 + name_size + trimmed(value, value_size);
  const uintptr_t gap = (uintptr_t)name - (uintptr_t)measuring->end;
  if (gap < 1 || gap > 2 || (uintptr_t)value <= (uintptr_t)(name + name_size)) measuring->hides = true;
  measuring->end = value + value_size;
  return MHD_YES;
}

size_t sojourn_http_measure_headers(struct MHD_Connection *connection, const char *line_end,
                                    const char *head_end, bool *hides) {
  struct measuring measuring = {0, line_end, false};
  MHD_get_connection_values_n(connection, MHD_HEADER_KIND, &measure_field, &measuring);
  const uintptr_t gap = (uintptr_t)head_end - (uintptr_t)measuring.end;
  *hides = knows_layout && (measuring.hides || gap < 2 || gap > 4);
  return measuring.size;
}

static enum MHD_Result pack_field(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_size,
                                  const char *value, size_t value_size) {
  unsigned char **into = cls;
  (void)kind;
  const uint32_t lengths[2] = {(uint32_t)name_size, (uint32_t)trimmed(value, value_size)};
  memcpy(*into, lengths, sizeof lengths);
  *into += sizeof lengths;
  for (size_t i = 0; i < name_size; i++) {
    const unsigned char byte = (unsigned char)name[i];
    (*into)[i] = byte >= 'A' && byte <= 'Z' ? byte + 32 : byte;
  }
  *into += name_size;
  if (lengths[1] > 0) memcpy(*into, value, lengths[1]);
  *into += lengths[1];
  return MHD_YES;
}

void sojourn_http_pack_headers(struct MHD_Connection *connection, unsigned char *into) {
  MHD_get_connection_values_n(connection, MHD_HEADER_KIND, &pack_field, &into);
}

ssize_t sojourn_http_send(struct MHD_Connection *connection, const void *bytes, size_t count) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
  if (info != NULL && info->tls_session != NULL)
    return gnutls_record_send((gnutls_session_t)info->tls_session, bytes, count);
  info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info == NULL ? -1 : send(info->connect_fd, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
}

uint64_t sojourn_tcp_bytes_received(int descriptor) {
  struct tcp_info info;
  socklen_t size = sizeof info;
  memset(&info, 0, sizeof info);
  if (getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return UINT64_MAX;
  if (size < offsetof(struct tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received)
    return UINT64_MAX;
  return info.tcpi_bytes_received;
}

struct MHD_Response *sojourn_response_with_block(size_t count, const void *bytes,
                                                 void (*release)(void *), void *owner) {
  return MHD_create_response_from_buffer_with_free_callback_cls(count, (void *)bytes, release, owner);
}

struct MHD_Response *sojourn_response_empty(void) {
  return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
}

bool sojourn_http_add(struct MHD_Daemon *daemon, int descriptor, const struct sockaddr *peer, socklen_t size) {
  return MHD_add_connection(daemon, descriptor, peer, size) == MHD_YES;
}

bool sojourn_http_queue(struct MHD_Connection *connection, unsigned int status, struct MHD_Response *response) {
  return queue_in_library(connection, status, response) == MHD_YES;
}

int sojourn_socket(int family) { return socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

int sojourn_accept(int listening, struct sockaddr *peer, socklen_t *size) {
  return accept4(listening, peer, size, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

int sojourn_wakeup(void) { return eventfd(0, EFD_CLOEXEC); }

int sojourn_temporary_file(const char *directory) {
  return open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

// From this size on a block is pages of its own. `malloc` has such a size too, but raises it each time
// that a larger block is freed, and then keeps what it was given.
static const size_t page_block = 256 * 1024;

void *sojourn_block_grow(void *block, size_t size, size_t larger) {
  if (larger < page_block) return realloc(block, larger);
  if (block != NULL && size >= page_block) {
    void *moved = mremap(block, size, larger, MREMAP_MAYMOVE);
    return moved == MAP_FAILED ? NULL : moved;
  }
  void *pages = mmap(NULL, larger, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) return NULL;
  if (block != NULL) memcpy(pages, block, size);
  free(block);
  return pages;
}

void sojourn_block_free(void *block, size_t size) {
  if (size >= page_block) munmap(block, size);
  else free(block);
}
