package dev.rookery.game.script;

import java.time.Duration;

/**
 * Bounds of the scripts of games.
 *
 * @param threads how many threads run scripts
 * @param callTime how long one call may take
 * @param callCpuTime how much processor time one call may take
 * @param callStatements how many statements one call may execute, the same on every machine; 0 if
 *     they are not counted, which makes scripts a quarter quicker
 * @param callBytes how much memory one call may allocate
 * @param resultChars the maximum length of what one call returns, in UTF-16 units
 * @param contexts how many contexts one thread keeps, each for one script
 * @param sessionBytes about how much memory the sessions of one thread use; those beyond it are
 *     restored when used
 * @param contextCalls after so many calls a context is replaced, so that what a script keeps
 *     outside of the state of its matches does not grow forever
 */
public record ScriptLimits(
    int threads,
    Duration callTime,
    Duration callCpuTime,
    long callStatements,
    long callBytes,
    int resultChars,
    int contexts,
    long sessionBytes,
    int contextCalls) {
  /** Room for games with a few hundred moves. */
  public static final ScriptLimits DEFAULTS =
      new ScriptLimits(
          2,
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          0,
          256L << 20,
          1 << 20,
          8,
          64L << 20,
          50_000);

  /** These limits with other bounds of a call. */
  public ScriptLimits with(
      Duration time, Duration cpuTime, long statements, long bytes, int results) {
    return new ScriptLimits(
        threads, time, cpuTime, statements, bytes, results, contexts, sessionBytes, contextCalls);
  }

  /** These limits with so many threads, whose sessions use so much memory together. */
  public ScriptLimits withThreads(int number, long allSessionBytes) {
    return new ScriptLimits(
        number,
        callTime,
        callCpuTime,
        callStatements,
        callBytes,
        resultChars,
        contexts,
        allSessionBytes / number,
        contextCalls);
  }
}
