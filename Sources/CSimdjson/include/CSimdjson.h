// One JSON text, read from its first to its last byte into a flat tape.
//
// simdjson finds the tokens and checks the UTF-8, many bytes at a time; the walk over the tokens
// checks all that RFC 8259 asks and what it leaves open: depth and repeated keys. Halves of surrogate pairs
// are noted: whoever reads the string they stand in says what becomes of them.
// Nothing here throws, and every fault has the offset of its byte.

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Bytes behind the text that must be readable, whatever they hold.
#define CSIMDJSON_PADDING 64

/// `first` of a string that stands in the source as it is.
#define CSIMDJSON_NOT_ESCAPED UINT32_MAX

/// One value, or the key of a member. What it is, its first byte in the source says.
///
/// A container's node is followed by the nodes of its elements, an object's by key, value, key, value.
typedef struct {
  /// Where its source begins, and where it ends.
  uint32_t start, end;
  /// Of a container: the elements or members in it. Of a string: where its text begins among
  /// `strings`, or CSIMDJSON_NOT_ESCAPED.
  uint32_t first;
  /// Of a container: the index of the node behind all that it holds. Of a string: the length of its
  /// text in `strings`.
  uint32_t second;
} csimdjson_node;

/// A text that was read. Node 0 is its root.
typedef struct {
  csimdjson_node *nodes;
  size_t node_count;
  /// The texts that had escapes, without them, one behind the other: valid UTF-8, but for lone surrogates,
  /// each of which is the three bytes that UTF-8 would have for it, ED A0 80 to ED BF BF.
  uint8_t *strings;
  size_t string_bytes;
  /// Whether there is any lone surrogate in `strings`.
  bool has_lone_surrogates;
} csimdjson_tape;

typedef enum {
  CSIMDJSON_GOOD = 0,
  CSIMDJSON_EMPTY,
  CSIMDJSON_INVALID_UTF8,
  CSIMDJSON_CONTROL_CHARACTER,
  CSIMDJSON_UNCLOSED_STRING,
  CSIMDJSON_UNEXPECTED_END,
  CSIMDJSON_EXPECTED_VALUE,
  CSIMDJSON_EXPECTED_KEY,
  CSIMDJSON_EXPECTED_COLON,
  CSIMDJSON_EXPECTED_COMMA_OR_BRACKET,
  CSIMDJSON_EXPECTED_COMMA_OR_BRACE,
  CSIMDJSON_BAD_NUMBER,
  CSIMDJSON_BAD_ESCAPE,
  CSIMDJSON_REPEATED_KEY,
  CSIMDJSON_TOO_DEEP,
  CSIMDJSON_TOO_MANY_VALUES,
  CSIMDJSON_TRAILING_CONTENT,
  CSIMDJSON_TOO_LONG,
  CSIMDJSON_NO_MEMORY,
} csimdjson_fault;

/// Reads `length` bytes, with CSIMDJSON_PADDING readable ones behind them.
///
/// At CSIMDJSON_GOOD, `tape` must be given to `csimdjson_free` once; it keeps no pointer to `bytes`.
/// Otherwise `offset` is where the fault was found and `tape` is empty. May be called from any thread.
csimdjson_fault csimdjson_read(
    const uint8_t *bytes, size_t length, uint32_t maximum_depth, uint32_t maximum_nodes,
    csimdjson_tape *tape, size_t *offset);

void csimdjson_free(csimdjson_tape *tape);

#ifdef __cplusplus
}
#endif
