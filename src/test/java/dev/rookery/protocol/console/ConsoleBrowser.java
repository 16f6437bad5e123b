package dev.rookery.protocol.console;

import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A browser of an admin: keeps cookies, and submits forms with their CSRF token. */
final class ConsoleBrowser {
  private static final String PASSWORD = "correct horse";
  private static final Pattern CSRF_TOKEN =
      Pattern.compile("name=\"_csrf_token\" value=\"([A-Za-z0-9_-]+)\"");

  private final TestNode node;
  private final Map<String, String> cookies = new LinkedHashMap<>();

  ConsoleBrowser(TestNode node) {
    this.node = node;
  }

  /** Registers a player, who becomes the owner of the node if it has none. */
  static ConsoleBrowser signIn(TestNode node, String email) {
    var browser = new ConsoleBrowser(node);
    browser.register(email);
    String code = node.node().setupCode();
    if (code != null) {
      browser.submit("/admin/setup", "/admin/setup", "user[code]", code);
    }
    return browser.openConsole();
  }

  void register(String email) {
    submit(
        "/users/register",
        "/users/register",
        "user[email]",
        email,
        "user[password]",
        PASSWORD,
        "user[password_confirmation]",
        PASSWORD);
  }

  /** Signs in to the API with an account that was registered here. */
  static RestPlayer signInToApi(TestNode node, String email) {
    JsonObject data =
        new JsonObject(
                node.post(
                        "/api/v1/login",
                        JsonObject.of("email", email, "password", PASSWORD).encode())
                    .body())
            .getJsonObject("data");
    return RestPlayer.of(
        TestNode.client(),
        URI.create("http://127.0.0.1:" + node.port()),
        data.getString("access_token"),
        data.getLong("user_id"));
  }

  /** The same browser at another node, as behind a load balancer. */
  ConsoleBrowser at(TestNode other) {
    var browser = new ConsoleBrowser(other);
    browser.cookies.putAll(cookies);
    return browser;
  }

  /**
   * Opens the console, unless it is open, with the account that this browser has signed in with.
   */
  ConsoleBrowser openConsole() {
    if (!cookies.containsKey("rookery_console")) {
      submit("/admin/sign-in", "/admin/sign-in");
    }
    if (!cookies.containsKey("rookery_console")) {
      throw new AssertionError("no console: " + cookies.keySet());
    }
    return this;
  }

  /** All cookies as name=value, with semicolons between them. */
  String cookieHeader() {
    return cookies.entrySet().stream()
        .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
        .collect(Collectors.joining(";"));
  }

  Map<String, String> cookies() {
    return cookies;
  }

  HttpResponse<String> get(String path, String... headers) {
    var request = request(path).GET();
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  /** Loads the page and submits a form. */
  HttpResponse<String> submit(String page, String action, String... fields) {
    return post(action, csrfToken(get(page).body()), fields);
  }

  HttpResponse<String> post(String action, String csrfToken, String... fields) {
    return post(action, csrfToken, List.of(), fields);
  }

  HttpResponse<String> post(
      String action, String csrfToken, List<String> headers, String... fields) {
    var form = new StringBuilder("_csrf_token=" + csrfToken);
    for (int i = 0; i < fields.length; i += 2) {
      form.append('&').append(encoded(fields[i])).append('=').append(encoded(fields[i + 1]));
    }
    var request =
        request(action)
            .header("content-type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form.toString()));
    if (!headers.isEmpty()) {
      request.headers(headers.toArray(String[]::new));
    }
    return send(request);
  }

  /** Submits a form again with the answer to the question that it was asked, and all its fields. */
  HttpResponse<String> confirm(HttpResponse<String> question, String... fields) {
    String body = question.body();
    String form = body.substring(body.indexOf("<section class=\"card confirm\">"));
    var action = Pattern.compile("action=\"([^\"]+)\"").matcher(form);
    if (!action.find()) {
      throw new AssertionError("no question in " + body);
    }
    var all = new ArrayList<String>();
    var hidden =
        Pattern.compile("type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"").matcher(form);
    while (hidden.find()) {
      if (!hidden.group(1).equals("_csrf_token")) {
        all.add(hidden.group(1));
        all.add(unescaped(hidden.group(2)));
      }
    }
    all.addAll(List.of(fields));
    return post(unescaped(action.group(1)), csrfToken(form), all.toArray(String[]::new));
  }

  static String csrfToken(String page) {
    var token = CSRF_TOKEN.matcher(page);
    if (!token.find()) {
      throw new AssertionError("no form in " + page);
    }
    return token.group(1);
  }

  static String unescaped(String html) {
    return html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }

  private HttpRequest.Builder request(String path) {
    var request = HttpRequest.newBuilder(node.uri(path));
    cookies.forEach((name, value) -> request.header("cookie", name + "=" + value));
    return request;
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    var response = node.send(request.build());
    for (String line : response.headers().allValues("set-cookie")) {
      String pair = line.split(";", 2)[0];
      String name = pair.substring(0, pair.indexOf('='));
      if (line.contains("Max-Age=0")) {
        cookies.remove(name);
      } else {
        cookies.put(name, pair.substring(name.length() + 1));
      }
    }
    return response;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
