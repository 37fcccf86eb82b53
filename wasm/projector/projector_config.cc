#include "projector/projector_config.h"

#include <algorithm>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/text_proto.h"
#include "base/utf8.h"

namespace tensorpane {
namespace {

enum class MessageType : uint8_t { kUnknown, kConfig, kEmbedding, kSprite };

/// Where the value of a field goes; nothing is set for a field that is not known.
struct Target {
  std::string* text = nullptr;
  std::vector<uint32_t>* numbers = nullptr;
  MessageType message = MessageType::kUnknown;

  bool is_scalar() const { return text != nullptr || numbers != nullptr; }
};

Target FindField(MessageType message, std::string_view name, ProjectorConfig* config) {
  switch (message) {
    case MessageType::kUnknown:
      break;
    case MessageType::kConfig:
      if (name == "model_checkpoint_path") return {.text = &config->model_checkpoint_path};
      if (name == "model_checkpoint_dir") return {.text = &config->model_checkpoint_dir};
      if (name == "embeddings") return {.message = MessageType::kEmbedding};
      break;
    case MessageType::kEmbedding: {
      EmbeddingInfo& embedding = config->embeddings.back();
      if (name == "tensor_name") return {.text = &embedding.tensor_name};
      if (name == "metadata_path") return {.text = &embedding.metadata_path};
      if (name == "bookmarks_path") return {.text = &embedding.bookmarks_path};
      if (name == "tensor_shape") return {.numbers = &embedding.tensor_shape};
      if (name == "sprite") return {.message = MessageType::kSprite};
      if (name == "tensor_path") return {.text = &embedding.tensor_path};
      break;
    }
    case MessageType::kSprite: {
      SpriteMetadata& sprite = *config->embeddings.back().sprite;
      if (name == "image_path") return {.text = &sprite.image_path};
      if (name == "single_image_dim") return {.numbers = &sprite.single_image_dim};
      break;
    }
  }
  return {};
}

/// "tensorName" → "tensor_name"
std::string WithUnderscores(std::string_view name) {
  std::string with;
  for (const char c : name) {
    const bool is_capital = c >= 'A' && c <= 'Z';
    if (is_capital) with += '_';
    with += is_capital ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  return with;
}

ProjectorFault SetField(const Target& target, const TextScalar& scalar) {
  if (target.text != nullptr) {
    if (scalar.kind != TextScalar::Kind::kString) return ProjectorFault::kFieldType;
    *target.text = ToValidUtf8(AsBytes(scalar.text));
  } else if (target.numbers != nullptr) {
    uint32_t value;
    if (!scalar.ToUint32(&value)) return ProjectorFault::kFieldType;
    target.numbers->push_back(value);
  } else if (target.message != MessageType::kUnknown) {
    return ProjectorFault::kFieldType;
  }
  return ProjectorFault::kNone;
}

ProjectorFault BeginMessage(const Target& target, ProjectorConfig* config) {
  if (target.is_scalar()) return ProjectorFault::kFieldType;
  if (target.message == MessageType::kEmbedding) {
    if (config->embeddings.size() == kMaxEmbeddings) return ProjectorFault::kTooMany;
    config->embeddings.emplace_back();
  } else if (target.message == MessageType::kSprite) {
    std::optional<SpriteMetadata>& sprite = config->embeddings.back().sprite;
    if (!sprite) sprite.emplace();
  }
  return ProjectorFault::kNone;
}

ProjectorFault FaultOf(TextProtoFault fault) {
  switch (fault) {
    case TextProtoFault::kNone:
      return ProjectorFault::kNone;
    case TextProtoFault::kCutOff:
      return ProjectorFault::kCutOff;
    case TextProtoFault::kSyntax:
      return ProjectorFault::kSyntax;
    case TextProtoFault::kNumber:
      return ProjectorFault::kNumber;
    case TextProtoFault::kString:
      return ProjectorFault::kString;
    case TextProtoFault::kEscape:
      return ProjectorFault::kEscape;
    case TextProtoFault::kDepth:
      return ProjectorFault::kDepth;
  }
  return ProjectorFault::kNone;
}

ProjectorProblem ProblemAt(ProjectorFault fault, std::string_view text, size_t offset) {
  const TextPlace place = PlaceOf(text, offset);
  return {.fault = fault, .line = place.line, .column = place.column, .text = {}};
}

void WriteText(std::string_view name, const std::string& text, JsonWriter* json) {
  if (text.empty()) return;
  json->Key(name);
  json->Text(text);
}

void WriteNumbers(std::string_view name, const std::vector<uint32_t>& numbers, JsonWriter* json) {
  if (numbers.empty()) return;
  json->Key(name);
  json->BeginArray();
  for (const uint32_t number : numbers) json->Unsigned(number);
  json->EndArray();
}

void WriteEmbedding(const EmbeddingInfo& embedding, JsonWriter* json) {
  json->BeginObject();
  WriteText("tensor_name", embedding.tensor_name, json);
  WriteText("metadata_path", embedding.metadata_path, json);
  WriteText("bookmarks_path", embedding.bookmarks_path, json);
  WriteNumbers("tensor_shape", embedding.tensor_shape, json);
  if (embedding.sprite) {
    json->Key("sprite");
    json->BeginObject();
    WriteText("image_path", embedding.sprite->image_path, json);
    WriteNumbers("single_image_dim", embedding.sprite->single_image_dim, json);
    json->EndObject();
  }
  WriteText("tensor_path", embedding.tensor_path, json);
  json->EndObject();
}

bool IsDriveLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool IsSeparator(char c) { return c == '/' || c == '\\'; }

/// Not below a directory: /a, \a, C:a.
bool IsAbsolute(std::string_view path) {
  if (path.empty()) return false;
  return IsSeparator(path[0]) || (path.size() > 1 && path[1] == ':' && IsDriveLetter(path[0]));
}

}  // namespace

ProjectorProblem ParseProjectorConfig(std::string_view text, ProjectorConfig* config) {
  using Step = TextProtoReader::Step;
  *config = {};
  TextProtoReader reader(text);
  std::vector<MessageType> open = {MessageType::kConfig};
  for (;;) {
    ProjectorFault fault = ProjectorFault::kNone;
    switch (reader.Next()) {
      case Step::kScalar:
        fault = SetField(FindField(open.back(), reader.name(), config), reader.scalar());
        break;
      case Step::kBegin: {
        const Target target = FindField(open.back(), reader.name(), config);
        fault = BeginMessage(target, config);
        open.push_back(target.message);
        break;
      }
      case Step::kEnd:
        open.pop_back();
        break;
      case Step::kDone:
        return {};
      case Step::kFault:
        return ProblemAt(FaultOf(reader.fault()), text, reader.fault_offset());
    }
    if (fault != ProjectorFault::kNone) return ProblemAt(fault, text, reader.value_offset());
  }
}

bool ParseProjectorJson(std::string_view json, ProjectorConfig* config) {
  using Token = JsonReader::Token;
  *config = {};
  JsonReader reader(AsBytes(json));
  if (reader.Next() != Token::kBeginObject) return false;
  std::vector<MessageType> open = {MessageType::kConfig};
  bool has_embeddings = false;
  while (!open.empty()) {
    Token token = reader.Next();
    if (token == Token::kEndObject) {
      open.pop_back();
      continue;
    }
    // Between the embeddings of their array.
    if (token == Token::kEndArray) continue;
    if (token == Token::kBeginObject) {
      if (open.back() != MessageType::kConfig || config->embeddings.size() == kMaxEmbeddings) return false;
      config->embeddings.emplace_back();
      open.push_back(MessageType::kEmbedding);
      continue;
    }
    if (token != Token::kKey) return false;
    const Target target = FindField(open.back(), WithUnderscores(reader.text()), config);
    token = reader.Next();
    if (target.text != nullptr && token == Token::kText) {
      *target.text = reader.text();
    } else if (target.numbers != nullptr && token == Token::kBeginArray) {
      for (token = reader.Next(); token == Token::kNumber; token = reader.Next()) {
        const bool fits = reader.number() >= 0 && reader.number() <= UINT32_MAX;
        target.numbers->push_back(fits ? static_cast<uint32_t>(reader.number()) : 0);
      }
      if (token != Token::kEndArray) return false;
    } else if (target.message == MessageType::kEmbedding && token == Token::kBeginArray) {
      has_embeddings = true;
    } else if (target.message == MessageType::kSprite && token == Token::kBeginObject) {
      config->embeddings.back().sprite.emplace();
      open.push_back(MessageType::kSprite);
    } else if (!reader.Skip(token)) {
      return false;
    }
  }
  return has_embeddings && reader.Next() == Token::kEnd;
}

bool IsUrl(std::string_view path) { return path.starts_with("http://") || path.starts_with("https://"); }

TensorForm FormOfTensor(std::string_view tensor_path) {
  if (tensor_path.ends_with(".npy")) return TensorForm::kNpy;
  if (tensor_path.ends_with(".bytes")) return TensorForm::kRaw;
  return TensorForm::kTsv;
}

void WriteProjectorConfigJson(const ProjectorConfig& config, JsonWriter* json) {
  json->BeginObject();
  WriteText("model_checkpoint_path", config.model_checkpoint_path, json);
  if (!config.embeddings.empty()) {
    json->Key("embeddings");
    json->BeginArray();
    for (const EmbeddingInfo& embedding : config.embeddings) WriteEmbedding(embedding, json);
    json->EndArray();
  }
  WriteText("model_checkpoint_dir", config.model_checkpoint_dir, json);
  json->EndObject();
}

std::optional<std::string> PathInConfigDirectory(std::string_view directory, std::string_view path) {
  if (IsAbsolute(path) || path.find('\0') != std::string_view::npos) return std::nullopt;
  std::string below;
  while (!path.empty()) {
    const auto end = static_cast<size_t>(std::find_if(path.begin(), path.end(), IsSeparator) - path.begin());
    const std::string_view part = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (part == "..") return std::nullopt;
    if (part.empty() || part == ".") continue;
    if (!below.empty()) below += '/';
    below += part;
  }
  if (below.empty()) return std::nullopt;
  if (directory.empty() || directory == ".") return below;
  return std::string(directory) + '/' + below;
}

}  // namespace tensorpane
