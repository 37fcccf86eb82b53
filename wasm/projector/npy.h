#pragma once

#include <vector>

#include "base/bytes.h"
#include "projector/element_type.h"
#include "projector/problem.h"

namespace tensorpane {

/// What stands before the data of a .npy file.
struct NpyHeader {
  ElementType type;
  bool fortran_order = false;   ///< The first index runs fastest.
  std::vector<uint64_t> shape;  ///< As it says, not checked against the file.
  uint64_t data_offset = 0;     ///< Where the data begins, in the file.
};

/// Bytes of a file in which its header is looked for: numpy.load itself wants no more than 10,000 of it.
constexpr size_t kMaxNpyHeaderBytes = 64 << 10;

/// Reads the header at the start of a .npy file, versions 1.0 to 3.0 (numpy.org, "NEP 1 — A simple file
/// format for NumPy arrays" and numpy.lib.format). kCutOff: more bytes are needed, at least up to
/// data_offset.
ProjectorFault ReadNpyHeader(Bytes file, NpyHeader* header);

/// Whether `start`, of any length, can be the start of a .npy file.
bool StartsAsNpy(Bytes start);

}  // namespace tensorpane
