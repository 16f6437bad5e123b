package dev.rookery.trace;

import dev.rookery.trace.Span.Kind;
import dev.rookery.trace.Span.Outcome;
import java.util.List;

/**
 * A trace that has ended.
 *
 * @param id unique in the cluster
 * @param requestId of the request; empty for a frame
 * @param operation method and route of a request; the receiver and the first command of a frame
 * @param sampled false for a request that was not followed, and is kept because it failed or was
 *     slow; it has no parts but itself
 * @param parts the request or frame itself, and its parts in the order in which they began
 * @param leftOut how many parts there were beyond the maximum
 */
public record Trace(
    String id,
    String requestId,
    String operation,
    long startMs,
    long micros,
    Outcome outcome,
    boolean sampled,
    List<Part> parts,
    int leftOut) {
  /** The {@link Part#parent} of the first part. */
  public static final int NO_PARENT = -1;

  private static final int OVERHEAD_BYTES = 200;
  private static final int PART_BYTES = 110;

  /**
   * A part of a trace.
   *
   * @param parent the index of the part that it belongs to
   * @param startMicros since the start of the trace
   * @param waitMicros how much of {@code micros} it waited for a thread or a connection
   */
  public record Part(
      int parent,
      Kind kind,
      String name,
      long startMicros,
      long waitMicros,
      long micros,
      Outcome outcome) {}

  public boolean isFailed() {
    return outcome == Outcome.FAILED;
  }

  /** About the memory that it takes. */
  int bytes() {
    int bytes = OVERHEAD_BYTES + requestId.length() + operation.length();
    for (Part part : parts) {
      bytes += PART_BYTES + part.name().length();
    }
    return bytes;
  }
}
