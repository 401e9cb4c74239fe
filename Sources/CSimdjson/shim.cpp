// See CSimdjson.h. The walk uses simdjson's On-Demand token stream alone: its value classes would look
// at the same tokens again, refuse nothing that is never asked for, and know no offsets.

// Nothing may be thrown across C, and both build modes have the same layout.
#define SIMDJSON_EXCEPTIONS 0
#define SIMDJSON_DEVELOPMENT_CHECKS 0
#include <simdjson.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#include "CSimdjson.h"
#include "faults.hpp"
#include "keys.hpp"
#include "tape.hpp"
#include "tokens.hpp"

namespace {

using simdjson::ondemand::json_iterator;
using simdjson::ondemand::parser;

static_assert(CSIMDJSON_PADDING >= simdjson::SIMDJSON_PADDING, "simdjson reads further than we promise");

/// Walks the tokens once, without recursion, and writes the tape.
class Walk {
 public:
  Walk(const uint8_t *source, size_t length, json_iterator &tokens, Tape &tape, uint32_t maximum_depth)
      : source(source), end(source + length), tokens(tokens), tape(tape), maximum_depth(maximum_depth) {}

  csimdjson_fault run() noexcept {
    if (auto fault = value()) return fault;
    while (depth > 0) {
      if (auto fault = after_value()) return fault;
    }
    if (!tokens.at_end()) return at(tokens.return_current_and_advance(), CSIMDJSON_TRAILING_CONTENT);
    return CSIMDJSON_GOOD;
  }

  size_t offset = 0;

 private:
  const uint8_t *const source;
  const uint8_t *const end;
  json_iterator &tokens;
  Tape &tape;
  const uint32_t maximum_depth;
  uint32_t depth = 0;
  /// The innermost container that is open. While it is open, its node's `second` is the one around it.
  uint32_t open = 0;

  csimdjson_fault at(const uint8_t *position, csimdjson_fault fault) noexcept {
    offset = size_t(position - source);
    return fault;
  }

  const uint8_t *next() noexcept { return tokens.at_end() ? end : tokens.return_current_and_advance(); }

  csimdjson_fault missing(const uint8_t *token, csimdjson_fault fault) noexcept {
    return at(token, token == end ? CSIMDJSON_UNEXPECTED_END : fault);
  }

  csimdjson_fault append(const uint8_t *start, const uint8_t *stop, uint32_t first, uint32_t second) noexcept {
    auto fault = tape.append({uint32_t(start - source), uint32_t(stop - source), first, second});
    return fault ? at(start, fault) : CSIMDJSON_GOOD;
  }

  csimdjson_fault value() noexcept { return value(next()); }

  csimdjson_fault value(const uint8_t *token) noexcept {
    if (token == end) return at(end, CSIMDJSON_UNEXPECTED_END);
    switch (*token) {
      case '"': return string(token);
      case '{': return enter(token);
      case '[': return enter(token);
      case 't': return literal(token, "true", 4);
      case 'f': return literal(token, "false", 5);
      case 'n': return literal(token, "null", 4);
      case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7':
      case '8': case '9': return number(token);
      default: return at(token, CSIMDJSON_EXPECTED_VALUE);
    }
  }

  csimdjson_fault enter(const uint8_t *token) noexcept {
    if (depth == maximum_depth) return at(token, CSIMDJSON_TOO_DEEP);
    auto index = uint32_t(tape.count);
    if (auto fault = append(token, token, 0, open)) return fault;
    depth += 1;
    open = index;
    const uint8_t close = *token == '{' ? '}' : ']';
    auto following = next();
    if (following != end && *following == close) return leave(following);
    return *token == '{' ? member(following) : value(following);
  }

  csimdjson_fault member(const uint8_t *token) noexcept {
    if (token == end || *token != '"') return missing(token, CSIMDJSON_EXPECTED_KEY);
    if (auto fault = string(token)) return fault;
    auto colon = next();
    if (colon == end || *colon != ':') return missing(colon, CSIMDJSON_EXPECTED_COLON);
    return value();
  }

  /// A value inside the open container is complete: a comma and the next one, or the end.
  csimdjson_fault after_value() noexcept {
    tape.nodes[open].first += 1;
    const bool object = source[tape.nodes[open].start] == '{';
    auto token = next();
    if (token != end) {
      if (*token == ',') return object ? member(next()) : value();
      if (*token == (object ? '}' : ']')) return leave(token);
    }
    return missing(token, object ? CSIMDJSON_EXPECTED_COMMA_OR_BRACE : CSIMDJSON_EXPECTED_COMMA_OR_BRACKET);
  }

