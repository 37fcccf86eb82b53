#include "graph/attributes.h"

#include <algorithm>
#include <limits>

#include "base/json_tree.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "events/tensor.h"
#include "events/tensor_fields.h"
#include "graph/data_type.h"
#include "graph/graph_fields.h"
#include "graph/layer_shapes.h"
#include "graph/message_fields.h"

namespace tensorpane {
namespace {

/// Larger tensors are not decoded: of them type and shape are told.
constexpr size_t kDecodedTensor = 8 << 20;

std::string NumberText(float number) {
  JsonWriter json;
  json.Float(number);
  std::string text = json.Take();
  std::erase(text, '"');  // of NaN and infinities
  return text;
}

/// Writes AttrValues up to a limit.
class AttributeWriter {
 public:
  AttributeWriter(size_t limit, size_t numbers) : limit_(limit), numbers_(numbers) {}

  bool is_cut() const { return cut_ || text_.size() > limit_; }

  /// Functions have attributes too; those of an attribute's function may not have any.
  void Value(Bytes value, bool with_attributes = true) {
    ForEachField(value, [&](const Field& field, Bytes content) {
      switch (field.number) {
        case fields::kAttrText:
        case fields::kAttrPlaceholder:
          if (field.type == WireType::kBytes) Text(content, '\0');
          break;
        case fields::kAttrList:
          text_ += '[';
          List(content);
          text_ += ']';
          break;
        case fields::kAttrFunc:
          Function(content, with_attributes);
          break;
        default:
          // Numbers of the rest are the same in a list (attr_value.proto).
          Item(field, content);
      }
      return !is_full();
    });
  }

  std::string Take() {
    if (text_.size() <= limit_) return std::move(text_);
    size_t end = limit_;
    while (end > 0 && (static_cast<uint8_t>(text_[end]) & 0xC0) == 0x80) --end;  // not within a character
    text_.resize(end);
    return std::move(text_);
  }

  /// `quote` = '\0' for none.
  void Text(Bytes bytes, char quote) {
    constexpr char kHex[] = "0123456789abcdef";
    const std::string_view raw = AsText(bytes.first(std::min(bytes.size(), limit_ + 4)));
    if (quote != '\0') text_ += quote;
    // What is no UTF-8 is bytes.
    const bool valid = ToValidUtf8(AsBytes(raw)) == raw || raw.size() < bytes.size();
    for (const char c : raw) {
      const auto byte = static_cast<uint8_t>(c);
      if (c == '\n') {
        text_ += "\\n";
      } else if (c == '\t') {
        text_ += "\\t";
      } else if (c == '\r') {
        text_ += "\\r";
      } else if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !valid)) {
        text_ += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
      } else {
        if (quote != '\0' && (c == quote || c == '\\')) text_ += '\\';
        text_ += c;
      }
    }
    if (raw.size() < bytes.size()) {
      text_ = ToValidUtf8(AsBytes(text_));
      cut_ = true;
    }
    if (quote != '\0') text_ += quote;
  }

 private:
  bool is_full() const { return text_.size() > limit_; }

  void List(Bytes list) {
    bool first = true;
    const auto separate = [&] {
      if (!first) text_ += ',';
      first = false;
    };
    ForEachField(list, [&](const Field& field, Bytes content) {
      if (field.number == fields::kListText && field.type == WireType::kBytes) {
        separate();
        Text(content, '"');
      } else if (field.number == fields::kListFunc && field.type == WireType::kBytes) {
        separate();
        Function(content, false);
      } else if (field.type == WireType::kBytes && field.number >= fields::kListInt &&
                 field.number <= fields::kListType) {
        const bool is_float = field.number == fields::kListFloat;
        ForEachPacked(is_float ? WireType::kFixed32 : WireType::kVarint, content, [&](uint64_t bits) {
          if (is_full()) return;
          separate();
          Number(field.number, bits);
        });
      } else if (field.number >= fields::kListInt && field.number <= fields::kListTensor) {
        separate();
        Item(field, content);
      }
      return !is_full();
    });
  }

  void Item(const Field& field, Bytes content) {
    if (field.number == fields::kAttrShape && field.type == WireType::kBytes) {
      Shape(content);
    } else if (field.number == fields::kAttrTensor && field.type == WireType::kBytes) {
      Tensor(content);
    } else if (field.type != WireType::kBytes) {
      Number(field.number, field.value);
    }
  }

  void Number(uint32_t field, uint64_t bits) {
    if (field == fields::kAttrInt) text_ += std::to_string(static_cast<int64_t>(bits));
    if (field == fields::kAttrFloat) text_ += NumberText(BitCast<float>(static_cast<uint32_t>(bits)));
    if (field == fields::kAttrBool) text_ += bits != 0 ? "true" : "false";
    if (field == fields::kAttrType) text_ += bits == 0 ? "none" : DataTypeName(bits);
  }

  void Shape(Bytes shape) {
    std::vector<int64_t> sizes;
    if (!ReadShape(shape, &sizes)) {
      text_ += "unknown rank";
      return;
    }
    text_ += '[';
    for (size_t i = 0; i < sizes.size(); ++i) {
      if (i > 0) text_ += ',';
      text_ += sizes[i] < 0 ? "?" : std::to_string(sizes[i]);
    }
    text_ += ']';
  }

