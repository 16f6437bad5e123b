package dev.rookery.cache;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Values that nodes share, as bytes. It may lose any of them at any time. It may be slow or gone;
 * then nothing is found and what is put is lost, without a failure.
 */
public interface SharedCache {
  /** The value, or null. Does not fail. */
  Future<@Nullable Buffer> get(String key);

  /** Stores a value until it has the given age. */
  void put(String key, Buffer value, Duration maxAge);
}
