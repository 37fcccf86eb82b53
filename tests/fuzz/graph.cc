// Graphs of all serialized forms, profiles, and comparisons. Input: which form, a byte, then the message.

#include "graph/graph_source.h"
#include "graph/profile.h"
#include "graph_check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorpane;
  if (size == 0) return 0;
  constexpr GraphContent kContents[] = {GraphContent::kGraphDef, GraphContent::kMetaGraphDef,
                                        GraphContent::kSavedModel, GraphContent::kRunMetadata};
  std::vector<uint8_t> bytes(data + 1, data + size);
  Graph graph = ReadGraph(kContents[data[0] % 4], bytes);
  CheckGraph(graph);
  CheckComparison(graph);
  const ProfileJoin join = JoinProfile(bytes, &graph);
  FUZZ_CHECK(join.unknown <= join.entries);
  CheckGraph(graph);
  if (const std::optional<Graph> file = ReadGraphFile(std::move(bytes))) CheckGraph(*file);
  return 0;
}
