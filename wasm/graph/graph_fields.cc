#include "graph/graph_fields.h"

#include "events/tensor_fields.h"
#include "graph/message_fields.h"

namespace tensorpane {

Bytes LastBytes(Bytes message, uint32_t number) {
  Bytes last;
  ForEachBytesField(message, [&](uint32_t field, Bytes content) {
    if (field == number) last = content;
    return true;
  });
  return last;
}

std::optional<uint64_t> LastNumber(Bytes message, uint32_t number) {
  std::optional<uint64_t> last;
  ForEachField(message, [&](const Field& field, Bytes) {
    if (field.number == number && field.type == WireType::kVarint) last = field.value;
    return true;
  });
  return last;
}

bool ReadShape(Bytes shape, std::vector<int64_t>* sizes) {
  bool has_rank = true;
  sizes->clear();
  ForEachField(shape, [&](const Field& field, Bytes content) {
    if (field.number == fields::kShapeDim && field.type == WireType::kBytes) {
      sizes->push_back(static_cast<int64_t>(LastNumber(content, fields::kDimSize).value_or(0)));
    } else if (field.number == fields::kShapeUnknownRank && field.type == WireType::kVarint) {
      has_rank = field.value == 0;
    }
    return true;
  });
  return has_rank;
}

std::vector<uint64_t> TypesOfList(Bytes list) {
  std::vector<uint64_t> types;
  ForEachField(list, [&](const Field& field, Bytes content) {
    if (field.number != fields::kListType) return true;
    if (field.type == WireType::kVarint) types.push_back(field.value);
    if (field.type == WireType::kBytes) {
      ForEachPacked(WireType::kVarint, content, [&types](uint64_t type) { types.push_back(type); });
    }
    return true;
  });
  return types;
}

}  // namespace tensorpane
