#include "graph/graph_source.h"

#include <gtest/gtest.h>

#include "graph/graph_text.h"
#include "graph_bytes.h"

namespace tensorpane {
namespace {

using namespace testing;  // NOLINT: all of it is for this

std::vector<uint8_t> Source(const std::string& bytes) { return {bytes.begin(), bytes.end()}; }

std::string FromFile(const std::string& bytes) {
  const std::optional<Graph> graph = ReadGraphFile(Source(bytes));
  return graph ? Printed(*graph) + PrintedFaults(*graph) : "none";
}

const std::string kGraph = GraphNode("x", "Const") + GraphNode("y", "Neg", {"x"});
const std::string kPrinted = "x = Const()\ny = Neg(x)\n";

TEST(GraphSource, FilesAreKnownByTheirBytes) {
  const std::string meta =
      BytesField(1, BytesField(5, "2.21.0") + BytesField(4, "serve")) + BytesField(2, kGraph);
  EXPECT_EQ(FromFile(kGraph), kPrinted);
  EXPECT_EQ(FromFile(kGraph + Library(Function("f", {}, {}, {NodeDef("n", "A")}))), kPrinted);
  EXPECT_EQ(FromFile(meta), kPrinted);
  EXPECT_EQ(FromFile(VarintField(1, 1) + BytesField(2, meta)), kPrinted);
  EXPECT_EQ(ReadGraphFile(Source(meta))->producer, "TensorFlow 2.21.0");
  EXPECT_EQ(FromFile(BytesField(4, BytesField(2, kGraph))), kPrinted);
  EXPECT_EQ(FromFile(BytesField(3, kGraph)), kPrinted);
  EXPECT_EQ(
      FromFile(
          R"( {"class_name": "Sequential", "config": {"layers": [{"class_name": "A", "config": {"name": "a"}}]}})"),
      "a = A()\n");
  for (const std::string none : {"", "hello", "{}", "{\"a\": 1}", "\x01\x02", "PK\x03\x04", "a: 1"}) {
    EXPECT_EQ(FromFile(none), "none") << none;
  }
  EXPECT_EQ(FromFile("node { name: 'a' op: 'A' }"), "a = A()\n");
}

TEST(GraphSource, SeveralGraphsAreMerged) {
  const std::string meta = BytesField(2, kGraph);
  EXPECT_EQ(
      FromFile(VarintField(1, 1) + BytesField(2, meta) + BytesField(2, BytesField(2, GraphNode("x", "A")))),
      "graph_1/x = Const()\ngraph_1/y = Neg(graph_1/x)\ngraph_2/x = A()\n");
  // Parts of one graph by device keep their names.
  const Graph parts = ReadGraph(GraphContent::kRunMetadata, Source(BytesField(3, GraphNode("a", "A")) +
                                                                   BytesField(3, GraphNode("b", "B"))));
  EXPECT_EQ(Printed(parts), "a = A()\nb = B()\n");
  const Graph none = ReadGraph(GraphContent::kRunMetadata, {});
  EXPECT_EQ(PrintedFaults(none), "empty profile 1");
}

TEST(GraphSource, TellsWhatIsCutOff) {
  const std::string meta = BytesField(2, kGraph);
  const Graph graph = ReadGraph(GraphContent::kMetaGraphDef, Source(meta.substr(0, meta.size() - 1)));
  EXPECT_EQ(PrintedFaults(graph), "malformed 12");
  EXPECT_GT(graph.bodies[0].size(), 0u);
  const std::string saved = BytesField(2, meta);
  const std::optional<Graph> file = ReadGraphFile(Source(saved.substr(0, saved.size() - 1)));
  ASSERT_TRUE(file);
  EXPECT_EQ(PrintedFaults(*file), "malformed 12");
}

TEST(GraphSource, WhatIsEmptyIsSaidToBe) {
  // What TensorFlow 2 makes of tf.Graph(): versions, and a library.
  const std::optional<Graph> graph =
      ReadGraphFile(Source(BytesField(2, "") + BytesField(4, VarintField(1, 1882))));
  ASSERT_TRUE(graph);
  EXPECT_EQ(PrintedFaults(*graph), "empty 1");
  EXPECT_FALSE(ReadGraphFile({}));
  // Nodes that say nothing are anything.
  EXPECT_FALSE(ReadGraphFile(Source(BytesField(1, "") + BytesField(1, ""))));
  EXPECT_EQ(PrintedFaults(ReadGraph(GraphContent::kRunMetadata, {})), "empty profile 1");
  EXPECT_EQ(PrintedFaults(ReadGraph(GraphContent::kRunMetadata, Source(BytesField(1, BytesField(1, ""))))),
            "empty profile 1");
  // One that tells only which graph ran, or only how long, has something.
  const std::string node = GraphNode("x", "A");
  EXPECT_EQ(PrintedFaults(ReadGraph(GraphContent::kRunMetadata, Source(BytesField(3, node)))), "");
}

TEST(GraphSource, PayloadsAreUnwrapped) {
  EXPECT_EQ(GraphContentOf("graphs", Storage::kGraphDef), GraphContent::kGraphDef);
  EXPECT_EQ(GraphContentOf("graphs", Storage::kMetaGraphDef), GraphContent::kMetaGraphDef);
  EXPECT_EQ(GraphContentOf("graph_run_metadata_graph", Storage::kTensor), GraphContent::kRunMetadata);
  EXPECT_EQ(GraphContentOf("scalars", Storage::kTensor), std::nullopt);
  const std::string tensor = VarintField(1, 7) + BytesField(8, "bytes");
  EXPECT_EQ(GraphBytes(Storage::kGraphDef, false, AsBytes("bytes")), Source("bytes"));
  EXPECT_EQ(GraphBytes(Storage::kTensor, false, AsBytes(tensor)), Source("bytes"));
  EXPECT_EQ(GraphBytes(Storage::kTensor, true, AsBytes(TensorValue("tag", "p", tensor))), Source("bytes"));
  EXPECT_EQ(GraphBytes(Storage::kTensor, false, AsBytes(VarintField(1, 1) + FloatField(5, 1))), std::nullopt);
  EXPECT_EQ(GraphBytes(Storage::kHisto, false, AsBytes(tensor)), std::nullopt);
}

constexpr std::string_view kText = R"pb(
  # A graph as text.
  node {
    name: "x"
    op: "Placeholder"
    attr {
      key: "dtype"
      value { type: DT_HALF }
    }
    attr {
      key: "shape"
      value {
        shape {
          dim { size: -1 }
          dim { size: 3 }
        }
      }
    }
  }
  node {
    name: "call"
    op: "PartitionedCall"
    input: [ "x", "^x" ]
    device: "/cpu:0"
    attr {
      key: "f"
      value { func { name: "g" } }
    }
    attr {
      key: "_output_shapes"
      value { list { shape { unknown_rank: true } } }
    }
    experimental_debug_info { original_node_names: "a" }
  }
  library {
    function {
      signature {
        name: "g"
        input_arg { name: "n" type: DT_FLOAT }
        output_arg { name: "r" type: DT_FLOAT }
      }
      node_def { name: "neg" op: "Neg" input: "n" }
      ret { key: "r" value: "neg:y:0" }
    }
  }
  versions { producer: 1882 }
)pb";

TEST(GraphText, ReadsAsTheSerializedGraphDoes) {
  const std::optional<Graph> graph = ReadGraphFile(Source(std::string(kText)));
  ASSERT_TRUE(graph);
  EXPECT_EQ(Printed(*graph), "x = Placeholder() : ?×3 float16\ncall = PartitionedCall(x, ^x) : \n");
  EXPECT_EQ(Printed(*graph, 1), "n = _Arg() :  float32\nneg = Neg(n)\nr = _Retval(neg)\n");
  EXPECT_EQ(graph->bodies[0].calls.size(), 1u);
  EXPECT_EQ(graph->producer, "TensorFlow graph version 1882");
  const std::string inner(kText);
  EXPECT_EQ(Printed(*ReadGraphFile(Source("graph_def {" + inner + "}"))), Printed(*graph));
  EXPECT_EQ(Printed(*ReadGraphFile(
                Source("saved_model_schema_version: 1 meta_graphs { graph_def {" + inner + "} }"))),
            Printed(*graph));
}

TEST(GraphText, ReadsARunMetadataAsTheSerializedOneIsRead) {
  const std::string inner(kText);
  const std::string stats = R"pb(
    step_stats {
      dev_stats {
        device: "/gpu:0"
        node_stats {
          node_name: "x"
          all_start_micros: 1000
          op_end_rel_micros: 1
          all_end_rel_micros: 40
          memory { allocator_name: "GPU_0" total_bytes: 512 }
          output {
            slot: 0
            tensor_description {
              dtype: DT_HALF
              shape {
                dim { size: 7 }
                dim { size: 3 }
              }
            }
          }
          timeline_label: "x = Placeholder()"
        }
        thread_names { key: 1 value: "a" }
      }
    }
    cost_graph { node { name: "x" } })pb";
  for (const std::string& text : {stats + "partition_graphs {" + inner + "}",
                                  "function_graphs { partition_graphs { } pre_optimization_graph {" + inner +
                                      "} post_optimization_graph { node { name: 'z' op: 'Z' } } }" + stats}) {
    const std::optional<Graph> graph = ReadGraphFile(Source(text));
    ASSERT_TRUE(graph);
    EXPECT_EQ(graph->bodies[0].size(), 2u);
    EXPECT_EQ(graph->texts[graph->bodies[0].names[0]], "x");
    ASSERT_EQ(graph->bodies[0].compute_micros.size(), 2u);
    EXPECT_EQ(graph->bodies[0].compute_micros[0], 40);
    EXPECT_EQ(graph->bodies[0].memory_bytes[0], 512);
    EXPECT_EQ(graph->texts[graph->bodies[0].devices[0]], "/gpu:0");
    EXPECT_EQ(PrintedFaults(*graph), "");
  }
}

