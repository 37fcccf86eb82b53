#include "graph/node_query.h"

#include <algorithm>

namespace tensorpane {
namespace {

char Small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

void AppendSmall(std::string_view text, std::string* small) {
  for (const char c : text) *small += Small(c);
}

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n'; }

/// Cuts the next word off. A pattern goes to a "/" that a space follows, and may have spaces itself.
std::string_view TakeWord(std::string_view* text) {
  while (!text->empty() && IsSpace(text->front())) text->remove_prefix(1);
  const size_t colon = text->substr(0, text->find_first_of(" /")).find(':');
  const size_t begin = colon == std::string_view::npos ? 0 : colon + 1;
  size_t end = text->size();
  const bool is_pattern = begin < text->size() && (*text)[begin] == '/';
  size_t close = is_pattern ? text->find('/', begin + 1) : std::string_view::npos;
  while (close != std::string_view::npos && close + 1 < text->size() && !IsSpace((*text)[close + 1])) {
    close = text->find('/', close + 1);
  }
  if (close != std::string_view::npos) {
    end = close + 1;
  } else {
    end = std::min(text->size(), text->find_first_of(" \t\n"));
  }
  const std::string_view word = text->substr(0, end);
  text->remove_prefix(end);
  return word;
}

}  // namespace

NodeQuery::NodeQuery(const Graph& graph, std::string_view text) : graph_(graph) {
  for (std::string_view rest = text;;) {
    const std::string_view word = TakeWord(&rest);
    if (word.empty()) break;
    is_empty_ = false;
    const auto value = [&word](std::string_view key) -> std::optional<std::string_view> {
      if (!word.starts_with(key)) return {};
      return word.substr(key.size());
    };
    if (const auto folder = value("in:")) {
      folders_.push_back(std::string(*folder));
    } else if (const auto op = value("op:")) {
      if (std::optional<Word> read = Read(*op)) ops_.push_back(TextsWith(*read));
    } else if (const auto device = value("device:")) {
      if (std::optional<Word> read = Read(*device)) devices_.push_back(TextsWith(*read));
    } else if (const auto shape = value("shape:")) {
      // As they are written on keyboards.
      std::string times;
      for (const char c : *shape) times += c == 'x' || c == 'X' || c == '*' ? "×" : std::string(1, c);
      const bool is_pattern = shape->starts_with("/");
      if (std::optional<Word> read = Read(is_pattern ? *shape : std::string_view(times))) {
        const std::vector<bool> texts = TextsWith(*read);
        std::vector<bool> shapes;
        for (const TensorShape& of : graph.shapes) shapes.push_back(of.text != kNoText && texts[of.text]);
        shapes_.push_back(std::move(shapes));
      }
    } else if (std::optional<Word> read = Read(word)) {
      words_.push_back(std::move(*read));
    }
  }
}

std::optional<NodeQuery::Word> NodeQuery::Read(std::string_view text) {
  Word word;
  if (text.size() > 2 && text.front() == '/' && text.back() == '/') {
    word.pattern = Pattern::Compile(text.substr(1, text.size() - 2), &problem_);
    if (!word.pattern) return {};
    return word;
  }
  AppendSmall(text, &word.text);
  return word;
}

bool NodeQuery::Holds(Word& word, std::string_view text) {
  if (word.pattern) return word.pattern->Matches(text);
  small_.clear();
  AppendSmall(text, &small_);
  return small_.find(word.text) != std::string::npos;
}

std::vector<bool> NodeQuery::TextsWith(Word& word) {
  std::vector<bool> holds(graph_.texts.size());
  for (TextId id = 0; id < holds.size(); ++id) holds[id] = Holds(word, graph_.texts[id]);
  return holds;
}

bool NodeQuery::MatchesOp(const GraphBody& body, NodeIndex op) const {
  for (const std::vector<bool>& texts : ops_) {
    if (!texts[body.ops[op]]) return false;
  }
  for (const std::vector<bool>& texts : devices_) {
    if (!texts[body.devices[op]]) return false;
  }
  for (const std::vector<bool>& shapes : shapes_) {
    const auto begin = body.outputs.begin() + body.output_begin[op],
               end = body.outputs.begin() + body.output_begin[op + 1];
    if (std::none_of(begin, end, [&shapes](ShapeId shape) { return shapes[shape]; })) return false;
  }
  return true;
}

bool NodeQuery::MatchesPath(std::string_view path, size_t own) {
  for (const std::string& folder : folders_) {
    if (!path.starts_with(folder) || path.size() <= folder.size() || path[folder.size()] != '/') return false;
  }
  if (words_.empty()) return true;
  small_.clear();
  AppendSmall(path, &small_);
  bool in_own = own == 0;
  for (Word& word : words_) {
    if (word.pattern) {
      if (!word.pattern->Matches(path)) return false;
      in_own = in_own || !word.pattern->Matches(path.substr(0, own - 1));
    } else {
      if (small_.find(word.text) == std::string::npos) return false;
      const size_t from = own >= word.text.size() ? own + 1 - word.text.size() : 0;
      in_own = in_own || small_.find(word.text, from) != std::string::npos;
    }
  }
  return in_own;
}

}  // namespace tensorpane
