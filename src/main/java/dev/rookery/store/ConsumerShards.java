package dev.rookery.store;

/**
 * The shards in which durable consumers read committed events. All events of a stream are in one
 * shard, so that a consumer sees them in their order; different shards are read at the same time.
 */
public final class ConsumerShards {
  /** The number of shards. It and {@link #of} are stored with events, and so never change. */
  public static final int COUNT = 8;

  // Spreads hash codes of similar names (Fibonacci hashing).
  private static final int HASH_MULTIPLIER = 0x9E3779B9;
  private static final int HASH_SHIFT = Integer.SIZE - Integer.numberOfTrailingZeros(COUNT);

  private ConsumerShards() {}

  /** The shard of a stream, from 0 to {@link #COUNT} - 1. */
  public static int of(String stream) {
    return (stream.hashCode() * HASH_MULTIPLIER) >>> HASH_SHIFT;
  }
}
