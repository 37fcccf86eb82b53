#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "graph/graph.h"

namespace tensorpane {

/// An attribute of a node, as it reads: "6", "true", "SAME", "float32", "[64,197,384]" of a shape or list
/// ("?" what is unknown), "Tensor float32 [3,3] 0, 0.5 …", "function" or "function {T: float32}". What a text
/// holds that cannot be printed is escaped as in C. Of a layer it is a member of its config.
struct NodeAttribute {
  std::string name;
  std::string text;
  uint64_t size = 0;  ///< bytes that the value takes in the source
  bool cut = false;   ///< `text` is the beginning of more
};

/// So much of an attribute is shown beside others, in bytes, and so many numbers of a tensor.
inline constexpr size_t kShownAttribute = 1000;
inline constexpr size_t kShownNumbers = 16;
/// So much of one that is asked for, in bytes.
inline constexpr size_t kWholeAttribute = 4 << 20;

/// The attributes of a node, in the order of the source. Empty where there is none of it.
std::vector<NodeAttribute> AttributesOf(const Graph& graph, const GraphBody& body, NodeIndex node);
/// The same of its NodeDef, or the JSON of its layer.
std::vector<NodeAttribute> AttributesIn(Graph::Form form, Bytes source);

/// The members of a layer's config and their whole texts.
std::vector<std::pair<std::string, std::string>> LayerConfig(Bytes layer);

/// The whole text of one, but for kWholeAttribute; empty if there is none.
std::string AttributeText(const Graph& graph, const GraphBody& body, NodeIndex node, std::string_view name);

/// A serialized AttrValue as text, at most `limit` bytes and `numbers` numbers of a tensor. `cut` may be
/// null.
std::string TextOfAttribute(Bytes value, size_t limit, size_t numbers, bool* cut);

}  // namespace tensorpane
