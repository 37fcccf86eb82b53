#include "graph/node_query.h"

#include <algorithm>

#include "graph/outline.h"

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
    } else if (const auto difference = value("difference:")) {
      ReadDifference(*difference);
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

void NodeQuery::ReadDifference(std::string_view text) {
  unsigned wanted = 0;
  for (const Difference one : {Difference::kChanged, Difference::kAdded, Difference::kRemoved}) {
    if (text == "any" || text == Name(one)) wanted |= 1u << static_cast<unsigned>(one);
  }
  if (wanted == 0) problem_ = "a difference is added, removed, changed or any";
  differences_ = differences_.value_or(wanted) & wanted;
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

bool NodeQuery::MatchesOp(NodeIndex op) const {
  for (const std::vector<bool>& texts : ops_) {
    if (!texts[body_->ops[op]]) return false;
  }
  for (const std::vector<bool>& texts : devices_) {
    if (!texts[body_->devices[op]]) return false;
  }
  for (const std::vector<bool>& shapes : shapes_) {
    const auto begin = body_->outputs.begin() + body_->output_begin[op],
               end = body_->outputs.begin() + body_->output_begin[op + 1];
    if (std::none_of(begin, end, [&shapes](ShapeId shape) { return shapes[shape]; })) return false;
  }
  if (!differences_) return true;
  const Difference difference = body_->differences.empty() ? Difference::kSame : body_->differences[op];
  return (*differences_ >> static_cast<unsigned>(difference) & 1u) != 0;
}

void NodeQuery::Enter(const GraphBody& body, const Tree& tree, std::string_view prefix) {
  body_ = &body;
  tree_ = &tree;
  prefix_ = prefix.size();
  path_ = prefix;
  small_path_.clear();
  AppendSmall(prefix, &small_path_);
  for (Word& word : words_) {
    if (word.pattern) {
      word.is_around = !prefix.empty() && word.pattern->Matches(prefix.substr(0, prefix.size() - 1));
      word.pattern->BeginWith(prefix);
    } else {
      const size_t found = small_path_.find(word.text);
      word.first_end = found == std::string::npos ? found : found + word.text.size();
    }
  }
}

bool NodeQuery::Matches(NodeIndex op) {
  if (!MatchesOp(op)) return false;
  if (words_.empty() && folders_.empty()) return true;
  const TreeIndex node = tree_->of(op);
  ReadPath(op, {&node, 1}, true);
  return has_[0];
}

void NodeQuery::MarkNamed(NodeIndex op, std::vector<bool>* marks) {
  if (is_of_ops()) {
    if (Matches(op)) (*marks)[tree_->of(op)] = true;
    return;
  }
  nodes_.clear();
  for (TreeIndex node = tree_->of(op); node != kTreeRoot && tree_->named_by(node) == op;) {
    nodes_.push_back(node);
    node = tree_->parent(node);
  }
  std::reverse(nodes_.begin(), nodes_.end());
  ReadPath(op, nodes_, false);
  for (size_t i = 0; i < nodes_.size(); ++i) {
    if (has_[i] && own_[i]) (*marks)[nodes_[i]] = true;
  }
}

/// Looks through the path of an op for what its beginnings have that are the paths of `nodes`.
void NodeQuery::ReadPath(NodeIndex op, std::span<const TreeIndex> nodes, bool anywhere) {
  path_.resize(prefix_);
  tree_->AppendPath(tree_->of(op), &path_);
  small_path_.resize(prefix_);
  AppendSmall(std::string_view(path_).substr(prefix_), &small_path_);
  segments_.clear();
  for (const TreeIndex node : nodes) {
    const bool is_op = node == tree_->of(op);
    segments_.push_back(
        {prefix_ + tree_->label_begin(node), is_op ? path_.size() : prefix_ + tree_->group_end(node)});
  }
  has_.assign(nodes.size(), true);
  own_.assign(nodes.size(), words_.empty());
  for (const std::string& folder : folders_) {
    const bool is_in =
        path_.size() > folder.size() && path_[folder.size()] == '/' && path_.starts_with(folder);
    for (size_t i = 0; i < nodes.size(); ++i) has_[i] = has_[i] && is_in && segments_[i].end > folder.size();
  }
  for (Word& word : words_) LookFor(word, anywhere);
}

void NodeQuery::LookFor(Word& word, bool anywhere) {
  if (word.pattern) {
    const size_t first = segments_[0].begin - prefix_;
    ends_.clear();
    if (!anywhere) ends_.push_back(first == 0 ? 0 : first - 1);
    for (const Segment& segment : segments_) ends_.push_back(segment.end - prefix_);
    word.pattern->MatchesBeginnings(std::string_view(path_).substr(prefix_), ends_, &matches_);
    if (anywhere) {
      has_[0] = has_[0] && matches_[0];
      return;
    }
    if (first == 0) matches_[0] = word.is_around;
    for (size_t i = 0; i < segments_.size(); ++i) {
      has_[i] = has_[i] && matches_[i + 1];
      own_[i] = own_[i] || !matches_[i];
    }
    return;
  }
  const auto back = [&word](size_t at) { return at + 1 > word.text.size() ? at + 1 - word.text.size() : 0; };
  size_t first_end = word.first_end;
  if (first_end == std::string::npos) {
    const size_t found = small_path_.find(word.text, back(prefix_));
    if (found != std::string::npos) first_end = found + word.text.size();
  }
  for (size_t i = 0; i < segments_.size(); ++i) {
    const auto [begin, end] = segments_[i];
    has_[i] = has_[i] && first_end <= end;
    if (anywhere || own_[i] || !has_[i]) continue;
    const size_t from = back(begin);
    own_[i] = std::string_view(small_path_).substr(from, end - from).find(word.text) != std::string::npos;
  }
}

}  // namespace tensorpane