  csimdjson_fault leave(const uint8_t *token) noexcept {
    auto &node = tape.nodes[open];
    auto around = node.second;
    node.end = uint32_t(token - source) + 1;
    node.second = uint32_t(tape.count);
    if (*token == '}' && node.first > 1) {
      uint32_t repeated = 0;
      if (auto fault = find_repeated_key(source, tape, open, repeated)) {
        return at(source + (repeated ? tape.nodes[repeated].start : node.start), fault);
      }
    }
    depth -= 1;
    open = around;
    return CSIMDJSON_GOOD;
  }

  csimdjson_fault literal(const uint8_t *token, const char *word, size_t length) noexcept {
    if (size_t(end - token) < length || std::memcmp(token, word, length) != 0 ||
        !ends_token(token + length, end)) {
      return at(token, CSIMDJSON_EXPECTED_VALUE);
    }
    return append(token, token + length, 0, 0);
  }

  csimdjson_fault number(const uint8_t *token) noexcept {
    auto stop = end_of_number(token, end);
    if (stop == nullptr || !ends_token(stop, end)) return at(token, CSIMDJSON_BAD_NUMBER);
    return append(token, stop, 0, 0);
  }

  csimdjson_fault string(const uint8_t *token) noexcept {
    auto stop = end_of_run(token + 1);
    if (*stop == '"') {
      if (!ends_token(stop + 1, end)) return at(stop + 1, CSIMDJSON_TRAILING_CONTENT);
      return append(token, stop + 1, CSIMDJSON_NOT_ESCAPED, 0);
    }
    if (!tape.reserve_strings(size_t(end - token))) return at(token, CSIMDJSON_NO_MEMORY);
    auto into = tape.strings + tape.string_bytes;
    auto result = unescape(token + 1, into);
    if (result.fault) return at(result.stop, result.fault);
    if (!ends_token(result.stop, end)) return at(result.stop, CSIMDJSON_TRAILING_CONTENT);
    auto first = uint32_t(tape.string_bytes);
    tape.string_bytes += result.written;
    tape.has_lone_surrogates |= result.lone;
    return append(token, result.stop, first, uint32_t(result.written));
  }
};

/// Texts up to this length share their thread's parser. It keeps about seven bytes for each of these:
/// less than 1 MiB a thread.
constexpr size_t kept_capacity = 128 * 1024;

csimdjson_fault read(
    parser &with, const uint8_t *bytes, size_t length, uint32_t maximum_depth, uint32_t maximum_nodes,
    csimdjson_tape *out, size_t *offset) noexcept {
  json_iterator tokens;
  auto error =
      with.iterate_raw(simdjson::padded_string_view(bytes, length, length + CSIMDJSON_PADDING)).get(tokens);
  switch (error) {
    case simdjson::SUCCESS: break;
    case simdjson::MEMALLOC: return CSIMDJSON_NO_MEMORY;
    case simdjson::CAPACITY: return CSIMDJSON_TOO_LONG;
    case simdjson::EMPTY: *offset = length; return CSIMDJSON_EMPTY;
    // simdjson says that a byte is wrong, not which.
    default: return first_fault(bytes, length, offset);
  }
  Tape tape(maximum_nodes);
  Walk walk(bytes, length, tokens, tape, maximum_depth);
  auto fault = walk.run();
  *offset = walk.offset;
  if (!fault) tape.hand_over(out);
  return fault;
}

}  // namespace

extern "C" csimdjson_fault csimdjson_read(
    const uint8_t *bytes, size_t length, uint32_t maximum_depth, uint32_t maximum_nodes,
    csimdjson_tape *tape, size_t *offset) {
  *tape = {};
  *offset = 0;
  if (length == 0) return CSIMDJSON_EMPTY;
  // Offsets have 32 bits, and all of them but the last ones are used.
  if (length > UINT32_MAX - 1024) return CSIMDJSON_TOO_LONG;
  if (length > kept_capacity) {
    parser fresh;
    return read(fresh, bytes, length, maximum_depth, maximum_nodes, tape, offset);
  }
  static thread_local parser kept;
  if (kept.capacity() < length) {
    // Doubling: a slightly longer text than the last one does not allocate again.
    size_t capacity = 4096;
    while (capacity < length) capacity *= 2;
    if (kept.allocate(capacity) != simdjson::SUCCESS) return CSIMDJSON_NO_MEMORY;
  }
  return read(kept, bytes, length, maximum_depth, maximum_nodes, tape, offset);
}

extern "C" void csimdjson_free(csimdjson_tape *tape) {
  std::free(tape->nodes);
  std::free(tape->strings);
  *tape = {};
}
