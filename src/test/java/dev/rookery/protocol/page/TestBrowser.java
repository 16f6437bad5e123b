package dev.rookery.protocol.page;

import dev.rookery.testkit.TestNode;
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

/** A minimal browser: keeps cookies and submits forms with their CSRF token. */
final class TestBrowser {
  private static final Pattern CSRF_TOKEN =
      Pattern.compile("name=\"_csrf_token\" value=\"([A-Za-z0-9_-]+)\"");

  private final TestNode node;
  private final Map<String, String> cookies = new LinkedHashMap<>();
  private final List<String> headers = new ArrayList<>();

  TestBrowser(TestNode node) {
    this.node = node;
  }

  /** Adds a header to every further request. */
  TestBrowser withHeader(String header, String value) {
    headers.addAll(List.of(header, value));
    return this;
  }

  Map<String, String> cookies() {
    return cookies;
  }

  HttpResponse<String> get(String path, String... headers) {
    var request = request(path).GET();
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  /** Loads the page and submits its form. */
  HttpResponse<String> submit(String page, String action, String... fields) {
    return post(action, csrfToken(get(page).body()), fields);
  }

  HttpResponse<String> post(String action, String csrfToken, String... fields) {
    var form = new StringBuilder("_csrf_token=" + csrfToken);
    for (int i = 0; i < fields.length; i += 2) {
      form.append('&').append(encoded(fields[i])).append('=').append(encoded(fields[i + 1]));
    }
    return send(
        request(action)
            .header("content-type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form.toString())));
  }

  HttpResponse<String> signIn(String email, String password) {
    return submit(
        "/users/log-in", "/users/log-in", "user[email]", email, "user[password]", password);
  }

  static String csrfToken(String page) {
    var token = CSRF_TOKEN.matcher(page);
    if (!token.find()) {
      throw new AssertionError("no form in " + page);
    }
    return token.group(1);
  }

  private HttpRequest.Builder request(String path) {
    var request = HttpRequest.newBuilder(node.uri(path));
    if (!headers.isEmpty()) {
      request.headers(headers.toArray(String[]::new));
    }
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
