package dev.rookery;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.ProcessExit;
import dev.rookery.config.ConfigException;
import dev.rookery.config.ConfigReader;
import dev.rookery.config.LoadedConfig;
import dev.rookery.config.LogConfig.Format;
import dev.rookery.config.NodeConfig;
import dev.rookery.node.ConfigChecks;
import dev.rookery.node.ErrorMonitoring;
import dev.rookery.node.FatalErrorHandlers;
import dev.rookery.node.JvmFlags;
import dev.rookery.node.LogSettings;
import dev.rookery.node.Node;
import dev.rookery.node.NodeDependencies;
import dev.rookery.node.ProcessLifecycle;
import dev.rookery.node.ScriptCompiler;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Starts a node, and drains it when the process is asked to end. */
public final class Main {
  private static final int CANNOT_START = 1;
  private static final int MISCONFIGURED = 2;

  private Main() {}

  public static void main(String[] args) {
    // Before anything formats or compares text: a Turkish or Arabic locale changes the case of
    // keywords and the digits of numbers.
    Locale.setDefault(Locale.ROOT);
    JvmFlags.ensure();
    FatalErrorHandlers.install();
    LoadedConfig loaded;
    try {
      loaded = ConfigReader.load(file(args, System.getenv()), System.getenv(), ConfigChecks.ALL);
    } catch (ConfigException mistakes) {
      System.err.println("rookery cannot start with this configuration:");
      mistakes.problems().forEach(sentence -> System.err.println("  " + sentence));
      ProcessExit.withoutCache(MISCONFIGURED);
      return;
    }
    NodeConfig config = loaded.config();
    LogSettings.apply(config);
    ScriptCompiler.ensure(config);
    var errors = ErrorMonitoring.start(config, Node.version(config));
    var drain = config.drain();
    var lifetime =
        ProcessLifecycle.install(
            drain
                .delayFor(config.cluster())
                .plus(drain.timeout())
                .plus(config.godra().script().timeout()));
    Node node;
    try {
      node = Node.start(loaded, NodeDependencies.production());
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      LoggerFactory.getLogger(Main.class).debug("cannot start", failure);
      String reason = failure.getMessage();
      System.err.println("rookery cannot start: " + (reason == null ? failure : reason));
      ProcessExit.withoutCache(CANNOT_START);
      return;
    }
    lifetime.drainOnExit(
        () -> {
          node.drain();
          errors.close();
        });
    node.onDrainRequest(() -> lifetime.exit("an admin asked for it"));
    greet(config, node);
  }

  private static @Nullable Path file(String[] args, Map<String, String> environment) {
    if (args.length > 0) {
      return Path.of(args[0]);
    }
    String named = environment.get("ROOKERY_CONFIG");
    return named == null || named.isBlank() ? null : Path.of(named);
  }

  private static void greet(NodeConfig config, Node node) {
    String url = config.http().publicUrl(node.port());
    String after = "%.2f s".formatted(sinceStart().toMillis() / 1000.0);
    String code = config.pages().enabled() ? node.setupCode() : null;
    String title = "Rookery " + node.version() + ", ready in " + after;
    if (config.log().formatFor(config.production()) == Format.JSON) {
      LoggerFactory.getLogger(Main.class)
          .info("{}: {}{}", title, url, code == null ? "" : ", setup code " + code);
      return;
    }
    System.out.printf(
        """

          %s
          game API   %s/api/v1, described at %s/api/docs
          sockets    %s/socket/websocket
          health     %s/health/ready, metrics at %s/metrics
          console    %s/admin%s
          data       %s

        """,
        title,
        url,
        url,
        url.replaceFirst("^http", "ws"),
        url,
        url,
        url,
        code == null ? "" : "/setup?code=" + code,
        node.dataLocation());
  }

  // Of the process itself only the second it started in is known for sure.
  private static Duration sinceStart() {
    return Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
  }
}
