package dev.rookery.loadtest;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Checks the events that a client receives from a stream: each must arrive once and in order. A
 * missing event is a gap, a second delivery a repeat.
 */
final class StreamOrderCheck {
  private static final byte[] POSITION =
      "\"_position\":{\"epoch\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OFFSET = PhoenixMessage.key("offset");

  private final LoadMetrics metrics;
  private final boolean complete;
  private long epoch;
  private long offset = -1;

  StreamOrderCheck(LoadMetrics metrics) {
    this(metrics, true);
  }

  /**
   * @param complete whether every event of the stream is shown, so that a missing offset is a loss
   */
  StreamOrderCheck(LoadMetrics metrics, boolean complete) {
    this.metrics = metrics;
    this.complete = complete;
  }

  boolean isKnown() {
    return offset >= 0;
  }

  long offset() {
    return offset;
  }

  void reset() {
    epoch = 0;
    offset = -1;
  }

  /** The position that a join sends to resume; null if there is none. */
  @Nullable JsonObject resumePosition() {
    return isKnown() ? JsonObject.of("epoch", Long.toString(epoch), "offset", offset) : null;
  }

  /** Records an event; true if it is the expected one, or has no position. */
  boolean receive(PhoenixMessage message) {
    long offset = message.lastNumber(OFFSET);
    long epoch = offset < 0 ? -1 : message.lastNumber(POSITION);
    return epoch == -1 || receive(epoch, offset);
  }

  boolean receive(long epoch, long offset) {
    if (this.offset < 0) {
      this.epoch = epoch;
      this.offset = offset;
      return true;
    }
    long expected = epoch == this.epoch ? this.offset + 1 : 1;
    if (epoch < this.epoch || offset < expected) {
      metrics.repeat();
      return false;
    }
    if (complete && offset > expected) {
      metrics.gap(offset - expected);
    }
    this.epoch = epoch;
    this.offset = offset;
    return !complete || offset == expected;
  }
}
