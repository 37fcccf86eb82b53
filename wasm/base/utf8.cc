#include "base/utf8.h"

#include <algorithm>

namespace tensorpane {
namespace {

/// Length of the well-formed sequence at the start of `bytes`, or minus the length of the maximal ill-formed
/// part. Ranges of the second byte: Unicode 15, table 3-7.
int SequenceLength(Bytes bytes) {
  const uint8_t lead = bytes[0];
  if (lead < 0x80) return 1;
  int length = 0;
  uint8_t low = 0x80, high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return -1;
  }
  for (int i = 1; i < length; ++i) {
    if (static_cast<size_t>(i) >= bytes.size() || bytes[i] < low || bytes[i] > high) return -i;
    low = 0x80;
    high = 0xBF;
  }
  return length;
}

}  // namespace

std::string ToValidUtf8(Bytes bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const int length = SequenceLength(bytes);
    if (length > 0) {
      text.append(AsText(bytes.first(length)));
    } else {
      text.append("\xEF\xBF\xBD");
    }
    bytes = bytes.subspan(std::abs(length));
  }
  return text;
}

}  // namespace tensorpane
