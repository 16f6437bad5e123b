package dev.rookery.testkit;

import java.io.IOException;
import redis.embedded.RedisServer;

/** A real, empty Redis on loopback, which can be stopped and started again. */
public final class TestRedis implements AutoCloseable {
  private final int port;
  private final RedisServer server;

  private TestRedis(int port, String... settings) throws IOException {
    this.port = port;
    var builder =
        RedisServer.newRedisServer()
            .port(port)
            .setting("bind 127.0.0.1")
            .setting("save \"\"")
            .setting("appendonly no");
    for (String setting : settings) {
      builder.setting(setting);
    }
    this.server = builder.build();
  }

  /** Starts a Redis with these lines added to its settings. */
  public static TestRedis start(String... settings) {
    try {
      var redis = new TestRedis(NodeProcess.freePort(), settings);
      redis.startAgain();
      return redis;
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  public int port() {
    return port;
  }

  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  public void stop() {
    try {
      server.stop();
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** Starts it again on the same port, empty. */
  public void startAgain() {
    try {
      server.start();
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
