package dev.rookery.protocol.gamend;

import dev.rookery.base.Position;
import dev.rookery.protocol.phoenix.JoinRefusedException;
import dev.rookery.protocol.phoenix.Payload;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client says in the payload of a join about where it left off: nothing, and then it is
 * served as ever; {@code "resume": {}}, to be told positions; or the last position it was told.
 *
 * @param position where it left off; null if it has no place to come back to
 */
record ResumeRequest(boolean requested, @Nullable Position position) {
  private static final ResumeRequest NOT_REQUESTED = new ResumeRequest(false, null);
  private static final ResumeRequest WITHOUT_POSITION = new ResumeRequest(true, null);

  private static final String FIELD = "resume";
  private static final String EPOCH = "epoch";
  private static final String OFFSET = "offset";
  private static final int EPOCH_CHARS_MAX = 64;

  // Numbers beyond are not exact in the languages of our clients.
  private static final double EXACT_INTEGER_MAX = 9_007_199_254_740_991d;

  // No stream has it. What an epoch looks like is our business, and may not always be a number.
  private static final long UNKNOWN_EPOCH = -1;

  /**
   * @throws JoinRefusedException {@code invalid_resume}
   */
  static ResumeRequest of(Payload payload) {
    if (payload.hasSameBytes(Payload.EMPTY)) {
      return NOT_REQUESTED;
    }
    JsonObject object = payload.asObject();
    if (object == null || !object.containsKey(FIELD)) {
      return NOT_REQUESTED;
    }
    if (!(object.getValue(FIELD) instanceof JsonObject resume)) {
      throw invalid();
    }
    Map<String, Object> fields = resume.getMap();
    return fields.isEmpty()
        ? WITHOUT_POSITION
        : new ResumeRequest(
            true, new Position(epoch(fields.get(EPOCH)), offset(fields.get(OFFSET))));
  }

  private static long epoch(@Nullable Object given) {
    if (given instanceof String text && !text.isEmpty() && text.length() <= EPOCH_CHARS_MAX) {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException _) {
        return UNKNOWN_EPOCH;
      }
    }
    return integer(given, -EXACT_INTEGER_MAX);
  }

  private static long offset(@Nullable Object given) {
    return integer(given, 0);
  }

  /** Engines that know no integers say 17.0. */
  private static long integer(@Nullable Object given, double min) {
    if (given instanceof Number number) {
      double value = number.doubleValue();
      if (value >= min && value <= EXACT_INTEGER_MAX && value == Math.rint(value)) {
        return number.longValue();
      }
    }
    throw invalid();
  }

  private static JoinRefusedException invalid() {
    return new JoinRefusedException("invalid_resume");
  }

  /** The answer to a join; empty, as ever, for those who did not ask. */
  JsonObject response(boolean recovered, Position upto) {
    return requested
        ? JsonObject.of(
            "recovered", recovered, EPOCH, Long.toString(upto.epoch()), OFFSET, upto.offset())
        : new JsonObject();
  }

  /** As pushes carry it. */
  static String json(Position position) {
    return "{\"epoch\":\"" + position.epoch() + "\",\"offset\":" + position.offset() + "}";
  }
}
