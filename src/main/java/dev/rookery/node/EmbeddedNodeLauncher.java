package dev.rookery.node;

import dev.rookery.config.ConfigException;
import dev.rookery.config.ConfigReader;
import dev.rookery.config.NodeConfig;
import dev.rookery.extension.testkit.NodeLauncher;
import java.util.Map;

/** Starts nodes in the JVM of a test of an extension; found as a service by the test kit. */
public final class EmbeddedNodeLauncher implements NodeLauncher {
  @Override
  public RunningNode start(Map<String, String> settings) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    ClassLoader server = EmbeddedNodeLauncher.class.getClassLoader();
    // Libraries find their services by it, and threads that start here inherit it.
    thread.setContextClassLoader(server);
    try {
      NodeConfig config = ConfigReader.read(null, settings, ConfigChecks.ALL);
      if (server != ClassLoader.getSystemClassLoader()) {
        // With the server on the class path, the log is that of the whole application.
        LogSettings.apply(config);
      }
      return new Embedded(Node.start(config, NodeDependencies.production()));
    } catch (ConfigException mistakes) {
      throw new IllegalStateException(String.join("; ", mistakes.problems()), mistakes);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private record Embedded(Node node) implements RunningNode {
    @Override
    public int port() {
      return node.port();
    }

    @Override
    public void close() {
      node.close();
    }
  }
}
