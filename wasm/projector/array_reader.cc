#include "projector/array_reader.h"

#include <algorithm>
#include <cstddef>

namespace tensorpane {
ArrayReader ArrayReader::Npy(uint64_t max_values, MatrixValues values) {
  ArrayReader reader(max_values, values);
  reader.in_header_ = true;
  return reader;
}

ArrayReader ArrayReader::Raw(const std::vector<uint32_t>& tensor_shape, uint64_t max_values,
                             MatrixValues values) {
  ArrayReader reader(max_values, values);
  reader.exact_size_ = true;
  reader.SetShape({tensor_shape.begin(), tensor_shape.end()});
  return reader;
}

void ArrayReader::Feed(Bytes bytes) {
  if (problem_.ok() && in_header_) bytes = TakeHeader(bytes);
  if (!problem_.ok() || in_header_) return;
  if (!held_.empty()) {
    const size_t part = std::min(type_.bytes - held_.size(), bytes.size());
    held_.insert(held_.end(), bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(part));
    bytes = bytes.subspan(part);
    if (held_.size() < type_.bytes) return;
    Convert(held_);
    held_.clear();
  }
  const size_t whole = bytes.size() - bytes.size() % type_.bytes;
  Convert(bytes.first(whole));
  held_.assign(bytes.begin() + static_cast<ptrdiff_t>(whole), bytes.end());
}

void ArrayReader::Finish() {
  if (!problem_.ok()) return;
  if (in_header_) return Fail(ProjectorFault::kCutOff);
  const bool cut_off = count_ < matrix_.rows * matrix_.columns;
  if (exact_size_ && (cut_off || has_more_ || !held_.empty())) return Fail(ProjectorFault::kSize);
  if (cut_off) return Fail(ProjectorFault::kCutOff);
  if (fortran_order_ && keeps_values_) Transpose();
}

Bytes ArrayReader::TakeHeader(Bytes bytes) {
  const size_t before = held_.size();
  const size_t part = std::min(kMaxNpyHeaderBytes - before, bytes.size());
  held_.insert(held_.end(), bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(part));
  NpyHeader header;
  const ProjectorFault fault = ReadNpyHeader(held_, &header);
  if (fault == ProjectorFault::kCutOff) return {};
  in_header_ = false;
  held_.clear();
  if (fault != ProjectorFault::kNone) {
    Fail(fault);
    return {};
  }
  type_ = header.type;
  fortran_order_ = header.fortran_order;
  SetShape(header.shape);
  return bytes.subspan(static_cast<size_t>(header.data_offset) - before);
}

void ArrayReader::SetShape(const std::vector<uint64_t>& shape) {
  if (shape.size() != 2 && (shape.size() != 1 || exact_size_)) return Fail(ProjectorFault::kRank);
  matrix_.rows = shape[0];
  matrix_.columns = shape.size() == 1 ? 1 : shape[1];
  const auto [smaller, larger] = std::minmax(matrix_.rows, matrix_.columns);
  if (larger > max_values_ || (larger > 0 && smaller > max_values_ / larger)) Fail(ProjectorFault::kTooBig);
}

void ArrayReader::Convert(Bytes elements) {
  const uint64_t missing = matrix_.rows * matrix_.columns - count_;
  const auto count = static_cast<size_t>(std::min<uint64_t>(elements.size() / type_.bytes, missing));
  has_more_ = has_more_ || count < elements.size() / type_.bytes;
  count_ += count;
  if (!keeps_values_) return;
  AppendFloats(type_, elements.first(count * type_.bytes), &matrix_.values);
}

void ArrayReader::Transpose() {
  const auto rows = static_cast<size_t>(matrix_.rows), columns = static_cast<size_t>(matrix_.columns);
  std::vector<float> values(matrix_.values.size());
  for (size_t row = 0; row < rows; ++row) {
    for (size_t column = 0; column < columns; ++column) {
      values[row * columns + column] = matrix_.values[column * rows + row];
    }
  }
  matrix_.values = std::move(values);
}

void ArrayReader::Fail(ProjectorFault fault) {
  problem_.fault = fault;
  matrix_.values = {};
}

}  // namespace tensorpane
