#include "projector/tsv.h"

#include <cmath>
#include <cstdlib>

#include "base/utf8.h"

namespace tensorpane {
namespace {

/// Of a bad cell that is told.
constexpr size_t kMaxToldBytes = 64;
/// Longer ones are not numbers: the longest that printf makes of a double has some 1,100 digits.
constexpr size_t kMaxNumberBytes = 1200;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// What Python's strip() takes off, in ASCII.
bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r') || (c >= '\x1C' && c <= '\x1F'); }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

/// A decimal number that is whole and has a digit: [+-] digits [. digits] [e [+-] digits].
struct Decimal {
  bool negative = false;
  bool is_short = true;  // `digits` has them all
  uint64_t digits = 0;   // of the mantissa, without the point
  int exponent = 0;      // of 10, to multiply `digits` with
};

bool ParseDecimal(std::string_view text, Decimal* decimal) {
  size_t at = 0;
  const auto peek = [&] { return at < text.size() ? text[at] : '\0'; };
  const auto sign = [&] {
    const char c = peek();
    if (c == '+' || c == '-') ++at;
    return c == '-';
  };
  *decimal = {};
  decimal->negative = sign();
  int count = 0;
  bool behind_point = false;
  for (;; ++at) {
    if (peek() == '.' && !behind_point) {
      behind_point = true;
      continue;
    }
    if (!IsDigit(peek())) break;
    ++count;
    if (decimal->digits > (UINT64_MAX - 9) / 10) {
      decimal->is_short = false;
    } else {
      decimal->digits = decimal->digits * 10 + static_cast<uint64_t>(peek() - '0');
      if (behind_point) --decimal->exponent;
    }
  }
  if (count == 0) return false;
  if (peek() == 'e' || peek() == 'E') {
    ++at;
    const bool negative = sign();
    int exponent = 0;
    if (!IsDigit(peek())) return false;
    for (; IsDigit(peek()); ++at) exponent = std::min(exponent * 10 + (peek() - '0'), 99'999);
    decimal->exponent += negative ? -exponent : exponent;
  }
  return at == text.size();
}

/// The float nearest to the double nearest to `decimal`, without strtod, which takes over a microsecond in
/// wasm. False if that cannot be told this way.
bool ConvertShort(const Decimal& decimal, float* value) {
  // Powers of ten that are exact as doubles.
  static constexpr double kPowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                       1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  if (!decimal.is_short || std::abs(decimal.exponent) > 22) return false;
  const double digits = static_cast<double>(decimal.digits);
  const double power = kPowers[std::abs(decimal.exponent)];
  const double result = decimal.exponent < 0 ? digits / power : digits * power;
  // Two roundings: `result` is at most two steps of a double beside the nearest one. Both become the same
  // float unless the middle between two floats (the 29 bits that a float lacks are 100…0) is as near as that.
  constexpr uint64_t kMask = (uint64_t{1} << 29) - 1, kMiddle = uint64_t{1} << 28, kFar = 4;
  const uint64_t lost = BitCast<uint64_t>(result) & kMask;
  if (lost + kFar > kMiddle && lost < kMiddle + kFar) return false;
  // Nor where floats end. They are all normal here, with 24 bits: digits / power is not below 1e-22.
  if (result > 1e38) return false;
  *value = static_cast<float>(decimal.negative ? -result : result);
  return true;
}

/// inf, infinity, nan in any case, with a sign.
bool ParseWord(std::string_view text, float* value) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.size() > 8) return false;
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  if (lower == "nan") {
    *value = NAN;
  } else if (lower == "inf" || lower == "infinity") {
    *value = negative ? -INFINITY : INFINITY;
  } else {
    return false;
  }
  return true;
}

}  // namespace

bool ParseNumber(Bytes cell, float* value) {
  const std::string_view text = Trim(AsText(cell));
  if (text.empty() || text.size() > kMaxNumberBytes) return false;
  Decimal decimal;
  if (!ParseDecimal(text, &decimal)) return ParseWord(text, value);
  if (!ConvertShort(decimal, value)) {
    *value = static_cast<float>(std::strtod(std::string(text).c_str(), nullptr));
  }
  return true;
}

void TsvTable::Feed(Bytes bytes) {
  splitter_.Feed(bytes, [this](Bytes cell, bool ends_line) { TakeCell(cell, ends_line); });
}

void TsvTable::Finish() {
  splitter_.Finish([this](Bytes cell, bool ends_line) { TakeCell(cell, ends_line); });
}

void TsvTable::TakeCell(Bytes cell, bool ends_line) {
  if (line_cells_ == 0 && ends_line && cell.empty()) {
    ++empty_lines_;
    return;
  }
  if (empty_lines_ > 0) {
    // They were not at the end, so they are rows. The first of a file makes it one of one empty column.
    if (rows_ == 0) {
      columns_ = 1;
      first_row_.emplace_back();
    }
    rows_ += empty_lines_;
    empty_lines_ = 0;
  }
  ++line_cells_;
  if (rows_ == 0) {
    columns_ = line_cells_;
    // Counted on beyond the limit, so that no smaller cell follows one that was left out.
    first_bytes_ += cell.size();
    if (first_bytes_ <= kMaxFirstBytes && first_row_.size() < kMaxFirstCells) {
      first_row_.push_back(ToValidUtf8(cell));
    }
  }
  if (ends_line) {
    ++rows_;
    line_cells_ = 0;
  }
}

void TsvMatrixReader::Feed(Bytes bytes) {
  if (!problem_.ok()) return;
  splitter_.Feed(bytes, [this](Bytes cell, bool ends_line) { TakeCell(cell, ends_line); });
}

void TsvMatrixReader::Finish() {
  if (!problem_.ok()) return;
  splitter_.Finish([this](Bytes cell, bool ends_line) { TakeCell(cell, ends_line); });
}

void TsvMatrixReader::TakeCell(Bytes cell, bool ends_line) {
  if (!problem_.ok()) return;
  if (line_cells_ == 0 && ends_line && cell.empty()) {
    ++line_;
    return;
  }
  ++line_cells_;
  float value;
  if (matrix_.rows > 0 && line_cells_ > matrix_.columns) {
    return Fail(ProjectorFault::kExtraCell, line_cells_, cell);
  }
  if (!ParseNumber(cell, &value)) return Fail(ProjectorFault::kNotANumber, line_cells_, cell);
  if (count_ == max_values_) return Fail(ProjectorFault::kTooBig, line_cells_, cell);
  ++count_;
  if (keeps_values_) matrix_.values.push_back(value);
  if (!ends_line) return;
  if (matrix_.rows > 0 && line_cells_ < matrix_.columns) {
    return Fail(ProjectorFault::kMissingCell, line_cells_ + 1, {});
  }
  matrix_.columns = line_cells_;
  ++matrix_.rows;
  ++line_;
  line_cells_ = 0;
}

void TsvMatrixReader::Fail(ProjectorFault fault, uint64_t column, Bytes cell) {
  problem_ = {fault, line_, column, ToValidUtf8(cell.first(std::min(cell.size(), kMaxToldBytes)))};
  if (keeps_values_) matrix_.values.resize(static_cast<size_t>(matrix_.rows * matrix_.columns));
}

}  // namespace tensorpane
