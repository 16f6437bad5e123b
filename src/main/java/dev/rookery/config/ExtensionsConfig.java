package dev.rookery.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** Extensions: the code of a game that runs in the server. */
public record ExtensionsConfig(
    @Setting(env = {"EXTENSIONS_DIR", "GAME_SERVER_PLUGINS_DIR"}) Path folder,
    @Setting(min = 100, max = 3_600_000) Duration callTimeout,
    @Setting(min = 100, max = 60_000) Duration gameCallTimeout,
    @Setting(min = 100, max = 600_000) Duration startTimeout,
    @Setting(min = 100, max = 600_000) Duration stopTimeout,
    @Setting(max = 1_024) int callsMax,
    @Setting(max = 1_000_000) int broadcastsPerSecond,
    @Setting(max = 10_000) int channelMessagesPerSecond,
    @Setting(max = 100) int connectionsMax,
    List<String> paths,
    @Setting(min = 1_024, max = 256 << 20) int jarBytesMax) {
  static final ExtensionsConfig DEFAULTS =
      new ExtensionsConfig(
          Path.of("extensions"),
          Duration.ofSeconds(60),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          64,
          5_000,
          60,
          5,
          List.of(),
          16 << 20);

  private static final Pattern PATH =
      Pattern.compile("(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+=[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /** Whether all paths name an extension. */
  boolean arePathsValid() {
    return paths.stream().allMatch(path -> PATH.matcher(path).matches());
  }
}
