// Repeated keys of one object. Keys compare as they read, without their escapes.

#pragma once

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "CSimdjson.h"
#include "tape.hpp"

namespace {

struct Key {
  const uint8_t *text;
  uint32_t length;
  uint32_t node;
  /// The first eight bytes, filled up with zeros: tells most keys apart without a look at the text.
  uint64_t prefix;

  bool same(const Key &other) const noexcept {
    return prefix == other.prefix && length == other.length &&
           (length <= 8 || std::memcmp(text, other.text, length) == 0);
  }

  /// Some total order in which the same keys stand together, the earlier one first.
  bool operator<(const Key &other) const noexcept {
    if (length != other.length) return length < other.length;
    if (prefix != other.prefix) return prefix < other.prefix;
    auto order = length <= 8 ? 0 : std::memcmp(text, other.text, length);
    return order != 0 ? order < 0 : node < other.node;
  }
};

inline Key key_at(const uint8_t *source, const Tape &tape, uint32_t index) noexcept {
  auto &node = tape.nodes[index];
  Key key;
  key.node = index;
  key.prefix = 0;
  if (node.first == CSIMDJSON_NOT_ESCAPED) {
    key.text = source + node.start + 1;
    key.length = node.end - node.start - 2;
  } else {
    key.text = tape.strings + node.first;
    key.length = node.second;
  }
  std::memcpy(&key.prefix, key.text, std::min<size_t>(key.length, 8));
  return key;
}

/// The first key that repeats an earlier one: CSIMDJSON_REPEATED_KEY and its node.
///
/// A few keys are compared each with each; more are sorted, so that no choice of keys, which an
/// attacker could make for a hash table, costs more than n log n.
inline csimdjson_fault find_repeated_key(
    const uint8_t *source, const Tape &tape, uint32_t object, uint32_t &repeated) noexcept {
  constexpr size_t few = 16;
  const size_t count = tape.nodes[object].first;
  Key near[few];
  Key *keys = near;
  if (count > few) {
    keys = static_cast<Key *>(std::malloc(count * sizeof(Key)));
    if (keys == nullptr) return CSIMDJSON_NO_MEMORY;
  }
  auto index = object + 1;
  for (size_t i = 0; i < count; ++i) {
    keys[i] = key_at(source, tape, index);
    auto &value = tape.nodes[index + 1];
    auto container = source[value.start] == '{' || source[value.start] == '[';
    index = container ? value.second : index + 2;
  }
  if (count <= few) {
    for (size_t i = 1; i < count && !repeated; ++i) {
      for (size_t j = 0; j < i; ++j) {
        if (keys[i].same(keys[j])) {
          repeated = keys[i].node;
          break;
        }
      }
    }
    return repeated ? CSIMDJSON_REPEATED_KEY : CSIMDJSON_GOOD;
  }
  std::sort(keys, keys + count);
  for (size_t i = 1; i < count; ++i) {
    if (keys[i].same(keys[i - 1]) && (!repeated || keys[i].node < repeated)) repeated = keys[i].node;
  }
  std::free(keys);
  return repeated ? CSIMDJSON_REPEATED_KEY : CSIMDJSON_GOOD;
}

}  // namespace
