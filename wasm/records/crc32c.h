#pragma once

#include "base/bytes.h"

namespace tensorpane {

/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78) of `bytes` after bytes whose CRC was `crc`; 0 to
/// begin.
uint32_t Crc32c(Bytes bytes, uint32_t crc = 0);

/// How TFRecord stores a CRC, so that the CRC of data with CRCs inside is no special number:
/// tensorflow/core/lib/hash/crc32c.h, Mask.
constexpr uint32_t MaskCrc(uint32_t crc) { return ((crc >> 15) | (crc << 17)) + 0xA282EAD8u; }

}  // namespace tensorpane
