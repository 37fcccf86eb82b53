#include "projector/npy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <sstream>

#include "projector/array_reader.h"

namespace tensorpane {
namespace {

std::string LittleEndian(uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> 8 * i);
  return text;
}

std::string BigEndian(uint64_t value, int bytes) {
  const std::string little = LittleEndian(value, bytes);
  return {little.rbegin(), little.rend()};
}

std::string Npy(const std::string& text, const std::string& data = "", char version = 1) {
  return std::string("\x93NUMPY") + version + '\0' + LittleEndian(text.size(), version == 1 ? 2 : 4) + text +
         data;
}

std::string Header(const std::string& descr, const std::string& shape, bool fortran_order = false) {
  return "{'descr': '" + descr + "', 'fortran_order': " + (fortran_order ? "True" : "False") +
         ", 'shape': " + shape + ", }     \n";
}

ProjectorFault FaultOf(const std::string& file) {
  NpyHeader header;
  return ReadNpyHeader(AsBytes(file), &header);
}

TEST(NpyHeader, AsNumpyWrites) {
  for (const char version : {'\1', '\2', '\3'}) {
    NpyHeader header;
    const std::string file = Npy(Header("<f4", "(600, 64)"), "data", version);
    ASSERT_EQ(ReadNpyHeader(AsBytes(file), &header), ProjectorFault::kNone);
    EXPECT_EQ(header.shape, (std::vector<uint64_t>{600, 64}));
    EXPECT_EQ(header.type.kind, ElementType::Kind::kFloat);
    EXPECT_EQ(header.type.bytes, 4);
    EXPECT_FALSE(header.type.big_endian);
    EXPECT_FALSE(header.fortran_order);
    EXPECT_EQ(header.data_offset, file.size() - 4);
  }
}

TEST(NpyHeader, Forms) {
  const auto shape = [](const std::string& text) {
    NpyHeader header;
    EXPECT_EQ(ReadNpyHeader(AsBytes(Npy(Header("|u1", text))), &header), ProjectorFault::kNone) << text;
    return header.shape;
  };
  EXPECT_EQ(shape("()"), (std::vector<uint64_t>{}));
  EXPECT_EQ(shape("(3,)"), (std::vector<uint64_t>{3}));
  EXPECT_EQ(shape("( 3L , 4L )"), (std::vector<uint64_t>{3, 4}));
  EXPECT_EQ(shape("(18446744073709551615, 2, 3)"), (std::vector<uint64_t>{UINT64_MAX, 2, 3}));
  NpyHeader header;
  EXPECT_EQ(ReadNpyHeader(AsBytes(Npy(R"({"shape":(1,2),"fortran_order":True,"descr":">i8"})")), &header),
            ProjectorFault::kNone);
  EXPECT_TRUE(header.fortran_order);
  EXPECT_TRUE(header.type.big_endian);
  EXPECT_EQ(header.type.kind, ElementType::Kind::kSigned);
  EXPECT_EQ(header.type.bytes, 8);
}

TEST(NpyHeader, Refused) {
  EXPECT_EQ(FaultOf("PK\3\4"), ProjectorFault::kNotNpy);
  EXPECT_EQ(FaultOf("1.0\t2.0\n"), ProjectorFault::kNotNpy);
  EXPECT_EQ(FaultOf(Npy(Header("<f4", "(1, 2)"), "", 4)), ProjectorFault::kNotNpy);
  EXPECT_EQ(FaultOf(Npy(Header("<f4", "(1, 2)"), "", 0)), ProjectorFault::kNotNpy);
  for (const char* descr :
       {"<f1", "<f3", "<f16", "<c8", "|O", "<U4", "|S4", "<M8[ns]", "|b2", "f4", "<i", "", "<i/", "!f4"}) {
    EXPECT_EQ(FaultOf(Npy(Header(descr, "(1, 2)"))), ProjectorFault::kNumberType) << descr;
  }
  EXPECT_EQ(FaultOf(Npy("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (3,)}")),
            ProjectorFault::kNumberType);
  for (const char* shape : {"(-1, 2)", "(1.5,)", "3", "[1, 2]", "(1 2)", "(,)", "(1,,2)",
                            "(18446744073709551616,)", "(1", "(x,)", "()x"}) {
    EXPECT_EQ(FaultOf(Npy(Header("<f4", shape))), ProjectorFault::kNpyHeader) << shape;
  }
  for (const char* text :
       {"", "{", "{}", "x", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': 1, 'shape': ()}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (), 'x': 1}", "{'descr: 1}", "{'descr' '<f4'}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': ()} x",
        "{'descr': '<f4' 'fortran_order': False, 'shape': ()}", "{descr: '<f4'}"}) {
    EXPECT_EQ(FaultOf(Npy(text)), ProjectorFault::kNpyHeader) << text;
  }
  std::string wide = "(";
  for (int i = 0; i < 1000; ++i) wide += "1,";
  EXPECT_EQ(FaultOf(Npy(Header("<f4", wide + ")"))), ProjectorFault::kNpyHeader);
  // A length that is not in the file, and one beyond the limit.
  EXPECT_EQ(FaultOf(std::string("\x93NUMPY\1\0\xFF\x7F", 10)), ProjectorFault::kCutOff);
  EXPECT_EQ(FaultOf(std::string("\x93NUMPY\2\0\xFF\xFF\xFF\xFF", 12)), ProjectorFault::kNpyHeader);
}

