// Graphs as text: protobuf's text format, and Keras models. Input: text.

#include "graph/graph_text.h"

#include "graph/graph_source.h"
#include "graph/keras_reader.h"
#include "graph_check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorpane;
  const Bytes bytes(data, size);
  const GraphText text = SerializeGraphText(AsText(bytes));
  FUZZ_CHECK(text.unread <= size);
  const Graph layers = ReadKerasModel({data, data + size});
  CheckGraph(layers);
  CheckComparison(layers);
  if (const std::optional<Graph> file = ReadGraphFile({data, data + size})) CheckGraph(*file);
  return 0;
}
