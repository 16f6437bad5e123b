package dev.rookery.keyspace;

/** What a key holds. */
abstract sealed class Value
    permits StringValue, HashValue, ListValue, SetValue, SortedSetValue, StreamValue {
  static final long NEVER = -1;

  /** Milliseconds since 1970 from which on the key is gone, or {@link #NEVER}. */
  long expiresAt = NEVER;

  /** Bytes of this value within the sum of the database; negative while no key holds it. */
  long accounted = -1;

  /** The number of the last snapshot that has this value, or that began before the value. */
  long snapshot;

  /** The name that {@code TYPE} replies. */
  abstract String type();

  /** Bytes on the heap, estimated; kept up to date by each change. */
  abstract long memory();

  /** Whether the key goes with the last element. */
  abstract boolean isEmpty();

  /** The same content, without the time of expiry. */
  abstract Value copy();
}