TEST(NpyHeader, EveryTruncationSaysHowFar) {
  const std::string file = Npy(Header("<f4", "(1, 2)"));
  for (size_t length = 0; length < file.size(); ++length) {
    NpyHeader header;
    const std::vector<uint8_t> bytes(file.begin(), file.begin() + static_cast<ptrdiff_t>(length));
    EXPECT_EQ(ReadNpyHeader(bytes, &header), ProjectorFault::kCutOff);
    EXPECT_GT(header.data_offset, length);
    EXPECT_LE(header.data_offset, file.size());
  }
}

/// Rows in brackets, and the fault.
std::string Describe(const ArrayReader& reader) {
  std::ostringstream text;
  const Matrix& matrix = reader.matrix();
  if (!reader.problem().ok()) {
    EXPECT_TRUE(matrix.values.empty());
    return Name(reader.problem().fault);
  }
  EXPECT_EQ(matrix.values.size(), matrix.rows * matrix.columns);
  text << matrix.rows << "x" << matrix.columns;
  for (const float value : matrix.values) text << " " << value;
  return text.str();
}

std::string Read(ArrayReader reader, std::string_view file, size_t cut) {
  while (!file.empty()) {
    const size_t length = std::min(cut, file.size());
    const std::vector<uint8_t> piece(file.begin(), file.begin() + static_cast<ptrdiff_t>(length));
    reader.Feed(piece);
    file.remove_prefix(length);
  }
  reader.Finish();
  return Describe(reader);
}

/// The same with any cut.
std::string ReadAll(const ArrayReader& reader, const std::string& file) {
  const std::string whole = Read(reader, file, file.size());
  for (size_t cut = 1; cut < file.size(); ++cut) EXPECT_EQ(Read(reader, file, cut), whole) << cut;
  return whole;
}

std::string NpyOf(const std::string& descr, const std::vector<uint64_t>& bits) {
  const int bytes = descr[2] - '0';
  std::string data;
  for (const uint64_t b : bits) data += descr[0] == '>' ? BigEndian(b, bytes) : LittleEndian(b, bytes);
  return ReadAll(ArrayReader::Npy(), Npy(Header(descr, "(" + std::to_string(bits.size()) + ", 1)"), data));
}

TEST(ArrayReader, Types) {
  for (const std::string order : {"<", ">"}) {
    EXPECT_EQ(NpyOf(order + "f2", {0x3C00, 0xC100, 0x0001, 0x7C00}), "4x1 1 -2.5 5.96046e-08 inf");
    EXPECT_EQ(NpyOf(order + "f4", {0x3F800000, 0xC0200000, 0x7F800000}), "3x1 1 -2.5 inf");
    EXPECT_EQ(NpyOf(order + "f8", {0x3FF0000000000000, 0xC004000000000000, 0x7FEFFFFFFFFFFFFF}),
              "3x1 1 -2.5 inf");
    EXPECT_EQ(NpyOf(order + "i1", {0x7F, 0x80, 0xFF}), "3x1 127 -128 -1");
    EXPECT_EQ(NpyOf(order + "i2", {0x7FFF, 0x8000, 0xFFFF}), "3x1 32767 -32768 -1");
    EXPECT_EQ(NpyOf(order + "i4", {5, 0x80000000, 0xFFFFFFFF}), "3x1 5 -2.14748e+09 -1");
    EXPECT_EQ(NpyOf(order + "i8", {5, uint64_t{1} << 63, UINT64_MAX}), "3x1 5 -9.22337e+18 -1");
    EXPECT_EQ(NpyOf(order + "u1", {0x7F, 0x80, 0xFF}), "3x1 127 128 255");
    EXPECT_EQ(NpyOf(order + "u2", {5, 0xFFFF}), "2x1 5 65535");
    EXPECT_EQ(NpyOf(order + "u4", {5, 0xFFFFFFFF}), "2x1 5 4.29497e+09");
    EXPECT_EQ(NpyOf(order + "u8", {5, UINT64_MAX}), "2x1 5 1.84467e+19");
  }
  EXPECT_EQ(NpyOf("|b1", {0, 1}), "2x1 0 1");
  EXPECT_EQ(NpyOf("=u2", {258}), "1x1 258");
}

