#include "graph/keras_summary.h"

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/sha256.h"

namespace tensorpane {
namespace {

using Token = JsonReader::Token;

/// Reads a model with a stack of its own. A model, and a layer too, is an object
///
///     {"class_name": …, "name": …, "config": {"name": …, "layers": [layer, …], …}, …}
///
/// whose config may also be the list of layers itself (Sequential before Keras 2.2.3). Keys come in any
/// order.
class KerasWalker {
 public:
  explicit KerasWalker(Bytes json) : reader_(json) { summary_.source = json; }

  KerasSummary Walk() {
    if (reader_.Next() != Token::kBeginObject) {
      Fail("not the JSON of a model");
    } else {
      levels_.push_back({.what = What::kModel});
      while (!levels_.empty() && Step()) {
      }
    }
    if (levels_.empty() && summary_.error.empty()) {
      if (reader_.Next() != Token::kEnd) Fail("not JSON");
      if (!has_config_) Fail("a model without config");
    }
    return std::move(summary_);
  }

 private:
  enum class What : uint8_t { kModel, kConfig, kLayers };

  /// An object or list that is open.
  struct Level {
    What what;
    // Of kModel:
    std::optional<uint32_t> layer = {};  // index in layer_names; none for the model itself
    std::string name = {};
    std::optional<std::string> config_name = {};
    bool is_nested = false;
  };

  /// Keeps the first reason. Returns false.
  bool Fail(std::string_view error) {
    if (summary_.error.empty()) summary_.error = error;
    return false;
  }

  /// Takes the next member or item of the innermost level in; false after an error.
  bool Step() {
    const Token token = reader_.Next();
    switch (token) {
      case Token::kError:
        return Fail("not JSON");
      case Token::kEndObject:
      case Token::kEndArray:
        if (levels_.back().what == What::kModel) EndModel();
        levels_.pop_back();
        return true;
      case Token::kKey:
        return levels_.back().what == What::kModel ? ModelMember() : ConfigMember();
      case Token::kBeginObject:
        return BeginLayer();
      default:
        return Skip(token);  // an item of `layers` that is no layer
    }
  }

  bool Skip(Token token) { return reader_.Skip(token) || Fail("not JSON"); }

  bool BeginLayer() {
    if (summary_.layer_names.size() == KerasSummary::kMaxLayers) return Fail("too many layers");
    const auto index = static_cast<uint32_t>(summary_.layer_names.size());
    // Its name may be known only behind its own layers.
    summary_.layer_names.emplace_back();
    levels_.push_back({.what = What::kModel, .layer = index});
    return true;
  }

  bool ModelMember() {
    const std::string key = reader_.text();
    const Token token = reader_.Next();
    Level& model = levels_.back();
    if (key == "class_name" && token == Token::kText && !model.layer) {
      summary_.class_name = reader_.text();
    } else if (key == "name" && token == Token::kText) {
      model.name = reader_.text();
    } else if (key == "config" && token == Token::kBeginObject) {
      has_config_ = true;
      levels_.push_back({.what = What::kConfig});
    } else if (key == "config" && token == Token::kBeginArray) {
      has_config_ = true;
      BeginLayers();
    } else {
      return Skip(token);
    }
    return true;
  }

  bool ConfigMember() {
    const std::string key = reader_.text();
    const Token token = reader_.Next();
    if (key == "name" && token == Token::kText) {
      levels_[levels_.size() - 2].config_name = reader_.text();
    } else if (key == "layers" && token == Token::kBeginArray) {
      BeginLayers();
    } else {
      return Skip(token);
    }
    return true;
  }

  void BeginLayers() {
    // The model is the innermost level, or its config is.
    Level& inner = levels_.back();
    Level& model = inner.what == What::kModel ? inner : levels_[levels_.size() - 2];
    // Once, also where a key stands twice; in the order of the layers, since a model begins before its own.
    if (model.layer && !model.is_nested) summary_.nested.push_back(*model.layer);
    model.is_nested = true;
    levels_.push_back({.what = What::kLayers});
  }

  void EndModel() {
    Level& model = levels_.back();
    if (!model.layer) return;
    std::optional<std::string>& name = summary_.layer_names[*model.layer];
    if (model.name.empty()) {
      name = std::move(model.config_name);
    } else {
      name = std::move(model.name);
    }
  }

  JsonReader reader_;
  KerasSummary summary_;
  std::vector<Level> levels_;
  bool has_config_ = false;
};

}  // namespace

KerasSummary DescribeKeras(Bytes json) { return KerasWalker(json).Walk(); }

void KerasSummary::WriteJson(JsonWriter* json) const {
  const auto text = [json](const std::optional<std::string>& value) {
    if (value) return json->Text(*value);
    json->Null();
  };
  json->BeginObject();
  json->Key("bytes");
  json->Unsigned(source.size());
  json->Key("sha256");
  json->Text(Sha256Hex(source));
  if (error.empty()) {
    json->Key("class_name");
    text(class_name);
    json->Key("layers");
    json->Unsigned(layer_names.size());
    json->Key("layer_names");
    json->BeginArray();
    for (const auto& name : layer_names) text(name);
    json->EndArray();
    json->Key("nested");
    json->BeginArray();
    for (const uint32_t layer : nested) text(layer_names[layer]);
    json->EndArray();
  } else {
    json->Key("error");
    json->Text(error);
  }
  json->EndObject();
}

}  // namespace tensorpane
