// TensorProto of any dtype, and the short way that scalars take. Input: a TensorProto.

#include "events/tensor.h"

#include <cmath>

#include "base/json_writer.h"
#include "events/scalar_tensor.h"
#include "input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorpane;
  const Bytes bytes(data, size);
  const Tensor tensor = DecodeTensor(bytes);
  Scalar scalar;
  DecodeScalarTensor(bytes, &scalar);
  if (tensor.error.empty()) {
    const bool is_string = tensor.dtype == DType::kString;
    if (is_string) FUZZ_CHECK(tensor.strings.size() == tensor.elements());
    JsonWriter info, elements;
    WriteTensorInfo(tensor, &info, true);
    if (tensor.elements() <= 4096) WriteTensorElements(tensor, &elements);
    if (scalar.is_number && tensor.elements() == 1 && !is_string) {
      const double element = ElementAsDouble(tensor, 0);
      FUZZ_CHECK(element == scalar.value || (std::isnan(element) && std::isnan(scalar.value)));
    }
  } else {
    FUZZ_CHECK(tensor.data.empty() && tensor.strings.empty());
  }
  return 0;
}
