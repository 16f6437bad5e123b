package dev.rookery.fanout;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The fixed number of shards; a topic belongs to the shard of its hash. */
final class Shards {
  private final List<Shard> shards;

  Shards(int count, Supplier<Shard> factory) {
    this.shards = Stream.generate(factory).limit(count).toList();
  }

  int count() {
    return shards.size();
  }

  /** The index of a topic's shard, the same on every node. */
  int indexOf(String topic) {
    return Math.floorMod(topic.hashCode(), shards.size());
  }

  Shard of(String topic) {
    return shards.get(indexOf(topic));
  }

  int topics() {
    return shards.stream().mapToInt(Shard::topics).sum();
  }

  /** A snapshot of the subscribed streams. */
  List<String> streams() {
    return shards.stream().flatMap(shard -> shard.streams().stream()).toList();
  }
}
