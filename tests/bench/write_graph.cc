// write_graph SHAPE NODES FILE: a GraphDef of so many nodes (deep: of so many namespaces). A test-only
// writer, for graphs too large to keep; graph_shapes.h has the shapes.

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "graph_shapes.h"

int main(int argc, char** argv) {
  using namespace tensorpane::bench;
  const std::map<std::string, GraphShape (*)(uint32_t)> shapes = {
      {"chain", MakeChain}, {"residual", MakeResidual}, {"layered", MakeLayered},
      {"flat", MakeFlat},   {"deep", MakeDeep},         {"training", MakeTraining}};
  const auto make = argc == 4 ? shapes.find(argv[1]) : shapes.end();
  if (make == shapes.end()) {
    std::fputs("usage: write_graph chain|residual|layered|flat|deep|training NODES FILE\n", stderr);
    return 2;
  }
  std::FILE* const file = std::fopen(argv[3], "wb");
  if (file == nullptr) {
    std::perror(argv[3]);
    return 1;
  }
  const std::string bytes = ToGraphDef(make->second(static_cast<uint32_t>(std::atol(argv[2]))));
  std::fwrite(bytes.data(), 1, bytes.size(), file);
  return std::fclose(file);
}
