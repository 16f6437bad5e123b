package dev.rookery.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.ProviderServer;
import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** No line of the log holds a code, a token, a password or a cookie, at any level of the server. */
final class LoggedSecretsTest {
  private static final String SECRET = "s3cr3t-value-of-the-client";

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Logger server = (Logger) LoggerFactory.getLogger("dev.rookery");
  private final Logger access = (Logger) LoggerFactory.getLogger("dev.rookery.access");
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          String trace =
              event.getThrowableProxy() == null
                  ? ""
                  : ThrowableProxyUtil.asString(event.getThrowableProxy());
          lines.add(event.getLevel() + " " + event.getFormattedMessage() + " " + trace);
        }
      };
  private Level serverLevel;
  private Level accessLevel;

  @BeforeEach
  void listen() {
    serverLevel = server.getLevel();
    accessLevel = access.getLevel();
    server.setLevel(Level.DEBUG);
    access.setLevel(Level.DEBUG);
    appender.setContext(root.getLoggerContext());
    appender.start();
    root.addAppender(appender);
  }

  @AfterEach
  void restore() {
    root.detachAppender(appender);
    appender.stop();
    server.setLevel(serverLevel);
    access.setLevel(accessLevel);
  }

  @Test
  void requestsAreLoggedByTheirRoute() throws IOException {
    var providers = ProviderServer.start();
    var environment = new HashMap<>(providers.environment());
    environment.put("ROOKERY_AUTH_DEVICE_SIGN_IN", "true");
    try (var node = TestNode.start(Databases.sqlite(), environment)) {
      for (String target :
          List.of(
              "/users/confirm/" + SECRET,
              "/users/log-in/" + SECRET,
              "/users/reset-password/" + SECRET,
              "/users/settings/confirm-email/" + SECRET,
              "/users/settings/provider?flow=" + SECRET,
              "/users/settings/provider?flow=" + SECRET + "%f",
              "/users/confirm/" + SECRET + "%zz",
              "/auth/google/callback?state=" + SECRET + "&code=" + SECRET,
              "/auth/google/callback?state=" + SECRET + "&code=%f",
              "/auth/" + SECRET + "/callback",
              "/api/v1/auth/session/" + SECRET,
              "/api/v1/" + SECRET,
              "/socket/websocket?vsn=2.0.0&token=" + SECRET,
              "/ws?token=" + SECRET,
              "/_ws?token=" + SECRET,
              "/static/" + SECRET,
              "/" + SECRET)) {
        request(node, "GET " + target, "");
      }
      request(node, "GET /users/settings", "", "cookie: rookery_session=" + SECRET);
      request(node, "GET /api/v1/me", "", "authorization: Bearer " + SECRET);
      json(node, "/api/v1/login", JsonObject.of("email", "a@x.com", "password", SECRET));
      json(node, "/api/v1/login", JsonObject.of("email", 5, "password", SECRET));
      json(node, "/api/v1/refresh", JsonObject.of("refresh_token", SECRET));
      json(node, "/api/v1/login/token", JsonObject.of("token", SECRET));
      json(node, "/register", JsonObject.of("username", "ann", "password", SECRET));
      json(node, "/login", JsonObject.of("username", "ann", "password", SECRET));
      request(node, "POST /api/rpc", "{}", "authorization: Bearer " + SECRET);
      json(node, "/auth/discord", JsonObject.of("discordToken", SECRET));
      json(node, "/auth/discord", JsonObject.of("discordToken", SECRET + "\r\nx: y"));
      json(node, "/auth/discord", JsonObject.of("discordToken", SECRET + "\u0000\u00e9"));
      json(node, "/api/v1/auth/discord/callback", JsonObject.of("code", SECRET + "\n"));
      json(node, "/api/v1/auth/steam/callback", JsonObject.of("code", SECRET));
      json(node, "/api/v1/auth/google/id_token", JsonObject.of("id_token", SECRET));
      assertThat(request(node, "POST /api/v1/login", "{\"password\":\"" + SECRET + "\\ud800\"}"))
          .startsWith("HTTP/1.1 400 ");
      assertThat(request(node, "POST /users/log-in", "user[password]=" + SECRET + "%f"))
          .startsWith("HTTP/1.1 403 ");
      for (String path : List.of("/_ws?token=", "/_ws?x=%zz&token=")) {
        try (var socket = RawSocket.open(node.port(), path + SECRET)) {
          socket.sendText(SECRET);
          socket.receive();
        }
      }
      Eventually.holds(
          () -> lines.stream().anyMatch(line -> line.contains("/users/confirm/:code")));
      assertThat(lines).anyMatch(line -> line.contains("/auth/:provider/callback"));
    }
    providers.close();
    assertThat(lines).noneMatch(line -> line.contains(SECRET));
    assertThat(lines).noneMatch(line -> line.startsWith("ERROR"));
  }

  private static void json(TestNode node, String path, JsonObject body) throws IOException {
    request(node, "POST " + path, body.encode(), "content-type: application/json");
  }

  private static String request(TestNode node, String line, String body, String... headers)
      throws IOException {
    var request = new StringBuilder(line + " HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    if (headers.length == 0 && !body.isEmpty()) {
      String type = body.startsWith("{") ? "json" : "x-www-form-urlencoded";
      request.append("content-type: application/").append(type).append("\r\n");
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    request.append("content-length: ").append(bytes.length).append("\r\n\r\n");
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      socket.setSoTimeout(120_000);
      socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().write(bytes);
      String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(response).startsWith("HTTP/1.1 ");
      return response;
    }
  }
}
