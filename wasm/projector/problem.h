#pragma once

#include <cstdint>
#include <string>

namespace tensorpane {

/// Why a file of the projector cannot be read, or not to its end.
enum class ProjectorFault : uint8_t {
  kNone,
  kCutOff,  ///< It ends before its end.
  // projector_config.pbtxt
  kSyntax,     ///< Something that cannot stand here.
  kNumber,     ///< Begins like a number and is none.
  kString,     ///< A string that its line does not end, or with a NUL.
  kEscape,     ///< No escape sequence of a string.
  kDepth,      ///< Messages nest too deep.
  kFieldType,  ///< A field that is known has a value of another type.
  kTooMany,    ///< More embeddings than are read.
  // Tensors
  kNotANumber,   ///< A cell that is no number.
  kMissingCell,  ///< A line with fewer cells than the first.
  kExtraCell,    ///< A line with more cells than the first.
  kNotFinite,    ///< A cell that is infinite, or no number on purpose ("nan").
  kNoNumbers,    ///< Text in which no column is of numbers.
  kTooBig,       ///< Over the limit of values.
  kNotNpy,       ///< Does not begin as a .npy file, or has a version that is not known.
  kNpyHeader,    ///< A header that is not what NumPy writes.
  kNumberType,   ///< Elements that are no real numbers, or of a size that is not read.
  kRank,         ///< Not a matrix, or `tensor_shape` does not have two numbers.
  kSize,         ///< Another number of bytes than `tensor_shape` says.
};

/// Names cross to the page.
constexpr const char* Name(ProjectorFault fault) {
  switch (fault) {
    case ProjectorFault::kNone:
      return "none";
    case ProjectorFault::kCutOff:
      return "cut_off";
    case ProjectorFault::kSyntax:
      return "syntax";
    case ProjectorFault::kNumber:
      return "number";
    case ProjectorFault::kString:
      return "string";
    case ProjectorFault::kEscape:
      return "escape";
    case ProjectorFault::kDepth:
      return "depth";
    case ProjectorFault::kFieldType:
      return "field_type";
    case ProjectorFault::kTooMany:
      return "too_many";
    case ProjectorFault::kNotANumber:
      return "not_a_number";
    case ProjectorFault::kMissingCell:
      return "missing_cell";
    case ProjectorFault::kExtraCell:
      return "extra_cell";
    case ProjectorFault::kNotFinite:
      return "not_finite";
    case ProjectorFault::kNoNumbers:
      return "no_numbers";
    case ProjectorFault::kTooBig:
      return "too_big";
    case ProjectorFault::kNotNpy:
      return "not_npy";
    case ProjectorFault::kNpyHeader:
      return "npy_header";
    case ProjectorFault::kNumberType:
      return "number_type";
    case ProjectorFault::kRank:
      return "rank";
    case ProjectorFault::kSize:
      return "size";
  }
  return "none";
}

/// A fault and its place.
struct ProjectorProblem {
  ProjectorFault fault = ProjectorFault::kNone;
  uint64_t line = 0;    ///< From 1; 0 in files without lines.
  uint64_t column = 0;  ///< From 1: of a config the character, of a TSV the cell.
  std::string text;     ///< Of a TSV the first bytes of the cell, as valid UTF-8.

  bool ok() const { return fault == ProjectorFault::kNone; }
};

}  // namespace tensorpane
