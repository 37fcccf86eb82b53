// Graphs, run metadata and Keras models of real logs against tests/data/*/expected.json.

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "base/json_writer.h"
#include "events/event_walker.h"
#include "events/tensor.h"
#include "graph/compare_graphs.h"
#include "graph/graph_source.h"
#include "graph/graph_summary.h"
#include "graph/keras_summary.h"
#include "graph/run_metadata_summary.h"
#include "graph_bytes.h"
#include "read_bytes.h"

namespace tensorpane {
namespace {

using nlohmann::json;

/// A run, read from its files.
class RunFiles {
 public:
  RunFiles(const std::string& directory, const json& run) {
    for (const json& file : run.at("files")) {
      std::ifstream in(directory + "/" + file.at("name").get<std::string>(), std::ios::binary);
      std::string bytes{std::istreambuf_iterator<char>(in), {}};
      EXPECT_EQ(bytes.size(), file.at("size"));
      const FileId id = testing::ReadBytes(&log_, ".", bytes);
      files_.emplace(id, std::move(bytes));
    }
  }

  const Series* Find(std::string_view tag) const {
    for (const Series& series : log_.series()) {
      if (log_.tag(series.tag) == tag) return &series;
    }
    return nullptr;
  }

  /// The bytes of a value of a graph plugin: the payload, or the text that its tensor holds.
  Bytes Value(const BlobRef& blob) {
    const Bytes payload =
        AsBytes(files_.at(blob.file)).subspan(blob.offset, static_cast<size_t>(blob.length()));
    EXPECT_FALSE(blob.split);
    if (static_cast<Storage>(blob.storage) != Storage::kTensor) return payload;
    const Tensor tensor = DecodeTensor(payload);
    EXPECT_EQ(tensor.strings.size(), 1u);
    return tensor.strings.empty() ? Bytes() : tensor.strings[0];
  }

  /// The last meta_graph_def; the files are sound.
  Bytes LastMetaGraph() const {
    Bytes last;
    for (const auto& [id, file] : files_) {
      for (size_t at = 0; at < file.size();) {
        const auto length = static_cast<size_t>(LoadLittleEndian<uint64_t>(AsBytes(file).data() + at));
        const Bytes payload = AsBytes(file).subspan(at + 12, length);
        at += 12 + length + 4;
        WholeRecord record(payload);
        Event event;
        EXPECT_EQ(WalkEvent(record, &event), WalkResult::kOk);
        if (event.kind != EventKind::kMetaGraphDef) continue;
        last = payload.subspan(static_cast<size_t>(event.payload.offset),
                               static_cast<size_t>(event.payload.length));
      }
    }
    return last;
  }

