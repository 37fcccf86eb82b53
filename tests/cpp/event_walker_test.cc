#include "events/event_walker.h"

#include <gtest/gtest.h>

#include <deque>

#include "event_bytes.h"

namespace tensorpane {
namespace {

using testing::BytesField;
using testing::DoubleField;
using testing::EventHead;
using testing::FloatField;
using testing::SimpleValue;
using testing::SummaryEvent;
using testing::Tag;
using testing::Varint;
using testing::VarintField;

WalkResult Walk(std::string payload, Event* event) {
  static std::deque<std::string> kept;  // the event points into it
  WholeRecord record(AsBytes(kept.emplace_back(std::move(payload))));
  return WalkEvent(record, event);
}

bool IsEvent(const std::string& payload) {
  Event event;
  return Walk(payload, &event) == WalkResult::kOk;
}

TEST(EventWalker, ReadsAScalarEvent) {
  Event event;
  ASSERT_EQ(Walk(SummaryEvent(-7, {SimpleValue("a", 1.5f), SimpleValue("b", 2)}, 12.5), &event),
            WalkResult::kOk);
  EXPECT_EQ(event.step, -7);
  EXPECT_EQ(event.wall_time, 12.5);
  EXPECT_EQ(event.kind, EventKind::kSummary);
  ASSERT_EQ(event.values.size(), 2u);
  EXPECT_EQ(AsText(event.values[1].tag), "b");
  EXPECT_EQ(event.values[0].simple_value, 1.5f);
}

TEST(EventWalker, TheLastOfAOneofWinsAndMessagesMerge) {
  Event event;
  const std::string value = SimpleValue("t", 1);
  ASSERT_EQ(Walk(BytesField(5, BytesField(1, value)) + BytesField(5, BytesField(1, value)), &event),
            WalkResult::kOk);
  EXPECT_EQ(event.values.size(), 2u);
  ASSERT_EQ(Walk(BytesField(5, BytesField(1, value)) + BytesField(3, "v"), &event), WalkResult::kOk);
  EXPECT_EQ(event.kind, EventKind::kFileVersion);
  EXPECT_TRUE(event.values.empty());
  ASSERT_EQ(Walk(SummaryEvent(0, {BytesField(4, "image") + SimpleValue("t", 3)}), &event), WalkResult::kOk);
  EXPECT_EQ(event.values[0].storage, Storage::kSimpleValue);
}

TEST(EventWalker, ASplitPayloadIsTheWholeValue) {
  Event event;
  const std::string value = BytesField(1, "h") + BytesField(5, "one") + BytesField(5, "two");
  const std::string payload = SummaryEvent(0, {value});
  ASSERT_EQ(Walk(payload, &event), WalkResult::kOk);
  EXPECT_TRUE(event.values[0].split);
  EXPECT_EQ(payload.substr(event.values[0].payload.offset, event.values[0].payload.length), value);
}

TEST(EventWalker, PayloadsAreTheContentOfTheirField) {
  Event event;
  const std::string payload = SummaryEvent(0, {BytesField(1, "i") + BytesField(4, "the image")});
  ASSERT_EQ(Walk(payload, &event), WalkResult::kOk);
  EXPECT_EQ(payload.substr(event.values[0].payload.offset, event.values[0].payload.length), "the image");
  const std::string graph = EventHead(0, 1) + BytesField(4, "the graph");
  ASSERT_EQ(Walk(graph, &event), WalkResult::kOk);
  EXPECT_EQ(graph.substr(event.payload.offset, event.payload.length), "the graph");
  const std::string metadata =
      EventHead(0, 1) + BytesField(8, BytesField(1, "tag") + BytesField(2, "the metadata"));
  ASSERT_EQ(Walk(metadata, &event), WalkResult::kOk);
  EXPECT_EQ(AsText(event.run_metadata_tag), "tag");
  EXPECT_EQ(metadata.substr(event.payload.offset, event.payload.length), "the metadata");
}

TEST(EventWalker, UnknownFieldsOfAnyTypeAreSteppedOver) {
  const std::string group = Tag(103, 3) + VarintField(1, 5) + Tag(104, 3) + Tag(104, 4) + Tag(103, 4);
  const std::string unknown =
      BytesField(99, "x") + VarintField(100, 1) + DoubleField(101, 1) + FloatField(102, 1) + group;
  Event event;
  ASSERT_EQ(Walk(unknown + SummaryEvent(3, {unknown + SimpleValue("t", 1) + unknown}) + unknown, &event),
            WalkResult::kOk);
  EXPECT_EQ(event.step, 3);
  EXPECT_EQ(AsText(event.values.at(0).tag), "t");
}

TEST(EventWalker, AFieldOfAnotherWireTypeIsUnknown) {
  Event event;
  ASSERT_EQ(Walk(BytesField(1, "not a double"), &event), WalkResult::kOk);
  EXPECT_FALSE(event.any_field);
}

TEST(EventWalker, RefusesWhatIsNoMessage) {
  EXPECT_TRUE(IsEvent(""));
  EXPECT_FALSE(IsEvent(std::string(30, '\xff')));
  EXPECT_FALSE(IsEvent(Tag(2, 0) + "\x80\x80"));
  EXPECT_FALSE(IsEvent(Tag(5, 2) + Varint(200) + "abc"));
  EXPECT_FALSE(IsEvent(std::string("\x00\x01", 2)));                 // field 0
  EXPECT_FALSE(IsEvent("\x0e\x01"));                                 // wire type 6
  EXPECT_FALSE(IsEvent("\x10" + std::string(10, '\x80') + "\x01"));  // a varint of 11 bytes
  EXPECT_FALSE(IsEvent(Tag(1, 4)));                                  // ends a group that never began
  EXPECT_FALSE(IsEvent(Tag(9, 3)));                                  // a group that never ends
  EXPECT_FALSE(IsEvent(Tag(9, 3) + Tag(8, 4)));                      // ends another group
  EXPECT_FALSE(IsEvent(SummaryEvent(0, {Tag(1, 2) + Varint(9) + "t"})));
}

TEST(EventWalker, DeepGroupsDoNotRecurse) {
  std::string open, close;
  for (int i = 0; i < 100000; ++i) {
    open += Tag(1, 3);
    close += Tag(1, 4);
  }
  EXPECT_FALSE(IsEvent(open + close));
}

TEST(EventWalker, AMillionEmptyValuesAreNoEvent) {
  std::string values;
  for (int i = 0; i < (1 << 20) + 1; ++i) values += BytesField(1, "");
  EXPECT_FALSE(IsEvent(BytesField(5, values)));
}

TEST(EventWalker, ManyValuesInALargeRecordAreWalkedOnce) {
  std::string values;
  constexpr int kCount = 3000;
  for (int i = 0; i < kCount; ++i) {
    values += BytesField(1, BytesField(1, "tag" + std::to_string(i)) + BytesField(4, std::string(5000, 'i')));
  }
  const std::string payload =
      EventHead(1, 2) + BytesField(5, values) + BytesField(10, BytesField(1, "writer"));
  WindowedRecord record(payload.size(), AsBytes(payload).first(100));
  Event event;
  WindowedWalk walk;
  int windows = 0;
  while (walk.Go(record, &event) == WalkResult::kMissing) {
    ASSERT_LE(++windows, 2 * kCount);
    const auto [offset, length] = record.missing();
    record.Add(offset, AsBytes(payload).subspan(offset, length));
  }
  ASSERT_EQ(event.values.size(), kCount);
  for (int i = 0; i < kCount; ++i) EXPECT_EQ(AsText(event.values[i].tag), "tag" + std::to_string(i));
  EXPECT_TRUE(event.source_metadata);
}

TEST(EventWalker, EveryTruncationIsRefusedOrRead) {
  const std::string payload =
      SummaryEvent(1, {SimpleValue("tag", 1), BytesField(1, "i") + BytesField(4, "image")});
  Event event;
  for (size_t length = 0; length < payload.size(); ++length) {
    const std::string cut = payload.substr(0, length);
    const bool at_field_end = length == 0 || length == 9 || length == 11;
    EXPECT_EQ(Walk(cut, &event) == WalkResult::kOk, at_field_end) << length;
  }
}

/// All that was read, as text: nothing of it may depend on the way it was read.
std::string Describe(WalkResult result, const Event& event) {
  if (result != WalkResult::kOk) return "not an event";
  const auto place = [](Span span) {
    return std::to_string(span.offset) + '+' + std::to_string(span.length) + ' ';
  };
  std::string text = std::to_string(event.wall_time) + ' ' + std::to_string(event.step) + ' ' +
                     Name(event.kind) + (event.any_field ? " fields" : "") +
                     (event.source_metadata ? " writer" : "");
  for (const EventValue& value : event.values) {
    text += std::string(" | ") + Name(value.storage) + ' ' + std::to_string(value.simple_value) + ' ' +
            place(value.payload) + place(value.metadata) + (value.has_metadata ? "m" : "-") +
            (value.metadata_split ? "s" : "-") + (value.split ? "s" : "-") + std::string(AsText(value.tag)) +
            std::string(AsText(value.node_name));
  }
  return text;
}

TEST(EventWalker, ReadsPlainEventsAsTheWalkThroughWindowsDoes) {
  // Walks with windows have no short way for plain events.
  const auto expect_same = [](const std::string& payload) {
    Event plain, walked;
    plain.source_metadata = Bytes();  // of an event before
    plain.values.resize(3);
    WholeRecord whole(AsBytes(payload));
    WindowedRecord windowed(payload.size(), AsBytes(payload));
    WindowedWalk walk;
    EXPECT_EQ(Describe(WalkEvent(whole, &plain), plain), Describe(walk.Go(windowed, &walked), walked))
        << payload.size();
  };
  for (const size_t tag_length : {0, 1, 90, 127, 128, 300, 17000}) {
    const std::string tag(tag_length, 't');
    const std::string tensor = VarintField(1, 1) + BytesField(4, "1234");
    const std::string metadata = BytesField(9, BytesField(1, BytesField(1, "scalars")));
    const std::string with_metadata = BytesField(1, tag) + BytesField(8, tensor) + metadata;
    for (const std::string& value :
         {SimpleValue(tag, 1.5f), BytesField(1, tag) + BytesField(8, tensor), with_metadata,
          with_metadata + metadata, with_metadata + BytesField(8, ""),
          BytesField(8, tensor) + BytesField(1, tag), SimpleValue(tag, 2) + metadata,
          BytesField(1, tag) + BytesField(5, "histogram"), with_metadata + BytesField(15, "unknown")}) {
      for (const int64_t step :
           {int64_t{0}, int64_t{1}, int64_t{127}, int64_t{128}, int64_t{1} << 56, INT64_MAX, int64_t{-1}}) {
        expect_same(SummaryEvent(step, {value}));
      }
      const std::string summary = BytesField(5, BytesField(1, value));
      expect_same(DoubleField(1, 7) + summary);  // step 0 is not written
      expect_same(SummaryEvent(1, {value, value}));
      expect_same(SummaryEvent(1, {value}) + VarintField(2, 3));  // the last step counts
      expect_same(SummaryEvent(1, {value}) + BytesField(10, "writer"));
      expect_same(VarintField(2, 1) + DoubleField(1, 7) + summary);  // another order
      expect_same(DoubleField(1, 7) + Tag(2, 0) + "\x81" + std::string(1, '\0') + summary);
    }
    const std::string payload = SummaryEvent(1, {with_metadata});
    for (size_t length = payload.size() - std::min<size_t>(payload.size(), 200); length < payload.size();
         ++length) {
      expect_same(payload.substr(0, length));
    }
  }
}

TEST(EventWalker, ALargeRecordIsReadThroughWindows) {
  const std::string image(300000, 'i');
  const std::string payload =
      BytesField(5, BytesField(1, BytesField(1, "first") + BytesField(4, image)) +
                        BytesField(1, BytesField(4, image) + BytesField(1, "second"))) +
      EventHead(42, 7);
  WindowedRecord record(payload.size(), AsBytes(payload).first(1000));
  Event event;
  WindowedWalk walk;
  int windows = 0;
  while (walk.Go(record, &event) == WalkResult::kMissing) {
    ASSERT_LT(++windows, 10);
    const auto [offset, length] = record.missing();
    ASSERT_LE(length, WindowedRecord::kWindow);
    record.Add(offset, AsBytes(payload).subspan(offset, length));
  }
  EXPECT_EQ(event.step, 42);
  ASSERT_EQ(event.values.size(), 2u);
  EXPECT_EQ(AsText(event.values[1].tag), "second");
  EXPECT_EQ(event.values[1].payload.length, image.size());
}

}  // namespace
}  // namespace tensorpane
