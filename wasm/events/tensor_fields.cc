#include "events/tensor_fields.h"

namespace tensorpane {

WireType TensorListType(uint32_t field) {
  switch (field) {
    case 5:
    case 9:
      return WireType::kFixed32;
    case 6:
    case 12:
      return WireType::kFixed64;
    case 8:
    case kFloat8List:
      return WireType::kBytes;
    default:
      return WireType::kVarint;
  }
}

bool ReadTensorShape(WholeRecord& record, const Field& shape, std::vector<int64_t>* sizes,
                     uint64_t* elements) {
  *elements = 1;
  sizes->clear();
  Cursor<WholeRecord> dims(record, shape.offset, shape.length);
  Field dim;
  while (dims.Next(&dim)) {
    if (dim.number != 2 || dim.type != WireType::kBytes) continue;
    int64_t size = 0;
    Cursor<WholeRecord> fields(record, dim.offset, dim.length);
    Field field;
    while (fields.Next(&field)) {
      if (field.number == 1 && field.type == WireType::kVarint) size = static_cast<int64_t>(field.value);
    }
    if (fields.stop() != Cursor<WholeRecord>::Stop::kEnd) return false;
    sizes->push_back(size);
    if (size < 0 || *elements == kNoElements ||
        __builtin_mul_overflow(*elements, static_cast<uint64_t>(size), elements)) {
      *elements = kNoElements;
    }
  }
  return dims.stop() == Cursor<WholeRecord>::Stop::kEnd;
}

std::optional<TensorHead> ReadTensorHead(Bytes start) {
  TensorHead head;
  WholeRecord record(start);
  Cursor<WholeRecord> fields(record, 0, start.size());
  // It ends at the elements, which are cut off.
  for (Field field; fields.Next(&field);) {
    if (field.number == kTensorDtype && field.type == WireType::kVarint && field.value <= UINT8_MAX) {
      head.dtype = static_cast<DType>(field.value);
    } else if (field.number == kTensorShape && field.type == WireType::kBytes) {
      if (!ReadTensorShape(record, field, &head.shape, &head.elements)) return std::nullopt;
    }
  }
  return head;
}

}  // namespace tensorpane