 private:
  Log log_{size_t{1} << 30};
  std::map<FileId, std::string> files_;
};

/// The graph in the first value of a tag.
Graph FirstGraph(const std::string& name, const std::string& run_name, const std::string& tag) {
  const std::string directory = std::string(TENSORPANE_TEST_DATA) + "/" + name;
  std::ifstream in(directory + "/expected.json");
  const json expected = json::parse(in);
  for (const json& run : expected.at("runs")) {
    if (run.at("run") != run_name) continue;
    RunFiles files(directory + "/logs/" + run_name, run);
    const Bytes bytes = files.Value(files.Find(tag)->points.blob(0));
    const std::string plugin = run.at("tags").at(tag).at("plugin_name");
    return ReadGraph(*GraphContentOf(plugin, Storage::kTensor), {bytes.begin(), bytes.end()});
  }
  return {};
}

json Described(const std::string& plugin, Bytes bytes) {
  JsonWriter writer;
  if (plugin == "graphs") {
    DescribeGraph(bytes).WriteJson(&writer);
  } else if (plugin == "graph_keras_model") {
    DescribeKeras(bytes).WriteJson(&writer);
  } else {
    DescribeRunMetadata(bytes).WriteJson(&writer);
  }
  return json::parse(writer.text());
}

TEST(GraphOracle, EveryGraphOfTheRealLogs) {
  std::map<std::string, int> compared;
  for (const std::string name : {"torch_all", "tbx_all", "tf_summaries", "tf1_compat", "keras_digits",
                                 "keras2_digits", "lightning_run"}) {
    const std::string directory = std::string(TENSORPANE_TEST_DATA) + "/" + name;
    std::ifstream in(directory + "/expected.json");
    const json expected = json::parse(in);
    for (const json& run : expected.at("runs")) {
      SCOPED_TRACE(name + ": " + run.at("run").get<std::string>());
      RunFiles files(directory + "/logs/" + run["run"].get<std::string>(), run);
      if (run.contains("meta_graph")) {
        JsonWriter writer;
        DescribeMetaGraph(files.LastMetaGraph()).WriteJson(&writer);
        EXPECT_EQ(json::parse(writer.text()), run["meta_graph"]);
        ++compared["meta_graph"];
      }
      for (const auto& [tag, want] : run.at("tags").items()) {
        const std::string plugin = want.at("plugin_name");
        if (!plugin.starts_with("graph")) continue;
        const Series* const series = files.Find(tag);
        ASSERT_NE(series, nullptr) << tag;
        ASSERT_EQ(series->points.size(), want.at("values").size()) << tag;
        for (uint32_t i = 0; i < series->points.size(); ++i) {
          json value = want["values"][i];
          value.erase("keys");  // of a Keras model: not described
          EXPECT_EQ(Described(plugin, files.Value(series->points.blob(i))), value) << tag << " " << i;
          ++compared[plugin];
        }
      }
    }
  }
  EXPECT_EQ(compared["meta_graph"], 2);
  EXPECT_EQ(compared["graphs"], 11);
  EXPECT_EQ(compared["graph_tagged_run_metadata"], 8);
  EXPECT_EQ(compared["graph_run_metadata_graph"], 2);
  EXPECT_EQ(compared["graph_keras_model"], 3);
}

/// As keras_model_to_graph_def of TensorBoard 2.20 has it, without the name of the model before each layer;
/// the shapes are those of Keras' `model.summary()`.
TEST(GraphOracle, LayersOfKeras3) {
  const Graph graph = FirstGraph("keras_digits", "train", "keras");
  EXPECT_EQ(testing::Printed(graph),
            "pixels = InputLayer() : ?×64 int32\n"
            "intensity = Embedding(pixels) : ?×64×4 float32\n"
            "reshape = Reshape(intensity) : ?×8×8×4 float32\n"
            "conv = Conv2D(reshape) : ?×6×6×8 float32\n"
            "pool = MaxPooling2D(conv) : ?×3×3×8 float32\n"
            "flat = Flatten(pool) : ?×72 float32\n"
            "hidden = Dense(flat) : ?×24 float32\n"
            "drop = Dropout(hidden) : ?×24 float32\n"
            "digit = Dense(drop) : ?×10 float32\n");
}

/// TensorBoard does not read the inputs of Keras 2. These are what the JSON says.
TEST(GraphOracle, LayersOfKeras2) {
  const Graph graph = FirstGraph("keras2_digits", "train", "keras");
  EXPECT_EQ(testing::Printed(graph),
            "words = InputLayer() : ?×64 int32\n"
            "image = InputLayer() : ?×8×8×1 float32\n"
            "intensity = Embedding(words) : ?×64×3 float32\n"
            "vision/conv_input = InputLayer(image) : ?×8×8×1 float32\n"
            "vision/conv = Conv2D(vision/conv_input) : ?×6×6×6 float32\n"
            "vision/norm = BatchNormalization(vision/conv) : ?×6×6×6 float32\n"
            "vision/pool = GlobalMaxPooling2D(vision/norm) : ?×6 float32\n"
            "mean = GlobalAveragePooling1D(intensity) : ?×3 float32\n"
            "both = Concatenate(vision/pool, mean) : ?×9 float32\n"
            "digit = Dense(both) : ?×10 float32\n"
            "parity = Dense(both) : ?×1 float32\n");
}

TEST(GraphOracle, NodesOfOneNameInALogOfTorch) {
  const Graph graph = FirstGraph("torch_all", "graph_onnx", "__run_graph__");
  EXPECT_EQ(testing::Printed(graph),
            "x = Variable() : ?×3 float32\ny = Variable() : ?×2 float32\nproduct = MatMul(x, ?w?)\ny_(2) = "
            "Relu(product)\n");
  EXPECT_EQ(testing::PrintedFaults(graph), "dangling 1 w, duplicate 1 y");
}

TEST(GraphOracle, TwoGraphsOfTheSameModel) {
  const Graph relu = FirstGraph("lightning_run", "lightning_logs/version_0", "__run_graph__");
  const Graph tanh = FirstGraph("lightning_run", "lightning_logs/version_1", "__run_graph__");
  const std::unique_ptr<Graph> compared = CompareGraphs(relu, tanh);
  std::string different;
  const GraphBody& body = compared->bodies[0];
  for (NodeIndex node = 0; node < body.size(); ++node) {
    if (body.differences[node] == Difference::kSame) continue;
    different += std::string(compared->texts[body.names[node]]) + " " +
                 std::to_string(static_cast<int>(body.differences[node])) + "\n";
    for (const std::string& change : ChangesOf(*compared, 0, node)) different += "  " + change + "\n";
  }
  // Two sizes and two activations (lightning_run.py).
  EXPECT_EQ(different,
            "Classifier/Sequential[net]/Linear[0]/input.1 1\n"
            "  attribute \"_output_shapes\": [[1,8]] → [[1,16]]\n"
            "Classifier/Sequential[net]/ReLU[1]/input 3\n"
            "Classifier/Sequential[net]/Tanh[1]/input 2\n"
            "Classifier/Sequential[net]/Linear[2]/49 1\n"
            "  input added: Classifier/Sequential[net]/Tanh[1]/input\n"
            "  input removed: Classifier/Sequential[net]/ReLU[1]/input\n");
}

}  // namespace
}  // namespace tensorpane
