package dev.rookery.trace;

/**
 * Which traces are wanted. An empty text admits all.
 *
 * @param operation the whole name of the operation
 * @param requestId the whole id of the request
 * @param failed only those that failed
 * @param microsMin only those that took at least as long
 * @param slowestFirst the slowest first; otherwise the newest
 */
public record TraceFilter(
    String operation, String requestId, boolean failed, long microsMin, boolean slowestFirst) {
  private static final int TEXT_MAX = 300;

  public static final TraceFilter ALL = new TraceFilter("", "", false, 0, false);

  public TraceFilter {
    operation = bounded(operation);
    requestId = bounded(requestId);
  }

  private static String bounded(String text) {
    return text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX) : text;
  }

  boolean admits(Trace trace) {
    return (operation.isEmpty() || operation.equals(trace.operation()))
        && (requestId.isEmpty() || requestId.equals(trace.requestId()))
        && (!failed || trace.isFailed())
        && trace.micros() >= microsMin;
  }
}
