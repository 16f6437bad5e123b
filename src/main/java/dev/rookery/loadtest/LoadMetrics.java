package dev.rookery.loadtest;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a run. Confined to the one event loop. Times and units count only while the
 * measurement runs; errors, gaps and repeats count from start to end.
 */
final class LoadMetrics {
  private static final long TIME_MAX_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final Histogram times = new Histogram(TIME_MAX_NANOS, 3);
  private final Histogram interval = new Histogram(TIME_MAX_NANOS, 2);
  private boolean measuring;
  private long startNanos;
  private double seconds;

  private long units;
  private long answered;
  private long requests;
  private long frames;
  private long reads;
  private long retries;
  private long drops;
  private long resumes;
  private long reloads;

  private long gaps;
  private long repeats;
  private @Nullable String lastRetry;
  private long errors;
  private @Nullable String firstError;

  void start() {
    times.reset();
    units = 0;
    requests = 0;
    frames = 0;
    reads = 0;
    startNanos = System.nanoTime();
    measuring = true;
  }

  void stop() {
    if (measuring) {
      measuring = false;
      seconds = (System.nanoTime() - startNanos) / 1e9;
    }
  }

  boolean isMeasuring() {
    return measuring;
  }

  /** Counts one unit of the scenario and records its time in nanoseconds. */
  void unit(long nanos) {
    interval.recordValue(Math.clamp(nanos, 0, TIME_MAX_NANOS));
    if (measuring) {
      units++;
      times.recordValue(Math.clamp(nanos, 0, TIME_MAX_NANOS));
    }
  }

  void unit() {
    units(1);
  }

  void units(long count) {
    if (measuring) {
      units += count;
    }
  }

  /** Counts an answered request and records its time, in scenarios that measure requests. */
  void timed(long nanos) {
    answered++;
    interval.recordValue(Math.clamp(nanos, 0, TIME_MAX_NANOS));
    if (measuring) {
      requests++;
      times.recordValue(Math.clamp(nanos, 0, TIME_MAX_NANOS));
    }
  }

  void requested() {
    answered++;
    if (measuring) {
      requests++;
    }
  }

  void read(int frameCount) {
    reads++;
    frames += frameCount;
  }

  void retried(Throwable cause) {
    retries++;
    lastRetry = reason(cause);
  }

  void dropped() {
    drops++;
  }

  void resumed() {
    resumes++;
  }

  void reloaded() {
    reloads++;
  }

  void gap(long missing) {
    gaps += missing;
  }

  void repeat() {
    repeats++;
  }

  void failed(Throwable cause) {
    failed(reason(cause));
  }

  private static String reason(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.toString() : message;
  }

  void failed(String message) {
    errors++;
    if (firstError == null) {
      firstError = message;
    }
  }

  long units() {
    return units;
  }

  /** Answered requests from start to end. */
  long answered() {
    return answered;
  }

  /** A percentile of the times since the last call, also outside of the measurement; 0 for none. */
  double takeIntervalMillis(double percentile) {
    double millis = interval.getValueAtPercentile(percentile) / 1e6;
    interval.reset();
    return millis;
  }

  long requests() {
    return requests;
  }

  long retries() {
    return retries;
  }

  long drops() {
    return drops;
  }

  long resumes() {
    return resumes;
  }

  long reloads() {
    return reloads;
  }

  long gaps() {
    return gaps;
  }

  long repeats() {
    return repeats;
  }

  long errors() {
    return errors;
  }

  /** The reason of the last retry. */
  @Nullable String lastRetry() {
    return lastRetry;
  }

  @Nullable String firstError() {
    return firstError;
  }

  double seconds() {
    return seconds;
  }

  double perSecond() {
    return seconds == 0 ? 0 : units / seconds;
  }

  double millis(double percentile) {
    return times.getValueAtPercentile(percentile) / 1e6;
  }

  /** Average number of frames per read of a socket: the effect of coalescing. */
  double framesPerRead() {
    return reads == 0 ? 0 : (double) frames / reads;
  }

  boolean isClean() {
    return errors == 0 && gaps == 0 && repeats == 0;
  }

  String progress(String unit) {
    double elapsed = (System.nanoTime() - startNanos) / 1e9;
    return String.format(
        Locale.ROOT,
        "%s %3.0f s  %,d %s (%,.0f/s)  p99 %.1f ms  %,d drops  %,d errors  %,d gaps  %,d repeats  "
            + " ",
        measuring ? "measuring" : seconds > 0 ? "finishing" : "warming up",
        measuring ? elapsed : seconds,
        units,
        unit,
        measuring && elapsed > 0 ? units / elapsed : 0,
        millis(99),
        drops,
        errors,
        gaps,
        repeats);
  }
}
