// What a dump says of values and of plugin data. Input: plugin, storage, payload.

#include "dump/describe_value.h"
#include "input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorpane;
  // The order is that of tests/fuzz/seeds.py.
  constexpr std::string_view kPlugins[] = {"images",
                                           "audio",
                                           "text",
                                           "histograms",
                                           "pr_curves",
                                           "mesh",
                                           "hparams",
                                           "graphs",
                                           "custom_scalars",
                                           "graph_keras_model",
                                           "graph_run_metadata",
                                           "graph_run_metadata_graph",
                                           "graph_tagged_run_metadata",
                                           "unknown"};
  fuzz::Input input(data, size);
  const std::string_view plugin = kPlugins[input.Byte() % std::size(kPlugins)];
  const auto storage = static_cast<Storage>(input.Byte() % kStorages);
  const std::string payload(AsText(input.Rest()));
  const DescribedValue described = DescribeValue(plugin, storage, AsBytes(payload), true);
  FUZZ_CHECK(!described.value.empty());
  FUZZ_CHECK(!DescribeContent(plugin, AsBytes(payload)).empty());
  return 0;
}
