package dev.rookery.testkit;

import dev.rookery.config.ConfigException;
import dev.rookery.config.ConfigReader;
import dev.rookery.config.NodeConfig;
import dev.rookery.node.ConfigChecks;
import dev.rookery.node.Node;
import dev.rookery.node.NodeDependencies;
import dev.rookery.store.DatabaseLocation;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A complete node in this JVM with its own port and database, without rate limits by default, whose
 * passwords are cheap to hash. Closing it stops the node, removes the database, and fails the test
 * if an event loop was blocked meanwhile.
 *
 * <pre>{@code
 * @ParameterizedTest
 * @MethodSource("dev.rookery.testkit.Databases#locations")
 * void claim(Databases.TestDatabase database) {
 *   try (var node = TestNode.start(database)) { … }
 * }
 * }</pre>
 */
public final class TestNode implements AutoCloseable {
  static final String SECRET = "a secret that only the tests of this build ever sign with, 64 ch.";

  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofMinutes(1))
          .build();
  private static final Duration ANSWER_WITHIN = Duration.ofMinutes(2);

  private final Node node;
  private final Runnable remove;
  private final List<String> blocked;

  private TestNode(Node node, Runnable remove, List<String> blocked) {
    this.node = node;
    this.remove = remove;
    this.blocked = blocked;
  }

  /** Starts a node on a SQLite file. */
  public static TestNode start() {
    return start(Databases.sqlite());
  }

  public static TestNode start(Databases.TestDatabase testDatabase) {
    return start(testDatabase, Map.of());
  }

  /**
   * @param environment environment variables that override the defaults of a test
   */
  public static TestNode start(
      Databases.TestDatabase testDatabase, Map<String, String> environment) {
    return start(testDatabase, environment, NodeDependencies.production());
  }

  public static TestNode start(
      Databases.TestDatabase testDatabase,
      Map<String, String> environment,
      NodeDependencies parts) {
    return start(testDatabase.location(), environment, parts, testDatabase::close);
  }

  static TestNode start(
      DatabaseLocation location,
      Map<String, String> environment,
      NodeDependencies parts,
      Runnable remove) {
    var blocked = new CopyOnWriteArrayList<String>();
    try {
      Node node =
          Node.start(
              config(location, environment),
              parts.with(TestPasswords.COST).onBlockedThread(blocked::add));
      return new TestNode(node, remove, blocked);
    } catch (RuntimeException | Error failure) {
      remove.run();
      throw failure;
    }
  }

  private static NodeConfig config(DatabaseLocation location, Map<String, String> environment) {
    var settings = new HashMap<String, String>();
    settings.put("ROOKERY_HTTP_HOST", "127.0.0.1");
    settings.put("PORT", "0");
    settings.put("DATABASE_URL", Databases.url(location));
    settings.put("SECRET_KEY_BASE", SECRET);
    settings.put("ROOKERY_RATE_LIMIT_ENABLED", "false");
    settings.put("ROOKERY_HTTP_EVENT_LOOPS", "2");
    settings.put("DRAIN_DELAY", "0");
    // Each connection costs the server of the tests milliseconds.
    settings.put("POOL_SIZE", "6");
    // A busy machine is no outage of the database.
    settings.put("DB_QUERY_TIMEOUT", "30s");
    settings.put("DB_POOL_TIMEOUT", "30s");
    settings.putAll(environment);
    try {
      return ConfigReader.read(null, settings, ConfigChecks.ALL);
    } catch (ConfigException mistakes) {
      throw new AssertionError(mistakes);
    }
  }

  public Node node() {
    return node;
  }

  public int port() {
    return node.port();
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  /** The WebSocket URI of a path. */
  public URI socketUri(String path) {
    return URI.create("ws://127.0.0.1:" + port() + path);
  }

  public HttpResponse<String> get(String path, String... headers) {
    return send("GET", path, null, headers);
  }

  /**
   * The sum of all series of a metric; 0 if there is none.
   *
   * @param start the name, with or without the first labels
   */
  public double metric(String start) {
    return metrics(List.of(start));
  }

  /** The value of a metric that every node has. */
  public double gauge(String name) {
    String text = get(NodeMetrics.path(name)).body();
    if (!text.contains("\n" + name)) {
      throw new AssertionError("the node has no " + name + ": " + text);
    }
    return NodeMetrics.sum(text, name);
  }

  /** The sum of several metrics, read at once. */
  public double metrics(List<String> starts, String... headers) {
    HttpResponse<String> answer = get(NodeMetrics.path(starts), headers);
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.body());
    }
    return starts.stream().mapToDouble(start -> NodeMetrics.sum(answer.body(), start)).sum();
  }

  public HttpResponse<String> post(String path, String json, String... headers) {
    return send("POST", path, json, headers);
  }

  /**
   * @param json null for no body
   * @param headers alternating names and values
   */
  public HttpResponse<String> send(String method, String path, String json, String... headers) {
    var request = HttpRequest.newBuilder(uri(path)).timeout(ANSWER_WITHIN);
    if (json == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request.method(method, BodyPublishers.ofString(json));
      request.header("content-type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  public HttpResponse<String> send(HttpRequest request) {
    try {
      return CLIENT.send(request, BodyHandlers.ofString());
    } catch (IOException failure) {
      throw new AssertionError(request.method() + " " + request.uri(), failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  public static HttpClient client() {
    return CLIENT;
  }

  @Override
  public void close() {
    try {
      node.close();
    } finally {
      remove.run();
    }
    if (!blocked.isEmpty()) {
      throw new AssertionError("blocked threads: " + blocked);
    }
  }
}
