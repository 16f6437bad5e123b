package dev.rookery.extension.testkit;

import dev.rookery.extension.Extension;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * A complete server in this JVM, with a SQLite database in a temporary folder and a free port. It
 * takes a few seconds to start, so a test class shares one. Closing it removes the folder.
 * Thread-safe.
 */
public final class EmbeddedNode implements AutoCloseable {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(60);
  private static final int OK = 200;

  private final Path folder;
  private final NodeLauncher.RunningNode node;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(ANSWER_WITHIN)
          .build();
  private final TestPlayer admin;

  private EmbeddedNode(Path folder, NodeLauncher.RunningNode node) {
    this.folder = folder;
    this.node = node;
    // The first player of a server is its admin.
    this.admin = signIn("test-kit-admin");
  }

  /** Starts a server. */
  public static EmbeddedNode start() {
    return start(Map.of());
  }

  /**
   * Starts a server with settings.
   *
   * @param settings environment variables of the server; they win over those of the test kit, which
   *     switch rate limits off and let only warnings into the log
   * @throws IllegalStateException if the server was not found, or does not start
   */
  public static EmbeddedNode start(Map<String, String> settings) {
    Path folder;
    try {
      folder = Files.createTempDirectory("rookery-test");
      Files.createDirectory(folder.resolve("extensions"));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    var all = new HashMap<String, String>();
    all.put("ROOKERY_HTTP_HOST", "127.0.0.1");
    all.put("PORT", "0");
    all.put("ROOKERY_DATA_DIR", folder.resolve("data").toString());
    all.put("EXTENSIONS_DIR", folder.resolve("extensions").toString());
    all.put("ROOKERY_RATE_LIMIT_ENABLED", "false");
    all.put("ROOKERY_HTTP_EVENT_LOOPS", "1");
    all.put("DRAIN_DELAY", "0");
    all.put("LOG_LEVEL", "warn");
    all.putAll(settings);
    NodeLauncher.RunningNode node;
    try {
      node = ServerClasses.launcher().start(Map.copyOf(all));
    } catch (RuntimeException | Error failure) {
      delete(folder);
      throw failure;
    }
    try {
      return new EmbeddedNode(folder, node);
    } catch (RuntimeException | Error failure) {
      node.close();
      delete(folder);
      throw failure;
    }
  }

  /**
   * Deploys an extension, or replaces it, and returns when it takes calls.
   *
   * @param name the name by which players call it
   * @param classes the folder with its classes and resources, such as {@code target/classes}, or
   *     its jar
   * @throws DeploymentRefusedException if it does not start; the version before goes on
   */
  public void deploy(String name, Path classes) {
    byte[] jar;
    try {
      jar = Files.isDirectory(classes) ? pack(classes) : Files.readAllBytes(classes);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    TestResponse answer = send(admin.upload(name, jar));
    if (answer.status() != OK) {
      throw new DeploymentRefusedException(
          name + " was not deployed: " + answer.status() + " " + answer.text());
    }
  }

  /**
   * Deploys the extension of a class of the test's class path: the folder or jar that contains it.
   *
   * @param name the name by which players call it
   * @throws DeploymentRefusedException if it does not start; the version before goes on
   */
  public void deploy(String name, Class<? extends Extension> extension) {
    deploy(name, locationOf(extension));
  }

  /**
   * Deploys the extension of a class of the test's class path with a configuration.
   *
   * @param config what {@code context.config()} returns
   * @throws DeploymentRefusedException if it does not start; the version before goes on
   */
  public void deploy(String name, Class<? extends Extension> extension, JsonObject config) {
    deploy(name, locationOf(extension), config);
  }

  private static Path locationOf(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null) {
      throw new IllegalArgumentException(type + " is in neither a folder nor a jar");
    }
    return Path.of(URI.create(source.getLocation().toString()));
  }

  /**
   * Deploys an extension with a configuration.
   *
   * @param config what {@code context.config()} returns
   * @throws DeploymentRefusedException if it does not start; the version before goes on
   */
  public void deploy(String name, Path classes, JsonObject config) {
    try {
      // JSON is YAML.
      Files.writeString(folder.resolve("extensions").resolve(name + ".yaml"), config.encode());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    deploy(name, classes);
  }

  private static byte[] pack(Path classes) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(classes)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    var bytes = new ByteArrayOutputStream();
    try (var jar = new JarOutputStream(bytes)) {
      for (Path file : files) {
        jar.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, jar);
      }
    }
    return bytes.toByteArray();
  }

  /**
   * Signs a player in; the same device is the same player.
   *
   * @param device any text, for example a name
   */
  public TestPlayer signIn(String device) {
    TestResponse answer =
        send(
            request("/api/v1/login/device")
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(JsonObject.of("device_id", device).encode()))
                .build());
    if (answer.status() != OK) {
      throw new IllegalStateException(
          device + " is not signed in: " + answer.status() + " " + answer.text());
    }
    JsonObject data = answer.json().getJsonObject("data");
    return new TestPlayer(this, data.getLong("user_id"), data.getString("access_token"));
  }

  /** A player who is an admin. */
  public TestPlayer admin() {
    return admin;
  }

  /** The HTTP URI of a path. */
  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + node.port() + path);
  }

  /** The WebSocket URI of a path. */
  public URI socketUri(String path) {
    return URI.create("ws://127.0.0.1:" + node.port() + path);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(ANSWER_WITHIN);
  }

  TestResponse send(HttpRequest request) {
    try {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      return new TestResponse(response.statusCode(), response.body());
    } catch (IOException failure) {
      throw new UncheckedIOException(request.method() + " " + request.uri(), failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public void close() {
    try {
      node.close();
    } finally {
      client.close();
      delete(folder);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
