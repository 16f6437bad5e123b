package dev.rookery.extension.testkit;

import java.util.Map;

/**
 * Starts servers in this JVM. The server provides it as a service for {@link EmbeddedNode}; tests
 * do not call it.
 */
public interface NodeLauncher {
  /**
   * Starts a server and returns when it accepts connections.
   *
   * @param settings as environment variables
   * @throws IllegalStateException if it cannot start with these settings
   */
  RunningNode start(Map<String, String> settings);

  /** A server that runs. */
  interface RunningNode extends AutoCloseable {
    /** The port of its HTTP server. */
    int port();

    /** Stops it, and returns when it has released its files and ports. */
    @Override
    void close();
  }
}
