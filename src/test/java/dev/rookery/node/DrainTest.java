package dev.rookery.node;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.edge.Protocol;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestNode;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
final class DrainTest {
  /** Requests that are answered when the test says so. */
  private static final class Slow implements Protocol {
    private final BlockingQueue<RoutingContext> waiting = new LinkedBlockingQueue<>();

    @Override
    public void mount(Router router) {
      router.get("/slow").handler(waiting::add);
    }

    RoutingContext next() throws InterruptedException {
      RoutingContext context = waiting.poll(120, TimeUnit.SECONDS);
      assertThat(context).isNotNull();
      return context;
    }
  }

  private final Slow slow = new Slow();

  @Test
  void finishesRequestsInFlightAndRefusesNewOnes() throws Exception {
    try (var node = start(Map.of())) {
      CompletableFuture<HttpResponse<String>> underway = ask(node, "/slow");
      RoutingContext request = slow.next();
      assertThat(node.get("/health/ready").statusCode()).isEqualTo(200);

      var drained = CompletableFuture.runAsync(node.node()::drain);
      until(() -> node.get("/anything").statusCode() == 503);
      assertThat(node.get("/health/ready").statusCode()).isEqualTo(503);
      assertThat(node.get("/health/ready").body()).contains("\"draining\"");
      assertThat(node.get("/health/live").statusCode()).isEqualTo(200);
      assertThat(drained).isNotDone();

      request.vertx().runOnContext(_ -> request.end("at last"));
      assertThat(underway.get(120, TimeUnit.SECONDS).body()).isEqualTo("at last");
      drained.get(120, TimeUnit.SECONDS);
      assertThatThrownBy(() -> ask(node, "/health/live").get(120, TimeUnit.SECONDS))
          .hasCauseInstanceOf(ConnectException.class);
    }
  }

  /** A request that was on its way when the server stopped listening would be lost. */
  @Test
  void answersOpenConnectionsOnceMoreWhenNewOnesAreRefused() throws Exception {
    try (var node = start(Map.of());
        var open = new Socket("127.0.0.1", node.node().port())) {
      get(open);
      assertThat(readStatus(open)).isEqualTo("HTTP/1.1 404 Not Found");
      var drained = CompletableFuture.runAsync(node.node()::drain);
      until(() -> isRefused(node.node().port()));

      get(open);
      // Up to its end: the connection closes.
      assertThat(new String(open.getInputStream().readAllBytes(), US_ASCII))
          .contains("HTTP/1.1 503 Service Unavailable");
      drained.get(120, TimeUnit.SECONDS);
    }
  }

  private static void get(Socket connection) throws IOException {
    connection.getOutputStream().write("GET /any HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
  }

  /** Reads the first line of the answer, and leaves the rest. */
  private static String readStatus(Socket connection) throws IOException {
    var line = new StringBuilder();
    for (int next = connection.getInputStream().read(); next != '\r' && next >= 0; ) {
      line.append((char) next);
      next = connection.getInputStream().read();
    }
    return line.toString();
  }

  private static boolean isRefused(int port) throws IOException {
    try (var _ = new Socket("127.0.0.1", port)) {
      return false;
    } catch (ConnectException _) {
      return true;
    }
  }

  @Test
  void servesRequestsDuringTheDrainDelay() throws Exception {
    try (var node = start(Map.of("DRAIN_DELAY", "3s"))) {
      var drained = CompletableFuture.runAsync(node.node()::drain);
      until(() -> node.get("/health/ready").statusCode() == 503);
      assertThat(node.get("/anything").statusCode()).isEqualTo(404);
      drained.get(120, TimeUnit.SECONDS);
    }
  }

  @Test
  void stopsWaitingForRequestsAtTheTimeout() throws Exception {
    try (var node = start(Map.of("DRAIN_TIMEOUT", "200ms"))) {
      CompletableFuture<HttpResponse<String>> underway = ask(node, "/slow");
      slow.next();
      CompletableFuture.runAsync(node.node()::drain).get(120, TimeUnit.SECONDS);
      assertThatThrownBy(() -> underway.get(120, TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  void ignoresRepeatedDrainAndClose() {
    try (var node = start(Map.of())) {
      node.node().drain();
      node.node().drain();
      node.node().close();
    }
  }

  private TestNode start(Map<String, String> settings) {
    return TestNode.start(Databases.sqlite(), settings, NodeDependencies.production().with(slow));
  }

  private static CompletableFuture<HttpResponse<String>> ask(TestNode node, String path) {
    return TestNode.client()
        .sendAsync(HttpRequest.newBuilder(node.uri(path)).build(), BodyHandlers.ofString());
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void until(Condition condition) throws Exception {
    var deadline = Eventually.Deadline.in(Duration.ofMinutes(2));
    while (!condition.holds()) {
      deadline.check();
      Eventually.pause();
    }
  }
}
