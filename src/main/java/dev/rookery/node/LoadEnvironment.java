package dev.rookery.node;

import dev.rookery.config.NodeConfig;
import dev.rookery.console.MeterInterval;
import dev.rookery.edge.RateLimits;
import dev.rookery.loadrun.LiftedLimits;
import dev.rookery.loadrun.LoadSettings;
import dev.rookery.loadrun.LoadVerticle;
import dev.rookery.loadtest.Load;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** What load tests of admins need of this node. */
final class LoadEnvironment {
  private static final String LOOPBACK = "127.0.0.1";

  // Nobody else connects from it, so limits that are lifted for it are lifted for nobody else.
  // Systems other than Linux have the first address of that network alone.
  private static final String SOURCE =
      System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")
          ? "127.76.84.1"
          : LOOPBACK;

  private LoadEnvironment() {}

  /**
   * @param port where this node listens; called after it does
   */
  static LoadVerticle.Environment of(
      NodeConfig config, MeterRegistry meters, @Nullable RateLimits limits, IntSupplier port) {
    var loads = config.loadTests();
    return new LoadVerticle.Environment(
        config.cluster().nodeName(),
        new LoadSettings(
            loads.enabledFor(config.production()), loads.playersMax(), loads.timeMax()),
        command(),
        () -> "http://" + LOOPBACK + ":" + port.getAsInt(),
        SOURCE,
        new NodeLimits(limits),
        new MeterInterval(meters)::take);
  }

  /** The same program with a small heap, and without the settings of this process. */
  private static List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-XX:+ExitOnOutOfMemoryError",
        "-XX:TieredStopAtLevel=1",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        Load.class.getName());
  }

  private record NodeLimits(@Nullable RateLimits limits) implements LiftedLimits {
    @Override
    public void lift(String address) {
      if (limits != null) {
        limits.lift(address);
      }
    }

    @Override
    public void restore() {
      if (limits != null) {
        limits.lift(null);
      }
    }
  }
}
