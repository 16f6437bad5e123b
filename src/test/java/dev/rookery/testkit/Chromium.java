package dev.rookery.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The browser of this machine. */
public final class Chromium {
  private static final List<Path> NAMES =
      List.of(
          Path.of("/usr/bin/chromium"),
          Path.of("/usr/bin/chromium-browser"),
          Path.of("/usr/bin/google-chrome"));

  private Chromium() {}

  /** Without one, the test is skipped. */
  public static Path path() {
    var found = NAMES.stream().filter(Files::isExecutable).findFirst();
    Assumptions.assumeTrue(found.isPresent(), "no Chromium here");
    return found.orElseThrow();
  }
}
