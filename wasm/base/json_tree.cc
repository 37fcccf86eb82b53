#include "base/json_tree.h"

#include <cmath>

namespace tensorpane {

using Token = JsonReader::Token;

JsonTree::JsonTree(Bytes json, Damaged damaged) {
  Read(json);
  if (unread_ && damaged == Damaged::kNothing) nodes_.clear();
}

void JsonTree::Read(Bytes json) {
  JsonReader reader(json, JsonReader::kAnyDepth);
  std::vector<uint32_t> open;
  const auto end_here = [&] {
    unread_ = json.size() - reader.position();
    for (const uint32_t index : open) nodes_[index].end = static_cast<uint32_t>(nodes_.size());
  };
  Text key;
  for (;;) {
    const Token token = reader.Next();
    switch (token) {
      case Token::kError:
        return end_here();
      case Token::kEnd:
        return;
      case Token::kKey:
        key = Keep(reader.text());
        continue;
      case Token::kEndObject:
      case Token::kEndArray: {
        Node& node = nodes_[open.back()];
        node.end = static_cast<uint32_t>(nodes_.size());
        node.length = reader.position() - node.offset;
        open.pop_back();
        continue;
      }
      default:
        break;
    }
    const auto index = static_cast<uint32_t>(nodes_.size());
    if (index == UINT32_MAX) return end_here();
    Node& node = nodes_.emplace_back(Node{.kind = token, .end = index + 1, .key = key, .text = {}});
    key = {};
    if (token == Token::kText) node.text = Keep(reader.text());
    if (token == Token::kNumber) node.number = reader.number();
    if (token == Token::kBeginObject || token == Token::kBeginArray) {
      node.offset = reader.position() - 1;
      open.push_back(index);
    }
  }
}

JsonTree::Text JsonTree::Keep(std::string_view text) {
  texts_ += text;
  return {texts_.size() - text.size(), text.size()};
}

JsonTree::Value JsonTree::Value::operator[](std::string_view key) const {
  Value found;
  if (!is_object()) return found;
  for (const Value member : items()) {
    if (member.key() == key) found = member;
  }
  return found;
}

JsonTree::Items JsonTree::Value::items() const {
  if (!is_object() && !is_array()) return {tree_, 0, 0};
  return {tree_, index_ + 1, tree_->nodes_[index_].end};
}

JsonTree::Value JsonTree::Value::at(size_t i) const {
  for (const Value item : items()) {
    if (i-- == 0) return item;
  }
  return {};
}

std::string_view JsonTree::Value::key() const {
  return tree_ == nullptr ? std::string_view() : tree_->Get(tree_->nodes_[index_].key);
}

std::string_view JsonTree::Value::text() const {
  return is_text() ? tree_->Get(tree_->nodes_[index_].text) : std::string_view();
}

double JsonTree::Value::number() const { return is_number() ? tree_->nodes_[index_].number : NAN; }

}  // namespace tensorpane
