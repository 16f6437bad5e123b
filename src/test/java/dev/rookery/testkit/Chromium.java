package dev.rookery.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Finds the Chromium browser of this machine. */
public final class Chromium {
  private static final List<Path> NAMES =
      List.of(
          Path.of("/usr/bin/chromium"),
          Path.of("/usr/bin/chromium-browser"),
          Path.of("/usr/bin/google-chrome"));

  private Chromium() {}

  /** The path of the browser; skips the test if there is none. */
  public static Path path() {
    var found = NAMES.stream().filter(Files::isExecutable).findFirst();
    Assumptions.assumeTrue(found.isPresent(), "Chromium is not installed");
    return found.orElseThrow();
  }
}
