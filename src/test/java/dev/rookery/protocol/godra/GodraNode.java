package dev.rookery.protocol.godra;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestNode;
import dev.rookery.testkit.TestRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node with a folder of scripts, and a Redis that runs them, or none. */
final class GodraNode implements AutoCloseable {
  private final @Nullable TestRedis redis;
  private final Path folder;
  private final TestNode node;

  private GodraNode(@Nullable TestRedis redis, Path folder, TestNode node) {
    this.redis = redis;
    this.folder = folder;
    this.node = node;
  }

  static GodraNode start(boolean onRedis, Map<String, String> environment) {
    TestRedis redis = onRedis ? TestRedis.start() : null;
    try {
      Path folder = Files.createTempDirectory("scripts");
      var settings = new HashMap<>(environment);
      settings.put("GODRA_SCRIPTS_DIR", folder.toString());
      if (redis != null) {
        settings.put("GODRA_REDIS_URL", redis.url());
      }
      return new GodraNode(redis, folder, TestNode.start(Databases.sqlite(), settings));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (RuntimeException | Error failure) {
      if (redis != null) {
        redis.close();
      }
      throw failure;
    }
  }

  TestNode node() {
    return node;
  }

  TestRedis redis() {
    if (redis == null) {
      throw new IllegalStateException("there is none");
    }
    return redis;
  }

  /** Writes a script as an editor does: under another name first. */
  void write(String name, String source) {
    write(folder, name, source);
  }

  static void write(Path folder, String name, String source) {
    try {
      Path draft = folder.resolve("." + name + ".tmp");
      Files.write(draft, source.getBytes(StandardCharsets.UTF_8));
      Files.move(draft, folder.resolve(name + ".lua"), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  void delete(String name) {
    try {
      Files.delete(folder.resolve(name + ".lua"));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    try {
      node.close();
    } finally {
      if (redis != null) {
        redis.close();
      }
    }
  }
}