TEST(GraphText, SerializesEveryKindOfValue) {
  const GraphText text = SerializeGraphText(
      "node { attr { key: 'k\\377' value { list { i: [1, -2, 0x10] f: 1.5 f: -inf b: true type: DT_FLOAT_REF "
      "s: 'x' } } } "
      "attr { value { tensor { dtype: DT_DOUBLE double_val: 2 half_val: 15360 } } } name: 3 unknown { a: 1 } "
      "}");
  const std::string list = VarintField(3, 1) + VarintField(3, static_cast<uint64_t>(-2)) +
                           VarintField(3, 16) + FloatField(4, 1.5) +
                           FloatField(4, -std::numeric_limits<float>::infinity()) + VarintField(5, 1) +
                           VarintField(6, 101) + BytesField(2, "x");
  const std::string node =
      BytesField(5, BytesField(1, "k\xff") + BytesField(2, BytesField(1, list))) +
      BytesField(
          5, BytesField(2, BytesField(8, VarintField(1, 2) + DoubleField(6, 2) + VarintField(13, 15360))));
  EXPECT_EQ(text.bytes, Source(BytesField(1, node)));
  EXPECT_EQ(text.unread, std::nullopt);
}

TEST(GraphText, ADamagedTextKeepsWhatWasRead) {
  const std::optional<Graph> graph =
      ReadGraphFile(Source("node { name: 'a' op: 'A' } node { name: 'b' op: 'B' ?? } node { }"));
  ASSERT_TRUE(graph);
  EXPECT_EQ(Printed(*graph), "a = A()\nb = B()\n");
  EXPECT_EQ(PrintedFaults(*graph), "malformed 13");
  for (size_t length = 0; length < kText.size(); ++length) SerializeGraphText(kText.substr(0, length));
  EXPECT_EQ(SerializeGraphText("node { name: 'x'").unread, 0u);
}

}  // namespace
}  // namespace tensorpane
