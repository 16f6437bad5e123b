package dev.rookery.trace;

/**
 * An operation as its sampled requests or frames show it. The percentiles are those of the latest
 * {@value OperationTimes#LATEST}.
 *
 * @param sampled how many were sampled since the start of the node
 * @param failed how many of these failed
 * @param kept how many of its traces are kept
 */
public record OperationSummary(
    String operation, long sampled, long failed, long p50Micros, long p99Micros, int kept) {
  /** Of two nodes: numbers are added, and percentiles are the larger ones, never an average. */
  public OperationSummary with(OperationSummary other) {
    return new OperationSummary(
        operation,
        sampled + other.sampled,
        failed + other.failed,
        Math.max(p50Micros, other.p50Micros),
        Math.max(p99Micros, other.p99Micros),
        kept + other.kept);
  }
}