  void Tensor(Bytes bytes) {
    text_ += "Tensor " + DataTypeName(LastNumber(bytes, fields::kTensorDtype).value_or(0)) + ' ';
    Shape(LastBytes(bytes, fields::kTensorShape));
    if (bytes.size() > kDecodedTensor) {
      cut_ = true;
      return;
    }
    const tensorpane::Tensor tensor = DecodeTensor(bytes, kDecodedTensor);
    if (!tensor.error.empty()) return;
    const uint64_t elements = tensor.dtype == DType::kString ? tensor.strings.size() : tensor.elements();
    for (uint64_t i = 0; i < elements && !is_full(); ++i) {
      text_ += i == 0 ? " " : ", ";
      if (i == numbers_) {
        text_ += "…";
        cut_ = true;
        return;
      }
      Element(tensor, i);
    }
  }

  void Element(const tensorpane::Tensor& tensor, uint64_t i) {
    if (tensor.dtype == DType::kString) {
      Text(tensor.strings[static_cast<size_t>(i)], '"');
      return;
    }
    JsonWriter json;
    WriteTensorElement(tensor, i, &json);
    std::string text = json.Take();
    std::erase(text, '"');
    text_ += text;
  }

  void Function(Bytes function, bool with_attributes) {
    Text(LastBytes(function, fields::kFuncName), '\0');
    bool first = true;
    ForEachBytesField(function, [&](uint32_t number, Bytes entry) {
      if (number != kFuncAttr) return true;
      if (!with_attributes) {
        text_ += " {…}";
        return false;
      }
      text_ += first ? " {" : ", ";
      first = false;
      Text(LastBytes(entry, fields::kEntryKey), '\0');
      text_ += ": ";
      Value(LastBytes(entry, fields::kEntryValue), false);
      return !is_full();
    });
    if (!first) text_ += '}';
  }

  static constexpr uint32_t kFuncAttr = 2;

  size_t limit_;
  size_t numbers_;
  std::string text_;
  bool cut_ = false;
};

Bytes SourceOf(const Graph& graph, const GraphBody& body, NodeIndex node) {
  return Bytes(graph.source).subspan(static_cast<size_t>(body.source_offset[node]), body.source_length[node]);
}

std::string TextOfMember(JsonTree::Value value, Bytes source) {
  if (value.is_object() || value.is_array())
    return ToValidUtf8(source.subspan(value.offset(), value.length()));
  if (value.is_text()) return std::string(value.text());
  if (value.is_null()) return "null";
  if (!value.is_number()) return value.is_true() ? "true" : "false";
  JsonWriter json;
  json.Double(value.number());
  std::string text = json.Take();
  std::erase(text, '"');
  return text;
}

/// Calls `f(name, value)` for the attributes of an op.
template <class F>
void ForEachAttribute(Bytes node, F f) {
  ForEachBytesField(node, [&f](uint32_t number, Bytes entry) {
    if (number == fields::kNodeAttr) {
      f(LastBytes(entry, fields::kEntryKey), LastBytes(entry, fields::kEntryValue));
    }
    return true;
  });
}

}  // namespace

std::vector<std::pair<std::string, std::string>> LayerConfig(Bytes layer) {
  std::vector<std::pair<std::string, std::string>> members;
  const JsonTree json(layer);
  for (const JsonTree::Value member : json.root()["config"].items()) {
    // The name is that of the node.
    if (member.key().empty() || member.key() == "name") continue;
    const std::string_view type = member.key() == "dtype" ? ReadLayerType(member) : std::string_view();
    members.emplace_back(member.key(), type.empty() ? TextOfMember(member, layer) : std::string(type));
  }
  return members;
}

std::string TextOfAttribute(Bytes value, size_t limit, size_t numbers, bool* cut) {
  AttributeWriter writer(limit, numbers);
  writer.Value(value);
  if (cut != nullptr) *cut = writer.is_cut();
  return writer.Take();
}

std::vector<NodeAttribute> AttributesOf(const Graph& graph, const GraphBody& body, NodeIndex node) {
  return AttributesIn(graph.form, SourceOf(graph, body, node));
}

std::vector<NodeAttribute> AttributesIn(Graph::Form form, Bytes source) {
  std::vector<NodeAttribute> attributes;
  if (form == Graph::Form::kLayers) {
    for (const auto& [name, text] : LayerConfig(source)) {
      AttributeWriter writer(kShownAttribute, kShownNumbers);
      writer.Text(AsBytes(text), '\0');
      const bool cut = writer.is_cut();
      attributes.push_back({name, writer.Take(), text.size(), cut});
    }
    return attributes;
  }
  ForEachAttribute(source, [&attributes](Bytes name, Bytes value) {
    NodeAttribute& attribute = attributes.emplace_back();
    attribute.name = ToValidUtf8(name);
    attribute.size = value.size();
    attribute.text = TextOfAttribute(value, kShownAttribute, kShownNumbers, &attribute.cut);
  });
  return attributes;
}

std::string AttributeText(const Graph& graph, const GraphBody& body, NodeIndex node, std::string_view name) {
  std::string whole;
  const Bytes source = SourceOf(graph, body, node);
  if (graph.form == Graph::Form::kLayers) {
    for (auto& [member, text] : LayerConfig(source)) {
      if (member == name) whole = std::move(text);
    }
    return whole;
  }
  ForEachAttribute(source, [&](Bytes key, Bytes value) {
    if (ToValidUtf8(key) != name) return;
    whole = TextOfAttribute(value, kWholeAttribute, std::numeric_limits<size_t>::max(), nullptr);
  });
  return whole;
}

}  // namespace tensorpane
