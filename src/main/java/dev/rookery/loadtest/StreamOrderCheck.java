package dev.rookery.loadtest;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How far a client has heard a stream. Each event must come once and in order: what is left out is
 * a gap, what comes again is a repeat.
 */
final class StreamOrderCheck {
  private static final byte[] POSITION =
      "\"_position\":{\"epoch\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OFFSET = PhoenixMessage.key("offset");

  private final LoadMetrics figures;
  private final boolean complete;
  private long epoch;
  private long offset = -1;

  StreamOrderCheck(LoadMetrics figures) {
    this(figures, true);
  }

  /**
   * @param complete whether every event of the stream is shown, so that a number left out is a loss
   */
  StreamOrderCheck(LoadMetrics figures, boolean complete) {
    this.figures = figures;
    this.complete = complete;
  }

  boolean isKnown() {
    return offset >= 0;
  }

  long offset() {
    return offset;
  }

  void forget() {
    epoch = 0;
    offset = -1;
  }

  /** What a join says to go on from here. */
  @Nullable JsonObject resume() {
    return isKnown() ? JsonObject.of("epoch", Long.toString(epoch), "offset", offset) : null;
  }

  /** Whether the event is the one that was to come; so is one without a position. */
  boolean hear(PhoenixMessage pushed) {
    long offset = pushed.lastNumber(OFFSET);
    long epoch = offset < 0 ? -1 : pushed.lastNumber(POSITION);
    return epoch == -1 || hear(epoch, offset);
  }

  boolean hear(long epoch, long offset) {
    if (this.offset < 0) {
      this.epoch = epoch;
      this.offset = offset;
      return true;
    }
    long expected = epoch == this.epoch ? this.offset + 1 : 1;
    if (epoch < this.epoch || offset < expected) {
      figures.repeat();
      return false;
    }
    if (complete && offset > expected) {
      figures.gap(offset - expected);
    }
    this.epoch = epoch;
    this.offset = offset;
    return !complete || offset == expected;
  }
}
