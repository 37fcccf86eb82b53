// JSON, and Keras models in it. Input: text.

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "graph/keras_summary.h"
#include "input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorpane;
  const Bytes text(data, size);
  JsonReader reader(text);
  size_t tokens = 0;
  for (;;) {
    const JsonReader::Token token = reader.Next();
    FUZZ_CHECK(++tokens <= size + 2);
    if (token == JsonReader::Token::kEnd || token == JsonReader::Token::kError) break;
  }
  const KerasSummary summary = DescribeKeras(text);
  for (const uint32_t index : summary.nested) FUZZ_CHECK(index < summary.layer_names.size());
  JsonWriter json;
  summary.WriteJson(&json);
  return 0;
}
