// Graphs, run metadata and Keras models of real logs against tests/data/*/expected.json.

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "base/json_writer.h"
#include "events/event_walker.h"
#include "events/tensor.h"
#include "graph/graph_summary.h"
#include "graph/keras_summary.h"
#include "graph/run_metadata_summary.h"
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

}  // namespace
}  // namespace tensorpane
