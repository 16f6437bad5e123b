package dev.rookery.loadtest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Processor time and memory of processes on this machine and their children, from Linux's {@code
 * /proc}.
 */
record ProcessStats(List<Long> pids) {
  private static final double TICKS_PER_SECOND = 100;
  private static final int FIELDS_AFTER_NAME = 11;

  // The JVM of jcmd itself lives for a moment.
  private static final String SHORT_LIVED = "-J-XX:TieredStopAtLevel=1";
  private static final String SERIAL = "-J-XX:+UseSerialGC";

  boolean isKnown() {
    return !pids.isEmpty();
  }

  /** Processor time used so far, in seconds. */
  double cpuSeconds() {
    return all().mapToDouble(ProcessStats::cpuSeconds).sum();
  }

  /** Memory that no other process shares, in bytes: what would be free if they ended. */
  long privateBytes() {
    return all().mapToLong(ProcessStats::privateBytes).sum();
  }

  private Stream<Long> all() {
    return pids.stream()
        .flatMap(
            pid ->
                Stream.concat(
                    Stream.of(pid),
                    ProcessHandle.of(pid).stream()
                        .flatMap(ProcessHandle::descendants)
                        .map(ProcessHandle::pid)));
  }

  private static double cpuSeconds(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // The process name may contain blanks; the fields after its closing parenthesis do not.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      long ticks =
          Long.parseLong(fields[FIELDS_AFTER_NAME]) + Long.parseLong(fields[FIELDS_AFTER_NAME + 1]);
      return ticks / TICKS_PER_SECOND;
    } catch (IOException _) {
      return 0;
    }
  }

  private static long privateBytes(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
      return lines
          .filter(line -> line.startsWith("Private_"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1_024)
          .sum();
    } catch (IOException _) {
      return 0;
    }
  }

  /** Requests a garbage collection in each process that is a JVM. */
  void collectGarbage() {
    for (long pid : pids) {
      Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
      try {
        Process collecting =
            new ProcessBuilder(jcmd.toString(), SHORT_LIVED, SERIAL, Long.toString(pid), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        collecting.waitFor();
      } catch (IOException _) {
        return;
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
