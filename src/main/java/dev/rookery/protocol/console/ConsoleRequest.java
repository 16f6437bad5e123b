package dev.rookery.protocol.console;

import dev.rookery.auth.Client;
import dev.rookery.base.Refused;
import dev.rookery.base.Text;
import dev.rookery.console.Admin;
import dev.rookery.console.ListInput;
import dev.rookery.console.Permission;
import dev.rookery.edge.RequestInfo;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request of a browser for a page of the console.
 *
 * @param signedIn the admin; null on pages that need no sign-in
 * @param permission of the route; null if it needs none
 * @param browser the secret id of the browser, from its cookie
 * @param csrfToken the token for forms of this browser and session
 */
record ConsoleRequest(
    RoutingContext context,
    ConsoleCookies cookies,
    @Nullable Admin signedIn,
    @Nullable Permission permission,
    String browser,
    String csrfToken)
    implements ListInput {
  /** The header by which a script asks for one block of the template alone. */
  static final String PART = "x-part";

  private static final String PARTS = ConsoleRequest.class.getName() + " parts";
  private static final int TEXT_BYTES_MAX = 8 << 10;
  private static final int PATH_MAX = 2_000;
  private static final int USER_AGENT_MAX = 200;

  /** The same request with another token for its forms. */
  ConsoleRequest withCsrfToken(String token) {
    return new ConsoleRequest(context, cookies, signedIn, permission, browser, token);
  }

  /** Returns the admin; for pages that need a sign-in. */
  Admin admin() {
    if (signedIn == null) {
      throw new IllegalStateException("not signed in");
    }
    return signedIn;
  }

  @Override
  public String list() {
    return context.normalizedPath();
  }

  @Override
  public boolean may(Permission permission) {
    return signedIn != null && signedIn.may(permission);
  }

  /** Keeps the parts of an upload with its request. */
  static void put(RoutingContext context, Map<String, byte[]> parts) {
    context.put(PARTS, parts);
  }

  /** Returns a form field; empty if absent. */
  String field(String name) {
    Map<String, byte[]> parts = context.get(PARTS);
    if (parts != null) {
      byte[] part = parts.get(name);
      return part == null || part.length > TEXT_BYTES_MAX
          ? ""
          : new String(part, StandardCharsets.UTF_8);
    }
    String value = context.request().getFormAttribute(name);
    return value == null ? "" : value;
  }

  /** Returns a file of an upload; null if none was chosen. */
  byte @Nullable [] file(String name) {
    Map<String, byte[]> parts = context.get(PARTS);
    byte[] file = parts == null ? null : parts.get(name);
    return file == null || file.length == 0 ? null : file;
  }

  /** Returns a form field; null if absent or blank. */
  @Nullable String fieldOrNull(String name) {
    String value = field(name);
    return value.isBlank() ? null : value;
  }

  MultiMap fields() {
    return context.request().formAttributes();
  }

  /**
   * Returns a parameter of the query; empty if absent, or if the database could not look for it.
   */
  @Override
  public String query(String name) {
    String value = context.queryParams().get(name);
    return value != null && Text.isStorable(value) ? value : "";
  }

  /** Returns a parameter of the path; a text that the database could not look for is missing. */
  String path(String name) {
    String value = context.pathParam(name);
    if (!Text.isStorable(value)) {
      throw Refused.missing("not_found");
    }
    return value;
  }

  /** Returns a parameter of the path that is an id; a text that is none is missing. */
  @Override
  public long id(String name) {
    try {
      return Long.parseLong(path(name));
    } catch (NumberFormatException _) {
      throw Refused.missing("not_found");
    }
  }

  /** Returns the block of the template that a script asked for; null for the whole page. */
  @Nullable String part() {
    return context.request().getHeader(PART);
  }

  /** Returns the path of the page that the form is on, to go back to; otherwise the fallback. */
  String back(String fallback) {
    String back = field("_back");
    return back.startsWith("/admin") && back.length() <= PATH_MAX && isPlain(back)
        ? back
        : fallback;
  }

  private static boolean isPlain(String path) {
    return path.chars().allMatch(c -> c > ' ' && c < 127 && c != '\\')
        && (path.length() == 6 || path.charAt(6) == '/' || path.charAt(6) == '?');
  }

  /** Returns path and query as they were sent. */
  String uri() {
    return context.request().uri();
  }

  /** The browser, as the list of sessions shows it. */
  Client client() {
    String agent = context.request().getHeader(HttpHeaders.USER_AGENT);
    boolean tooLong = agent != null && agent.length() > USER_AGENT_MAX;
    return new Client(
        RequestInfo.of(context).clientAddress(),
        tooLong ? agent.substring(0, USER_AGENT_MAX) : agent);
  }

  String requestId() {
    return RequestInfo.of(context).requestId();
  }
}
