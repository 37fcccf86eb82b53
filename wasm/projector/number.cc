#include "projector/number.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/bytes.h"

namespace tensorpane {
namespace {

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

/// A decimal number: ± digits · 10^exponent.
struct Decimal {
  bool negative = false;
  bool is_exact = true;  // else digits that come later were dropped: less than 1 of 10^18 is missing
  uint64_t digits = 0;
  int exponent = 0;
};

/// Eight characters less '0', the first one lowest.
uint64_t LoadDigits(const char* at) {
  return LoadLittleEndian<uint64_t>(reinterpret_cast<const uint8_t*>(at)) ^ 0x3030303030303030;
}

/// How many of them are digits, before the first that is none. Bytes of more than 9 have their highest bit,
/// or get it by the sum; what that carries over is behind such a byte.
int CountDigits(uint64_t eight) {
  const uint64_t others = (eight | (eight + 0x7676767676767676)) & 0x8080808080808080;
  return std::countr_zero(others) / 8;
}

/// The number that eight digits are. Three steps of adding pairs in one word: D. Lemire, "Number parsing at a
/// gigabyte per second", Software: Practice and Experience 51, 2021.
uint64_t NumberOf(uint64_t eight) {
  eight = eight * 10 + (eight >> 8);  // two digits in every other byte
  constexpr uint64_t kMask = 0x000000FF000000FF;
  return ((eight & kMask) * (100 + (uint64_t{1'000'000} << 32)) +
          ((eight >> 16) & kMask) * (1 + (uint64_t{10'000} << 32))) >>
         32;
}

/// Takes digits in; `exponent` is that of the last one of them.
const char* TakeDigits(const char* at, const char* end, bool behind_point, Decimal* decimal) {
  const char* const start = at;
  while (end - at >= 8 && decimal->digits < 100'000'000'000) {  // so that eight more fit
    const uint64_t eight = LoadDigits(at);
    if (CountDigits(eight) < 8) break;
    decimal->digits = decimal->digits * 100'000'000 + NumberOf(eight);
    at += 8;
  }
  int dropped = 0;
  for (; at < end && IsDigit(*at); ++at) {
    if (decimal->digits > (UINT64_MAX - 9) / 10) {
      ++dropped;
    } else {
      decimal->digits = decimal->digits * 10 + static_cast<uint64_t>(*at - '0');
    }
  }
  decimal->is_exact = decimal->is_exact && dropped == 0;
  decimal->exponent += dropped - (behind_point ? static_cast<int>(at - start) : 0);
  return at;
}

/// Null: none begins here. `end` is at most kMaxNumberBytes away, or a number is only looked for in so many.
const char* ScanDecimal(const char* at, const char* end, Decimal* decimal) {
  end -= std::max<ptrdiff_t>(end - at - static_cast<ptrdiff_t>(kMaxNumberBytes), 0);
  if (at < end && (*at == '-' || *at == '+')) decimal->negative = *at++ == '-';
  const char* const start = at;
  at = TakeDigits(at, end, false, decimal);
  auto count = at - start;
  if (at < end && *at == '.') {
    const char* const point = ++at;
    at = TakeDigits(at, end, true, decimal);
    count += at - point;
  }
  if (count == 0) return nullptr;
  if (at < end && (*at == 'e' || *at == 'E')) {
    ++at;
    const bool has_sign = at < end && (*at == '-' || *at == '+');
    const bool negative = has_sign && *at == '-';
    if (has_sign) ++at;
    if (at == end || !IsDigit(*at)) return nullptr;
    int exponent = 0;
    for (; at < end && IsDigit(*at); ++at) exponent = std::min(exponent * 10 + (*at - '0'), 99'999);
    decimal->exponent += negative ? -exponent : exponent;
  }
  return at;
}

// Powers of ten that are exact as doubles.
constexpr double kPowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                              1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr int kMaxPower = 22;
constexpr uint64_t kMaxExact = uint64_t{1} << 53;  // of digits

/// The nearest double, where one rounding of exact numbers gives it: W. D. Clinger, "How to read floating
/// point numbers accurately", PLDI 1990.
bool ConvertExactly(const Decimal& decimal, double* value) {
  if (!decimal.is_exact || decimal.digits > kMaxExact) return false;
  if (std::abs(decimal.exponent) > kMaxPower && decimal.digits != 0) return false;
  const double digits = static_cast<double>(decimal.digits);
  const double power = kPowers[std::min(std::abs(decimal.exponent), kMaxPower)];
  const double result = decimal.exponent < 0 ? digits / power : digits * power;
  *value = decimal.negative ? -result : result;
  return true;
}

/// The float nearest to the double nearest to `decimal`, without strtod, which takes over a microsecond in
/// wasm. False if that cannot be told this way.
bool Convert(const Decimal& decimal, float* value) {
  double result;
  if (ConvertExactly(decimal, &result)) {
    *value = static_cast<float>(result);
    return true;
  }
  // Beyond, every number but 0 is infinite, or less than half of the smallest float.
  if (std::abs(decimal.exponent) > 3 * kMaxPower) return false;
  result = static_cast<double>(decimal.digits);
  for (int left = decimal.exponent; left != 0;) {
    const int step = std::min(std::abs(left), kMaxPower);
    result = left < 0 ? result / kPowers[step] : result * kPowers[step];
    left += left < 0 ? step : -step;
  }
  // Up to four roundings and digits that were dropped: `result` is at most three steps of a double beside the
  // nearest one. Both become the same float unless the middle between two floats (the 29 bits that a float
  // lacks are 100…0) is as near as that.
  constexpr uint64_t kMask = (uint64_t{1} << 29) - 1, kMiddle = uint64_t{1} << 28, kFar = 4;
  const uint64_t lost = BitCast<uint64_t>(result) & kMask;
  if (lost + kFar > kMiddle && lost < kMiddle + kFar) return false;
  // Nor where floats end, or have fewer bits.
  if (result > 1e38 || result < 1e-37) return false;
  *value = static_cast<float>(decimal.negative ? -result : result);
  return true;
}

bool Convert(const Decimal& decimal, double* value) { return ConvertExactly(decimal, value); }

constexpr ptrdiff_t kShortBytes = 32;  // that ScanShort may look at

/// A number as most are, [-] digits [. digits] with few digits, without what others need: the same as
/// ScanDecimal and Convert. Its branches are those that can be foretold; of the sign there is none.
/// @return where it ends; null: it is another one, or none
const char* ScanShort(const char* at, float* value) {
  const uint32_t negative = *at == '-' ? 1 : 0;
  at += negative;
  const char* const start = at;
  uint64_t digits = 0;
  for (; IsDigit(*at); ++at) {
    if (at - start == 6) return nullptr;
    digits = digits * 10 + static_cast<uint64_t>(*at - '0');
  }
  if (at == start) return nullptr;
  int places = 0;
  if (*at == '.') {
    constexpr uint32_t kShifts[] = {1, 10, 100, 1000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000};
    const uint64_t eight = LoadDigits(++at);
    places = CountDigits(eight);
    at += places;
    if (places < 8) {
      // Behind as many zeros as there are other characters.
      digits = digits * kShifts[places] + NumberOf(eight << (56 - 8 * places) << 8);
    } else {
      digits = digits * kShifts[8] + NumberOf(eight);
      for (; IsDigit(*at); ++at, ++places) {
        if (places == 16 || digits > kMaxExact / 10 - 1) return nullptr;
        digits = digits * 10 + static_cast<uint64_t>(*at - '0');
      }
    }
  }
  if (*at == 'e' || *at == 'E') return nullptr;
  const auto size = static_cast<float>(static_cast<double>(static_cast<int64_t>(digits)) / kPowers[places]);
  *value = BitCast<float>(BitCast<uint32_t>(size) | negative << 31);
  return at;
}

/// inf, infinity, nan in any case, with a sign.
template <class T>
bool ParseWord(std::string_view text, T* value) {
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

template <class T>
bool Parse(std::string_view text, T* value) {
  text = Trim(text);
  if (text.empty() || text.size() > kMaxNumberBytes) return false;
  const char* const end = text.data() + text.size();
  Decimal decimal;
  if (ScanDecimal(text.data(), end, &decimal) != end) return ParseWord(text, value);
  if (!Convert(decimal, value)) *value = static_cast<T>(std::strtod(std::string(text).c_str(), nullptr));
  return true;
}

}  // namespace

bool ParseNumber(std::string_view text, float* value) { return Parse(text, value); }
bool ParseNumber(std::string_view text, double* value) { return Parse(text, value); }

const char* ScanNumbers(const char* at, const char* end, char separator, std::span<float> numbers) {
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0) {
      if (at == end || *at++ != separator) return nullptr;
      while (separator == ' ' && at < end && *at == ' ') ++at;
    }
    const char* behind = end - at < kShortBytes ? nullptr : ScanShort(at, &numbers[i]);
    if (behind == nullptr) {
      Decimal decimal;
      behind = ScanDecimal(at, end, &decimal);
      if (behind == nullptr || !Convert(decimal, &numbers[i])) return nullptr;
    }
    at = behind;
  }
  return at;
}

}  // namespace tensorpane
