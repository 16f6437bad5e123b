package dev.rookery.extensionhost;

import dev.rookery.extension.LimitExceededException;
import java.util.concurrent.TimeUnit;

/** Bounds what one version of an extension sends in a second. Thread-safe. */
final class BroadcastLimit {
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final int perSecond;
  private long windowStart = System.nanoTime();
  private int count;

  BroadcastLimit(int perSecond) {
    this.perSecond = perSecond;
  }

  synchronized void count() {
    long now = System.nanoTime();
    if (now - windowStart >= WINDOW_NANOS) {
      windowStart = now;
      count = 0;
    }
    if (count == perSecond) {
      throw new LimitExceededException(
          "more than " + perSecond + " events in a second (extensions.broadcastsPerSecond)");
    }
    count++;
  }
}
