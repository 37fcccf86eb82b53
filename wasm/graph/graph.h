#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"

namespace tensorpane {

/// Index of a node in its GraphBody.
using NodeIndex = uint32_t;
constexpr NodeIndex kNoNode = UINT32_MAX;

/// A text that a graph holds once, however often it stands there; kNoText is the empty one.
using TextId = uint32_t;
constexpr TextId kNoText = 0;

/// Texts, each once. Ids are dense and in the order of first use. All are valid UTF-8.
class TextTable {
 public:
  TextTable() { Add({}); }
  TextTable(const TextTable&) = delete;
  TextTable& operator=(const TextTable&) = delete;
  TextTable(TextTable&&) = default;
  TextTable& operator=(TextTable&&) = default;

  /// What is no UTF-8 in `text` becomes U+FFFD.
  TextId Add(std::string_view text);
  /// kNoText if it is not there.
  TextId Find(std::string_view text) const;
  std::string_view operator[](TextId id) const { return texts_[id]; }
  size_t size() const { return texts_.size(); }

 private:
  std::string_view Keep(std::string_view text);

  std::vector<std::unique_ptr<char[]>> blocks_;  // texts do not move
  size_t left_ = 0;                              // bytes of the last block
  char* next_ = nullptr;
  std::vector<std::string_view> texts_;
  std::unordered_map<std::string_view, TextId> ids_;
};

/// What flows along an edge.
enum class EdgeKind : uint8_t {
  kData,
  kControl,    ///< "^node": an order, no tensor
  kReference,  ///< a tensor that the consumer may write to (TensorFlow 1's ref types)
};

/// Which graph of a comparison has something; both = nothing was changed.
enum class Difference : uint8_t { kSame, kChanged, kAdded, kRemoved };

/// One input of a node: the edge to it.
struct GraphInput {
  NodeIndex from = kNoNode;  ///< kNoNode: no node has that name, it is a stub
  uint32_t port = 0;         ///< which output of `from`
  TextId name = kNoText;     ///< of a stub, without port and ^
  EdgeKind kind = EdgeKind::kData;
  Difference difference = Difference::kSame;
};

/// The text of a shape without dimensions.
constexpr std::string_view kScalar = "scalar";

/// Shape and type of an output.
struct TensorShape {
  TextId text =
      kNoText;  ///< "64×197×384", "?" for what is unknown in it, "scalar"; kNoText: nothing is known
  TextId dtype = kNoText;  ///< "float32"; kNoText: unknown
  double elements = 0;     ///< unknown dimensions count as 1; 0 = not known at all

  friend bool operator==(const TensorShape&, const TensorShape&) = default;
};
using ShapeId = uint32_t;

/// What a call of a function runs: "body" and "cond" of a While are two of them.
struct GraphCall {
  NodeIndex node = kNoNode;
  uint32_t body = 0;      ///< index in Graph::bodies
  TextId role = kNoText;  ///< name of the attribute that names it; kNoText where the op is the function
};

/// The top level of a graph, or a function of its library: nodes as columns, all of one length. Names are
/// paths, "encoder/block_3/attn"; no two nodes of a body have the same (the second `y` is `y_(2)`, as no
/// writer makes one).
struct GraphBody {
  TextId function = kNoText;  ///< its name; kNoText: the top level

  std::vector<TextId> names;
  std::vector<TextId> ops;            ///< "MatMul", "aten::conv2d", "Dense"
  std::vector<TextId> devices;        ///< as written; kNoText: none
  std::vector<TextId> clusters;       ///< _XlaCluster; kNoText: none
  std::vector<uint32_t> input_begin;  ///< one more than nodes: inputs[input_begin[n] … input_begin[n + 1])
  std::vector<GraphInput> inputs;
  std::vector<uint32_t> output_begin;  ///< one more than nodes
  std::vector<ShapeId> outputs;        ///< shapes of the outputs that are known, in order
  /// Where in Graph::source the message or text of the node is, for its attributes; length 0: nowhere.
  std::vector<uint64_t> source_offset;
  std::vector<uint32_t> source_length;
  std::vector<double> parameters;       ///< weights that it holds, NaN unknown; empty column: of no node
  std::vector<Difference> differences;  ///< empty column: it is no comparison
  /// Of a comparison: where the node is in the earlier graph, if both have it; length 0: it is not.
  std::vector<uint64_t> before_offset;
  std::vector<uint32_t> before_length;
  /// Of a profile, joined by name; empty columns: there is none. NaN: the profile has not got the node.
  std::vector<double> compute_micros;
  std::vector<double> memory_bytes;  ///< that allocators gave it

  std::vector<GraphCall> calls;  ///< in the order of their nodes

  /// Of a comparison: the shapes that removed inputs had, by their index in `inputs`.
  std::unordered_map<uint32_t, ShapeId> removed_shapes;

  size_t size() const { return names.size(); }
  /// Shape of an output; 0: nothing is known of it.
  ShapeId ShapeOfOutput(NodeIndex node, uint32_t port) const {
    const uint32_t output = output_begin[node] + port;
    return output < output_begin[node + 1] ? outputs[output] : 0;
  }
  /// Shape of what comes along an input that is no stub; 0: nothing is known of it.
  /// @param input index in `inputs`
  ShapeId ShapeOfInput(uint32_t input) const {
    const auto removed = removed_shapes.find(input);
    if (removed != removed_shapes.end()) return removed->second;
    return ShapeOfOutput(inputs[input].from, inputs[input].port);
  }
};

/// What is wrong in the source, for one sentence each.
struct GraphFault {
  enum class Kind : uint8_t {
    kMalformed,       ///< from here on nothing could be read; count = bytes of it
    kDangling,        ///< count inputs name no node
    kDuplicate,       ///< count nodes have the name of another
    kNoSuchFunction,  ///< count calls name no function of the library
    kEmpty,           ///< there is no node at all
    kTooMany,         ///< count nodes are more than are taken
    kNotInGraph,      ///< count entries of a profile are of nodes that the graph has not got
    kEmptyProfile,    ///< a profile says nothing of any node
  };
  Kind kind;
  double count = 0;
  TextId example = kNoText;  ///< one of them
};

/// As web/src/engine/graphs/graphs.ts names it.
std::string_view NameOf(GraphFault::Kind kind);

/// A graph of any source, whole. What a body is called by stands once; it is expanded where it is called by
/// whoever shows it.
struct Graph {
  enum class Form : uint8_t { kOps, kLayers };  ///< GraphDef and its like, or a Keras model

  Form form = Form::kOps;
  TextTable texts;
  std::vector<TensorShape> shapes;  ///< each once; 0 = nothing known
  std::vector<GraphBody> bodies;    ///< at least one: 0 is the top level
  std::vector<GraphFault> faults;
  std::string producer;         ///< what wrote it, where that is said: "TensorFlow graph version 1882"
  std::vector<uint8_t> source;  ///< the bytes that it was read from
};

}  // namespace tensorpane
