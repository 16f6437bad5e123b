package dev.rookery.edge;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.rookery.node.NodeDependencies;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.LoggedErrors;
import dev.rookery.testkit.TestNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that go away in the middle of anything are nobody's error. */
final class ClientLeavesTest {
  private static final String CHUNK = "x".repeat(64 << 10);
  private static final Queue<Promise<Void>> LATE = new ConcurrentLinkedQueue<>();

  @TempDir private static Path folder;
  private static TestNode node;

  /** Routes whose answers are underway when the client leaves. */
  private static void mount(Router router) {
    router
        .post("/probe/body")
        .handler(new RequestBodyHandler(1 << 20))
        .handler(RoutingContext::end);
    router
        .get("/probe/late")
        .handler(
            context -> {
              Promise<Void> late = Promise.promise();
              LATE.add(late);
              late.future().onComplete(_ -> context.end("late"), context::fail);
            });
    router
        .get("/probe/chunks")
        .handler(context -> endless().send(context.response()).onFailure(context::fail));
    router
        .get("/probe/plain")
        .handler(
            context -> context.response().setChunked(true).write(CHUNK).onFailure(context::fail));
  }

  private static ChunkedBody endless() {
    return new ChunkedBody(CHUNK, () -> Future.succeededFuture(endless()));
  }

  @BeforeAll
  static void start() throws IOException {
    Files.write(folder.resolve("game.wasm"), new byte[32 << 20]);
    node =
        TestNode.start(
            Databases.sqlite(),
            Map.of("STATIC_DIR", folder.toString()),
            NodeDependencies.production().with(ClientLeavesTest::mount));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GET /probe/l",
        "GET /probe/late HTTP/1.1\r\nhost: a\r\n",
        "GET /probe/late HTTP/1.1\r\nhost: a\r\n\r\n",
        "GET /probe/chunks HTTP/1.1\r\nhost: a\r\n\r\n",
        "GET /probe/plain HTTP/1.1\r\nhost: a\r\n\r\n",
        "GET /static/game.wasm HTTP/1.1\r\nhost: a\r\n\r\n",
        "GET /metrics HTTP/1.1\r\nhost: a\r\n\r\nGET /metrics HTTP/1.1\r\nhost: a\r\n\r\n",
        "POST /probe/body HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf",
        "POST /probe/body HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n9\r\nhalf",
        "POST /probe/body HTTP/1.1\r\n"
            + "host: a\r\n"
            + "content-type: multipart/form-data; boundary=b\r\n"
            + "content-length: 99\r\n\r\n"
            + "--b\r\n"
            + "content-disposition: form-data; name=\"a\"\r\n\r\n"
            + "x",
        "POST /probe/body HTTP/1.1\r\n"
            + "host: a\r\n"
            + "content-type: application/x-www-form-urlencoded\r\n"
            + "content-length: 99\r\n\r\n"
            + "a=b&c",
        "POST /api/v1/login/device HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
            + "content-length: 99\r\n\r\n{\"device_id\":",
        "POST /auth/anonymous HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
            + "content-length: 99\r\n\r\n{\"username\":",
        "POST /users/log-in HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-www-form-urlencoded"
            + "\r\ncontent-length: 99\r\n\r\nemail=a",
        "GET /users/log-in HTTP/1.1\r\nhost: a\r\n\r\n",
        "GET /docs HTTP/1.1\r\nhost: a\r\n\r\n",
        "GET /socket/websocket?vsn=2.0.0 HTTP/1.1\r\n"
            + "host: a\r\n"
            + "connection: upgrade\r\n"
            + "upgrade: websocket\r\n"
            + "sec-websocket-version: 13\r\n"
            + "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
            + "\u0081\u00fe",
      })
  void aClientThatLeavesIsNoError(String sent) throws IOException {
    try (var logged = new LoggedErrors(Level.WARN)) {
      for (boolean reset : new boolean[] {false, true}) {
        for (boolean reads : new boolean[] {false, true}) {
          leave(sent, reset, reads);
        }
      }
      Eventually.holds(ClientLeavesTest::noRequestIsUnderway);
      assertThat(logged.messages()).isEmpty();
    }
  }

  /** But this one. */
  private static boolean noRequestIsUnderway() {
    for (Promise<Void> late = LATE.poll(); late != null; late = LATE.poll()) {
      late.complete();
    }
    return node.metric("rookery_http_underway") == 1;
  }

  private static void leave(String sent, boolean reset, boolean reads) throws IOException {
    try (var socket = new Socket("127.0.0.1", node.port())) {
      socket.setSoTimeout(120_000);
      socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
      if (reads && (sent.contains("chunks") || sent.contains("static"))) {
        assertThat(socket.getInputStream().read()).isEqualTo('H');
      }
      if (reset) {
        socket.setSoLinger(true, 0);
      }
    }
  }
}
