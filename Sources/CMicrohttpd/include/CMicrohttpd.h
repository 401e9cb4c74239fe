#pragma once
// The part of libmicrohttpd that the server uses, without variadic calls, which Swift cannot make.

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What the server is told. `endpoint` is the pointer given to `sojourn_http_start`; `connection` is
/// what `opened` returned.
struct sojourn_http_events {
  /// A connection was accepted. Returns the context that stands for it until `closed`.
  void *(*opened)(void *endpoint, struct MHD_Connection *raw, int descriptor, const struct sockaddr *peer);
  /// The descriptor is about to be closed.
  void (*closed)(void *connection);
  /// A request line was read. `target` is as sent and valid during the call.
  void (*began)(void *connection, const char *target, size_t length);
  /// The head is complete (first call), a part of the body came (`size` > 0), or the request is complete.
  /// Returns false to close the connection at once.
  bool (*progressed)(void *connection, struct MHD_Connection *raw, const char *method,
                     const char *version, const char *data, size_t size);
  /// The answer has gone out (`whole`) or the connection was lost.
  void (*completed)(void *connection, struct MHD_Connection *raw, bool whole);
  /// libmicrohttpd cannot read a request or hold it and is about to answer with this status and a page of
  /// its own. True: it was answered by `sojourn_http_send`, and that page is not to follow.
  bool (*refused)(void *connection, struct MHD_Connection *raw, unsigned int status);
  /// What a client is shown in a TLS handshake that begins now.
  const struct sojourn_tls_identity *(*identity)(void *connection);
};

/// A certificate with its chain and its private key, ready for handshakes.
struct sojourn_tls_identity;

/// Reads both from PEM texts; NULL where GnuTLS cannot. It is never freed: a handshake may still use it
/// long after another has taken its place.
const struct sojourn_tls_identity *sojourn_tls_identity_import(const char *certificate, const char *key);

struct sojourn_http_options {
  unsigned int threads;
  unsigned int connection_limit;
  /// Seconds without traffic in either direction after which a connection is closed.
  unsigned int idle_timeout;
  size_t connection_memory;
  /// NULL for plain HTTP; with TLS `events->identity` is asked at each handshake.
  const char *tls_priorities;
};

/// Starts a daemon that listens on nothing: connections are handed to it with `MHD_add_connection`.
/// `events` and `endpoint` must outlive it; `events` is the same for all daemons of the process, since neither
/// GnuTLS nor `MHD_queue_response` says which daemon it asks for. NULL on failure.
struct MHD_Daemon *sojourn_http_start(const struct sojourn_http_options *options,
                                      const struct sojourn_http_events *events, void *endpoint);

/// Bytes of the head from the method to the empty line.
size_t sojourn_http_head_size(struct MHD_Connection *connection);

/// Hands an accepted descriptor over, which is closed in any case. False when that fails.
bool sojourn_http_add(struct MHD_Daemon *daemon, int descriptor, const struct sockaddr *peer, socklen_t size);

/// Gives a response to a connection on its thread. False when it cannot take one.
bool sojourn_http_queue(struct MHD_Connection *connection, unsigned int status, struct MHD_Response *response);

/// Suspends a connection on its thread, until `MHD_resume_connection`. When its request is completed,
/// `sojourn_http_settle` has to be called. `idle_timeout` is that of the options, both times.
void sojourn_http_suspend(struct MHD_Connection *connection, unsigned int idle_timeout);
void sojourn_http_settle(struct MHD_Connection *connection, unsigned int idle_timeout);

/// Bytes that `sojourn_http_pack_headers` writes. `hides` is set where the head, from the end of its request
/// line to its own end, holds something that libmicrohttpd does not show: a field that goes on on a second
/// line, or a zero byte.
size_t sojourn_http_measure_headers(struct MHD_Connection *connection, const char *line_end,
                                    const char *head_end, bool *hides);

/// Header fields packed one behind the other: two 32-bit lengths, the name in lower case, the value
/// without white space around it.
void sojourn_http_pack_headers(struct MHD_Connection *connection, unsigned char *into);

/// Writes straight to the client, through TLS where there is any. Bytes written, or -1.
ssize_t sojourn_http_send(struct MHD_Connection *connection, const void *bytes, size_t count);

/// Bytes that the kernel has received on a TCP connection since it was accepted; UINT64_MAX if unknown.
uint64_t sojourn_tcp_bytes_received(int descriptor);

/// A response that frees `owner` with `release` when it is no longer needed.
struct MHD_Response *sojourn_response_with_block(size_t count, const void *bytes,
                                                 void (*release)(void *), void *owner);

/// A response without a body.
struct MHD_Response *sojourn_response_empty(void);

// What Linux has beyond POSIX and Swift's own module of the C library does not show. Each answers a
// descriptor that is closed on exec, or -1.

/// A TCP socket that does not block.
int sojourn_socket(int family);
/// Accepts from a listening socket; the new one does not block.
int sojourn_accept(int listening, struct sockaddr *peer, socklen_t *size);
/// A counter to wake a thread in `poll` with: write eight bytes.
int sojourn_wakeup(void);
/// A file without a name in `directory`.
int sojourn_temporary_file(const char *directory);
/// Makes a block of `size` bytes larger, or a new one where `block` is NULL. Large blocks are pages of
/// their own, which grow without being copied and go back to the system when freed. NULL on failure; the
/// old block is as before then.
void *sojourn_block_grow(void *block, size_t size, size_t larger);
void sojourn_block_free(void *block, size_t size);

#ifdef __cplusplus
}
#endif
