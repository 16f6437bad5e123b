package dev.rookery.protocol.gamend;

import dev.rookery.base.Position;
import dev.rookery.protocol.phoenix.JoinRefusedException;
import dev.rookery.protocol.phoenix.Payload;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The field {@code resume} in the payload of a join. Without it the client is served as the
 * contract says; {@code {}} asks for positions in pushes; {@code {"epoch","offset"}} asks to
 * continue after the last position that the client received.
 *
 * @param requested whether the client wants positions
 * @param position the position after which to continue; null if the client has none
 */
record ResumeRequest(boolean requested, @Nullable Position position) {
  private static final ResumeRequest NOT_REQUESTED = new ResumeRequest(false, null);
  private static final ResumeRequest WITHOUT_POSITION = new ResumeRequest(true, null);

  private static final String FIELD = "resume";
  private static final String EPOCH = "epoch";
  private static final String OFFSET = "offset";
  private static final int EPOCH_CHARS_MAX = 64;

  // The largest integer that a double, the only number of many clients, holds exactly.
  private static final double EXACT_INTEGER_MAX = 9_007_199_254_740_991d;

  /**
   * Reads the field from the payload of a join.
   *
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
        : new ResumeRequest(true, Position.ofClient(epoch(fields.get(EPOCH)), offset(fields)));
  }

  /** This request, with positions in pushes even if the client has not asked for them. */
  ResumeRequest withPositions() {
    return requested ? this : WITHOUT_POSITION;
  }

  private static String epoch(@Nullable Object value) {
    return value instanceof String text && !text.isEmpty() && text.length() <= EPOCH_CHARS_MAX
        ? text
        : Long.toString(integer(value, -EXACT_INTEGER_MAX));
  }

  private static long offset(Map<String, Object> fields) {
    return integer(fields.get(OFFSET), 0);
  }

  /** Accepts 17.0 as well, which engines without integers send. */
  private static long integer(@Nullable Object value, double min) {
    if (value instanceof Number number) {
      double exact = number.doubleValue();
      if (exact >= min && exact <= EXACT_INTEGER_MAX && exact == Math.rint(exact)) {
        return number.longValue();
      }
    }
    throw invalid();
  }

  private static JoinRefusedException invalid() {
    return new JoinRefusedException("invalid_resume");
  }

  /** Returns the response to a join; empty if the client did not ask for positions. */
  JsonObject response(boolean recovered, Position position) {
    return requested
        ? JsonObject.of(
            "recovered",
            recovered,
            EPOCH,
            Long.toString(position.epoch()),
            OFFSET,
            position.offset())
        : new JsonObject();
  }

  /** Returns the JSON of a position as pushes carry it. */
  static String json(Position position) {
    return "{\"epoch\":\"" + position.epoch() + "\",\"offset\":" + position.offset() + "}";
  }
}
