package dev.rookery.extension;

/** Work that runs at certain times. */
@FunctionalInterface
public interface ScheduledJob {
  /**
   * Runs the job for one time of its schedule. Runs on a thread of the extension and may block for
   * at most {@code extensions.callTimeout}. Two runs of one job do not overlap.
   *
   * <p>After an exception it runs again at its next time. When the node ends during a run, another
   * node repeats it with the same {@link ScheduledRun#periodKey}, so an effect that must happen
   * once is stored together with the key.
   */
  void run(ScheduledRun run) throws Exception;
}
