package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An admin in a browser, as far as a node notices: signs in to the console, opens pages, follows
 * their live regions, and loads the parts again that have changed.
 */
final class ConsoleViewer {
  private static final Pattern CSRF_TOKEN =
      Pattern.compile("name=\"_csrf_token\" value=\"([A-Za-z0-9_-]+)\"");
  private static final Pattern REGION = Pattern.compile("data-live=\"([^\"]+)\"");
  private static final String PASSWORD = "correct horse battery staple";

  /** An answer of the node; redirects are not followed. */
  private record Page(int status, String body) {
    String csrfToken() {
      var token = CSRF_TOKEN.matcher(body);
      if (!token.find()) {
        throw new RequestException(status, "no form in a page of the console");
      }
      return token.group(1);
    }
  }

  private final HttpClientAgent http;
  private final WebSocketClient sockets;
  private final URI node;
  private final String email;
  private final IntConsumer received;
  private final Map<String, String> cookies = new LinkedHashMap<>();

  /**
   * @param received told the length of each message of a live region
   */
  ConsoleViewer(
      HttpClientAgent http, WebSocketClient sockets, URI node, String email, IntConsumer received) {
    this.http = http;
    this.sockets = sockets;
    this.node = node;
    this.email = email;
    this.received = received;
  }

  /** The credentials for the API. */
  JsonObject credentials() {
    return JsonObject.of("email", email, "password", PASSWORD);
  }

  /** Makes the account, which has no role yet. */
  Future<Void> register() {
    return submit(
        "/users/register",
        MultiMap.caseInsensitiveMultiMap()
            .add("user[email]", email)
            .add("user[password]", PASSWORD)
            .add("user[password_confirmation]", PASSWORD));
  }

  /**
   * Opens the console, once the account has a role. As in a browser, which follows the redirect,
   * its first page is open before others are: it sets the cookie that the forms of all are bound
   * to.
   */
  Future<Void> signIn() {
    return submit("/admin/sign-in", MultiMap.caseInsensitiveMultiMap())
        .compose(_ -> send(HttpMethod.GET, "/admin", Map.of(), ""))
        .mapEmpty();
  }

  private Future<Void> submit(String path, MultiMap fields) {
    return send(HttpMethod.GET, path, Map.of(), "")
        .compose(page -> post(path, page.csrfToken(), fields))
        .map(
            answer -> {
              if (answer.status() != 303) {
                throw new RequestException(answer.status(), path + ": " + answer.status());
              }
              return null;
            });
  }

  private Future<Page> post(String path, String csrfToken, MultiMap fields) {
    String form =
        fields.add("_csrf_token", csrfToken).entries().stream()
            .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    return send(
        HttpMethod.POST, path, Map.of("content-type", "application/x-www-form-urlencoded"), form);
  }

  /** Opens a page with its live region, and keeps it up to date until the socket is closed. */
  Future<WebSocket> watch(String path) {
    return send(HttpMethod.GET, path, Map.of(), "")
        .compose(
            page -> {
              var region = REGION.matcher(page.body());
              if (!region.find()) {
                throw new RequestException(page.status(), path + " has no live region");
              }
              String topic = "console:" + region.group(1).replace("&amp;", "&");
              return post(
                      "/admin/live/ticket", page.csrfToken(), MultiMap.caseInsensitiveMultiMap())
                  .map(answer -> ticket(path, answer))
                  .compose(ticket -> connect(path, topic, ticket));
            });
  }

  private static String ticket(String path, Page answer) {
    if (answer.status() != 200) {
      throw new RequestException(answer.status(), path + " gets no ticket: " + answer.status());
    }
    return new JsonObject(answer.body()).getString("ticket");
  }

  private Future<WebSocket> connect(String path, String topic, String ticket) {
    var options =
        new WebSocketConnectOptions()
            .setHost(Objects.requireNonNull(node.getHost()))
            .setPort(ClientSockets.port(node))
            .setURI("/admin/live/websocket?vsn=2.0.0&ticket=" + ticket)
            .putHeader("cookie", cookieHeader())
            .putHeader("origin", node.toString());
    return sockets
        .connect(options)
        .onSuccess(
            socket -> {
              socket.textMessageHandler(text -> receive(path, text));
              var join =
                  JsonArray.of(
                      "r0", "1", topic, "phx_join", JsonObject.of("from", new JsonObject()));
              socket.writeTextMessage(join.encode());
            });
  }

  private void receive(String path, String text) {
    var message = new JsonArray(text);
    if (!"live".equals(message.getString(3))) {
      return;
    }
    received.accept(text.length());
    JsonObject parts = message.getJsonObject(4).getJsonObject("parts", new JsonObject());
    for (String part : parts.fieldNames()) {
      send(
          HttpMethod.GET,
          path,
          Map.of("x-part", part, "x-part-version", parts.getString(part)),
          "");
    }
  }

  private Future<Page> send(
      HttpMethod method, String path, Map<String, String> headers, String body) {
    var options =
        new RequestOptions()
            .setHost(Objects.requireNonNull(node.getHost()))
            .setPort(ClientSockets.port(node))
            .setMethod(method)
            .setURI(path)
            .putHeader("cookie", cookieHeader());
    headers.forEach(options::putHeader);
    return http.request(options)
        .compose(request -> body.isEmpty() ? request.send() : request.send(body))
        .compose(
            response -> {
              response.cookies().forEach(this::keep);
              return response.body().map(read -> new Page(response.statusCode(), read.toString()));
            });
  }

  private void keep(String line) {
    String pair = line.split(";", 2)[0];
    int equals = pair.indexOf('=');
    if (line.contains("Max-Age=0")) {
      cookies.remove(pair.substring(0, equals));
    } else {
      cookies.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
  }

  private String cookieHeader() {
    return cookies.entrySet().stream()
        .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
        .collect(Collectors.joining("; "));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
