#include "graph/data_type.h"

#include <algorithm>
#include <array>

namespace tensorpane {
namespace {

/// Types that writers may only read a tensor by are numbers beyond it: DT_FLOAT_REF = 101.
constexpr uint64_t kReference = 100;

struct TypeNames {
  std::string_view proto;  ///< without DT_
  std::string_view name;
};

/// By number: types.proto, and what tf.DType.name says.
constexpr std::array<TypeNames, 33> kTypes = {{
    {"INVALID", ""},
    {"FLOAT", "float32"},
    {"DOUBLE", "float64"},
    {"INT32", "int32"},
    {"UINT8", "uint8"},
    {"INT16", "int16"},
    {"INT8", "int8"},
    {"STRING", "string"},
    {"COMPLEX64", "complex64"},
    {"INT64", "int64"},
    {"BOOL", "bool"},
    {"QINT8", "qint8"},
    {"QUINT8", "quint8"},
    {"QINT32", "qint32"},
    {"BFLOAT16", "bfloat16"},
    {"QINT16", "qint16"},
    {"QUINT16", "quint16"},
    {"UINT16", "uint16"},
    {"COMPLEX128", "complex128"},
    {"HALF", "float16"},
    {"RESOURCE", "resource"},
    {"VARIANT", "variant"},
    {"UINT32", "uint32"},
    {"UINT64", "uint64"},
    {"FLOAT8_E5M2", "float8_e5m2"},
    {"FLOAT8_E4M3FN", "float8_e4m3fn"},
    {"FLOAT8_E4M3FNUZ", "float8_e4m3fnuz"},
    {"FLOAT8_E4M3B11FNUZ", "float8_e4m3b11fnuz"},
    {"FLOAT8_E5M2FNUZ", "float8_e5m2fnuz"},
    {"INT4", "int4"},
    {"UINT4", "uint4"},
    {"INT2", "int2"},
    {"UINT2", "uint2"},
}};

}  // namespace

std::string DataTypeName(uint64_t number) {
  if (number < kTypes.size()) return std::string(kTypes[static_cast<size_t>(number)].name);
  if (number > kReference && number - kReference < kTypes.size()) {
    return std::string(kTypes[static_cast<size_t>(number - kReference)].name) + "_ref";
  }
  return "type " + std::to_string(number);
}

std::optional<uint64_t> DataTypeOf(std::string_view name) {
  if (!name.starts_with("DT_")) return std::nullopt;
  name.remove_prefix(3);
  const bool reference = name.ends_with("_REF");
  if (reference) name.remove_suffix(4);
  const auto found = std::find_if(kTypes.begin(), kTypes.end(),
                                  [name](const TypeNames& type) { return type.proto == name; });
  if (found == kTypes.end()) return std::nullopt;
  return static_cast<uint64_t>(found - kTypes.begin()) + (reference ? kReference : 0);
}

}  // namespace tensorpane
