#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/json_reader.h"

namespace tensorpane {

/// A whole JSON text in memory, for what is read out of order. What JsonReader takes, however deep it is
/// nested; its strings are valid UTF-8.
class JsonTree {
 public:
  class Items;

  /// One value in it, or none. Valid as long as the tree does not move.
  class Value {
   public:
    Value() = default;
    explicit operator bool() const { return tree_ != nullptr; }
    bool is_object() const { return is(JsonReader::Token::kBeginObject); }
    bool is_array() const { return is(JsonReader::Token::kBeginArray); }
    bool is_text() const { return is(JsonReader::Token::kText); }
    bool is_number() const { return is(JsonReader::Token::kNumber); }
    bool is_null() const { return is(JsonReader::Token::kNull); }
    bool is_true() const { return is(JsonReader::Token::kTrue); }

    /// The member `key` of an object, of several the last; none if there is none, or this is no object.
    Value operator[](std::string_view key) const;
    /// The items of an array, the members of an object, one after the other; nothing of anything else.
    Items items() const;
    /// Number `i` of them, from 0 on; none if there are fewer.
    Value at(size_t i) const;
    /// Of a member of an object.
    std::string_view key() const;
    /// "" if it is no text.
    std::string_view text() const;
    /// NaN if it is no number.
    double number() const;
    /// Where in the text an object or array is, from its first bracket to its last.
    size_t offset() const { return tree_->nodes_[index_].offset; }
    size_t length() const { return tree_->nodes_[index_].length; }
    /// Whether an object or array has its end in the text.
    bool is_whole() const { return length() > 0; }

   private:
    friend class JsonTree;
    friend class Items;
    Value(const JsonTree* tree, uint32_t index) : tree_(tree), index_(index) {}
    bool is(JsonReader::Token kind) const { return tree_ != nullptr && tree_->nodes_[index_].kind == kind; }

    const JsonTree* tree_ = nullptr;
    uint32_t index_ = 0;
  };

  /// For a range-based for.
  class Items {
   public:
    class Iterator {
     public:
      Iterator(const JsonTree* tree, uint32_t index) : tree_(tree), index_(index) {}
      Value operator*() const { return {tree_, index_}; }
      Iterator& operator++() {
        index_ = tree_->nodes_[index_].end;
        return *this;
      }
      bool operator!=(const Iterator& other) const { return index_ != other.index_; }

     private:
      const JsonTree* tree_;
      uint32_t index_;
    };
    Iterator begin() const { return {tree_, begin_}; }
    Iterator end() const { return {tree_, end_}; }

   private:
    friend class Value;
    Items(const JsonTree* tree, uint32_t begin, uint32_t end) : tree_(tree), begin_(begin), end_(end) {}
    const JsonTree* tree_;
    uint32_t begin_, end_;
  };

  /// What there is of a text that is no JSON, or cut off.
  enum class Damaged : uint8_t { kNothing, kBeginning };

  /// Reads the text, of which nothing is kept. Of kNothing root() is none.
  explicit JsonTree(Bytes json, Damaged damaged = Damaged::kNothing);
  JsonTree(const JsonTree&) = delete;
  JsonTree& operator=(const JsonTree&) = delete;

  /// How many bytes from the first on that is no JSON; 0: it is cut off. Nothing: all of it is.
  std::optional<size_t> unread() const { return unread_; }
  Value root() const { return nodes_.empty() ? Value() : Value(this, 0); }

 private:
  struct Text {
    size_t offset = 0, length = 0;
  };
  struct Node {
    JsonReader::Token kind;
    uint32_t end;  // behind all that is in it: where its next sibling would be
    Text key, text;
    double number = 0;
    size_t offset = 0, length = 0;
  };

  void Read(Bytes json);
  Text Keep(std::string_view text);
  std::string_view Get(Text text) const { return std::string_view(texts_).substr(text.offset, text.length); }

  std::vector<Node> nodes_;  // depth first
  std::optional<size_t> unread_;
  std::string texts_;
};

}  // namespace tensorpane
