package dev.rookery.loadtest;

import dev.rookery.benchmark.BenchReport;
import java.io.IOException;
import java.util.Locale;

/** Prints the report of a run of {@code scripts/bench}. */
public final class BenchReportPrinter {
  private BenchReportPrinter() {}

  /**
   * @param arguments of {@link BenchReport#of}
   */
  public static void main(String... arguments) {
    Locale.setDefault(Locale.ROOT);
    try {
      System.out.print(BenchReport.of(arguments));
    } catch (IOException | IllegalArgumentException failure) {
      System.err.println("failed: " + failure.getMessage());
      System.exit(1);
    }
  }
}
