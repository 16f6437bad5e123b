package dev.rookery.fanout;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Topics dealt to a fixed number of shards, by their names. */
final class Shards {
  private final List<Shard> all;

  Shards(int count, Supplier<Shard> made) {
    this.all = Stream.generate(made).limit(count).toList();
  }

  int count() {
    return all.size();
  }

  /** The same on every node. */
  int number(String topic) {
    return Math.floorMod(topic.hashCode(), all.size());
  }

  Shard of(String topic) {
    return all.get(number(topic));
  }

  int topics() {
    return all.stream().mapToInt(Shard::topics).sum();
  }

  /** Followed streams, as they are now. */
  List<String> streams() {
    return all.stream().flatMap(shard -> shard.streams().stream()).toList();
  }
}
