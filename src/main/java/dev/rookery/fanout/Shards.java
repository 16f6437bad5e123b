package dev.rookery.fanout;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Topics dealt to a fixed number of shards, by their names. */
final class Shards {
  private final List<Shard> shards;

  Shards(int count, Supplier<Shard> made) {
    this.shards = Stream.generate(made).limit(count).toList();
  }

  int count() {
    return shards.size();
  }

  /** The same on every node. */
  int indexOf(String topic) {
    return Math.floorMod(topic.hashCode(), shards.size());
  }

  Shard of(String topic) {
    return shards.get(indexOf(topic));
  }

  int topics() {
    return shards.stream().mapToInt(Shard::topics).sum();
  }

  /** Followed streams, as they are now. */
  List<String> streams() {
    return shards.stream().flatMap(shard -> shard.streams().stream()).toList();
  }
}