TEST(ArrayReader, Orders) {
  EXPECT_EQ(ReadAll(ArrayReader::Npy(), Npy(Header("|u1", "(2, 3)"), "\1\2\3\4\5\6")), "2x3 1 2 3 4 5 6");
  EXPECT_EQ(ReadAll(ArrayReader::Npy(), Npy(Header("|u1", "(2, 3)", true), "\1\4\2\5\3\6")),
            "2x3 1 2 3 4 5 6");
}

TEST(ArrayReader, NpySizes) {
  const auto read = [](const std::string& shape, const std::string& data) {
    return ReadAll(ArrayReader::Npy(100), Npy(Header("<u2", shape), data));
  };
  EXPECT_EQ(read("(0, 3)", ""), "0x3");
  EXPECT_EQ(read("(3, 0)", "more"), "3x0");
  EXPECT_EQ(read("(1, 2)", std::string("\1\0\2\0\3", 5)), "1x2 1 2");
  EXPECT_EQ(read("(1, 2)", std::string("\1\0\2", 3)), "cut_off");
  EXPECT_EQ(read("(1, 2)", ""), "cut_off");
  EXPECT_EQ(read("(10, 10)", ""), "cut_off");
  EXPECT_EQ(read("(10, 11)", ""), "too_big");
  EXPECT_EQ(read("(101, 0)", ""), "too_big");
  EXPECT_EQ(read("(4294967296, 4294967296)", ""), "too_big");
  EXPECT_EQ(read("(18446744073709551615, 18446744073709551615)", ""), "too_big");
  EXPECT_EQ(read("(3,)", "123456"), "3x1 12849 13363 13877");
  EXPECT_EQ(read("()", "12"), "rank");
  EXPECT_EQ(read("(1, 1, 1)", "12"), "rank");
  EXPECT_EQ(ReadAll(ArrayReader::Npy(), ""), "cut_off");
  EXPECT_EQ(ReadAll(ArrayReader::Npy(), "1.0\t2.0"), "not_npy");
}

TEST(ArrayReader, NpyTruncations) {
  const std::string file = Npy(Header(">f8", "(2, 2)", true), std::string(32, '\0'));
  for (size_t length = 0; length < file.size(); ++length) {
    EXPECT_EQ(ReadAll(ArrayReader::Npy(), file.substr(0, length)), "cut_off");
  }
  EXPECT_EQ(ReadAll(ArrayReader::Npy(), file), "2x2 0 0 0 0");
}

TEST(ArrayReader, Raw) {
  const std::string data = LittleEndian(0x3F800000, 4) + LittleEndian(0xC0200000, 4);
  EXPECT_EQ(ReadAll(ArrayReader::Raw({1, 2}), data), "1x2 1 -2.5");
  EXPECT_EQ(ReadAll(ArrayReader::Raw({2, 1}), data), "2x1 1 -2.5");
  EXPECT_EQ(ReadAll(ArrayReader::Raw({0, 7}), ""), "0x7");
  for (size_t length = 0; length < data.size(); ++length) {
    EXPECT_EQ(ReadAll(ArrayReader::Raw({1, 2}), data.substr(0, length)), "size");
  }
  EXPECT_EQ(ReadAll(ArrayReader::Raw({1, 2}), data + "x"), "size");
  EXPECT_EQ(ReadAll(ArrayReader::Raw({1, 1}), data), "size");
  EXPECT_EQ(ReadAll(ArrayReader::Raw({2}), data), "rank");
  EXPECT_EQ(ReadAll(ArrayReader::Raw({}), data), "rank");
  EXPECT_EQ(ReadAll(ArrayReader::Raw({1, 2, 1}), data), "rank");
  EXPECT_EQ(ReadAll(ArrayReader::Raw({UINT32_MAX, UINT32_MAX}), data), "too_big");
}

TEST(ArrayReader, Garbage) {
  std::mt19937 random(9);
  const std::string sample = Npy(Header("<u2", "(2, 3)"), "abcdefghijkl");
  for (int round = 0; round < 5'000; ++round) {
    std::string file = sample;
    for (size_t changes = 1 + random() % 3; changes > 0; --changes) {
      file[random() % file.size()] =
          random() % 2 == 0 ? static_cast<char>(random()) : sample[random() % sample.size()];
    }
    const std::string whole = Read(ArrayReader::Npy(1000), file, file.size());
    EXPECT_EQ(Read(ArrayReader::Npy(1000), file, 1 + random() % 20), whole);
  }
}

}  // namespace
}  // namespace tensorpane
