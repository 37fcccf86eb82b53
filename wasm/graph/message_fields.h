#pragma once

#include "events/wire.h"

namespace tensorpane {

/// Calls `f(field, content)` for each field of a message, with the content of bytes fields; stops where the
/// message is malformed or `f` returns false. Returns whether it came to the end.
template <class F>
bool ForEachField(Bytes message, F f) {
  WholeRecord record(message);
  Cursor<WholeRecord> cursor(record, 0, message.size());
  Field field;
  while (cursor.Next(&field)) {
    const Bytes content =
        field.type == WireType::kBytes ? InMemory(message.data() + field.offset, field.length) : Bytes();
    if (!f(field, content)) return false;
  }
  return cursor.stop() == Cursor<WholeRecord>::Stop::kEnd;
}

/// The same for the bytes fields alone, which messages, texts and bytes are: `f(number, content)`. A field of
/// an unexpected wire type is an unknown field.
template <class F>
bool ForEachBytesField(Bytes message, F f) {
  return ForEachField(message, [&f](const Field& field, Bytes content) {
    return field.type != WireType::kBytes || f(field.number, content);
  });
}

/// The same for a message of which as much is wanted as can be read. Returns how many bytes are left from the
/// first field on that cannot; 0 = none.
template <class F>
uint64_t ReadBytesFields(Bytes message, F f) {
  WholeRecord record(message);
  Cursor<WholeRecord> cursor(record, 0, message.size());
  Field field;
  uint64_t begin = 0;
  for (; cursor.Next(&field); begin = cursor.position()) {
    if (field.type == WireType::kBytes)
      f(field.number, InMemory(message.data() + field.offset, field.length));
  }
  return message.size() - begin;
}

}  // namespace tensorpane
