#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"

namespace tensorpane {

/// Numbers of fields: tensorflow/core/framework/{graph,node_def,attr_value,function,op_def,versions,tensor,
/// tensor_shape}.proto. Entries of maps are messages of a key and a value.
namespace fields {
inline constexpr uint32_t kGraphNode = 1, kGraphLibrary = 2, kGraphVersions = 4;
inline constexpr uint32_t kNodeName = 1, kNodeOp = 2, kNodeInput = 3, kNodeDevice = 4, kNodeAttr = 5;
inline constexpr uint32_t kEntryKey = 1, kEntryValue = 2;
inline constexpr uint32_t kAttrList = 1, kAttrText = 2, kAttrInt = 3, kAttrFloat = 4, kAttrBool = 5,
                          kAttrType = 6, kAttrShape = 7, kAttrTensor = 8, kAttrPlaceholder = 9,
                          kAttrFunc = 10;
inline constexpr uint32_t kListText = 2, kListInt = 3, kListFloat = 4, kListBool = 5, kListType = 6,
                          kListShape = 7, kListTensor = 8, kListFunc = 9;
inline constexpr uint32_t kFuncName = 1;
inline constexpr uint32_t kShapeDim = 2, kShapeUnknownRank = 3, kDimSize = 1;
inline constexpr uint32_t kTensorDtype = 1, kTensorShape = 2;
inline constexpr uint32_t kLibraryFunction = 1;
inline constexpr uint32_t kFunctionSignature = 1, kFunctionNode = 3, kFunctionRet = 4,
                          kFunctionControlRet = 6, kFunctionArgAttr = 7;
inline constexpr uint32_t kOpDefName = 1, kOpDefInputArg = 2, kOpDefOutputArg = 3;
inline constexpr uint32_t kArgName = 1, kArgType = 3;
inline constexpr uint32_t kVersionsProducer = 1;
}  // namespace fields

/// The content of the last bytes field `number`; empty if there is none.
Bytes LastBytes(Bytes message, uint32_t number);
/// The value of the last varint field `number`.
std::optional<uint64_t> LastNumber(Bytes message, uint32_t number);

/// Reads a TensorShapeProto: sizes below 0 are unknown. False = the rank is not known.
bool ReadShape(Bytes shape, std::vector<int64_t>* sizes);
/// The types of an AttrValue.ListValue, packed or not.
std::vector<uint64_t> TypesOfList(Bytes list);

}  // namespace tensorpane
