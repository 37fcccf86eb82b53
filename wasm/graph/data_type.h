#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tensorpane {

/// tensorflow.DataType beyond those of which tensors are decoded (events/dtype.h).
inline constexpr uint64_t kStringType = 7, kBoolType = 10, kResourceType = 20;

/// Name of a number of tensorflow.DataType (tensorflow/core/framework/types.proto): "float32", "resource",
/// "float32_ref"; "type 99" of one that is not known, empty of 0.
std::string DataTypeName(uint64_t number);

/// The number that protobuf's text format calls "DT_FLOAT", "DT_FLOAT_REF".
std::optional<uint64_t> DataTypeOf(std::string_view name);

}  // namespace tensorpane
