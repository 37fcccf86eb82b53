#pragma once

// A test-only writer of event files, byte by byte: it knows nothing of the code under test but the CRC.

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "records/crc32c.h"

namespace tensorpane::testing {

inline std::string Varint(uint64_t value) {
  std::string out;
  for (; value > 127; value >>= 7) out += static_cast<char>((value & 127) | 128);
  return out + static_cast<char>(value);
}

template <class T>
std::string Raw(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

inline std::string Tag(uint32_t number, int wire_type) {
  return Varint(number << 3 | static_cast<uint32_t>(wire_type));
}
inline std::string VarintField(uint32_t number, uint64_t value) { return Tag(number, 0) + Varint(value); }
inline std::string DoubleField(uint32_t number, double value) { return Tag(number, 1) + Raw(value); }
inline std::string FloatField(uint32_t number, float value) { return Tag(number, 5) + Raw(value); }
inline std::string BytesField(uint32_t number, const std::string& bytes) {
  return Tag(number, 2) + Varint(bytes.size()) + bytes;
}

inline std::string Header(uint64_t length) {
  const std::string bytes = Raw(length);
  return bytes + Raw(MaskCrc(Crc32c(AsBytes(bytes))));
}

inline std::string Frame(const std::string& payload) {
  return Header(payload.size()) + payload + Raw(MaskCrc(Crc32c(AsBytes(payload))));
}

inline std::string EventHead(int64_t step, double wall_time) {
  return DoubleField(1, wall_time) + VarintField(2, static_cast<uint64_t>(step));
}

/// Payload of an Event with the given serialized Summary.Values.
inline std::string SummaryEvent(int64_t step, const std::vector<std::string>& values,
                                double wall_time = 1.7e9) {
  std::string summary;
  for (const std::string& value : values) summary += BytesField(1, value);
  return EventHead(step, wall_time) + BytesField(5, summary);
}

inline std::string SimpleValue(const std::string& tag, float value) {
  return BytesField(1, tag) + FloatField(2, value);
}

/// A Summary.Value of plugin `plugin` with a serialized TensorProto.
inline std::string TensorValue(const std::string& tag, const std::string& plugin, const std::string& tensor) {
  return BytesField(1, tag) + BytesField(8, tensor) + BytesField(9, BytesField(1, BytesField(1, plugin)));
}

inline std::string Version() { return Frame(DoubleField(1, 1.7e9) + BytesField(3, "brain.Event:2")); }

/// A file of `count` scalar events, one for each step from 0 on.
inline std::string ScalarFile(int count) {
  std::string file = Version();
  for (int step = 0; step < count; ++step) {
    file += Frame(SummaryEvent(step, {SimpleValue("loss", static_cast<float>(step) / 8)}));
  }
  return file;
}

}  // namespace tensorpane::testing
