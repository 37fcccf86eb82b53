#pragma once

#include <vector>

#include "base/bytes.h"
#include "projector/matrix.h"
#include "projector/npy.h"
#include "projector/problem.h"

namespace tensorpane {

/// Reads a binary array into a matrix: a .npy file, or the raw little-endian float32 of a .bytes file. The
/// bytes come in pieces of any size; memory grows with them, whatever a header says.
class ArrayReader {
 public:
  /// numpy.save; bytes behind the data are ignored, as by numpy.load. Of rank 1 each number is a row.
  static ArrayReader Npy(uint64_t max_values = kMaxMatrixValues, MatrixValues values = MatrixValues::kKept);
  /// `tensor_shape` of the config; the file must have just its size (projector_plugin.py reshapes it).
  static ArrayReader Raw(const std::vector<uint32_t>& tensor_shape, uint64_t max_values = kMaxMatrixValues,
                         MatrixValues values = MatrixValues::kKept);

  /// Bytes behind a problem are ignored.
  void Feed(Bytes bytes);
  void Finish();

  /// Whole after Finish() if there is no problem; else of the size that was told and without values.
  const Matrix& matrix() const { return matrix_; }
  Matrix Take() { return std::move(matrix_); }
  const ProjectorProblem& problem() const { return problem_; }

 private:
  ArrayReader(uint64_t max_values, MatrixValues values)
      : keeps_values_(values == MatrixValues::kKept), max_values_(max_values) {}

  void SetShape(const std::vector<uint64_t>& shape);
  /// Gives `bytes` back without the header, which may need more of them.
  Bytes TakeHeader(Bytes bytes);
  void Convert(Bytes elements);
  void Transpose();
  void Fail(ProjectorFault fault);

  bool keeps_values_;
  uint64_t max_values_;
  uint64_t count_ = 0;  // of values that came
  bool in_header_ = false;
  bool exact_size_ = false;
  bool has_more_ = false;  // bytes than values
  bool fortran_order_ = false;
  ElementType type_;
  std::vector<uint8_t> held_;  // of the header, or of an element
  Matrix matrix_;
  ProjectorProblem problem_;
};

}  // namespace tensorpane
