#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace tensorpane {

/// What protobuf's text format is of; the first field that is known decides.
enum class GraphMessage : uint8_t { kGraphDef, kMetaGraphDef, kSavedModel, kRunMetadata };

struct GraphText {
  GraphMessage message = GraphMessage::kGraphDef;
  std::vector<uint8_t> bytes;      ///< serialized: what of it was read
  std::optional<uint64_t> unread;  ///< bytes of the text that could not be; 0: it is cut off
};

/// Serializes the text (.pbtxt) of a GraphDef, a MetaGraphDef, a SavedModel or a RunMetadata, so that there
/// is one reader for both forms. Left out are fields that no reader of graphs here looks at, and values of
/// another type.
GraphText SerializeGraphText(std::string_view text);

}  // namespace tensorpane
