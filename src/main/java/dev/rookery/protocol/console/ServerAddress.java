package dev.rookery.protocol.console;

import io.vertx.core.http.HttpServerRequest;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The address of this server in programs: the one that players use, if it is configured, and
 * otherwise the one by which the browser has found the server, so that a program for a phone has
 * that of the local network.
 *
 * @param publicUrl supplies the configured address; called after the server listens
 */
record ServerAddress(Supplier<String> publicUrl) {
  private static final String LOCAL = "http://localhost:";
  private static final Pattern AUTHORITY =
      Pattern.compile("[A-Za-z0-9._-]{1,253}(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]{2,45}](:[0-9]{1,5})?");

  String of(ConsoleRequest request) {
    String configured = publicUrl.get();
    HttpServerRequest http = request.context().request();
    var authority = http.authority();
    return !configured.startsWith(LOCAL)
            || authority == null
            || !AUTHORITY.matcher(authority.toString()).matches()
        ? configured
        : http.scheme() + "://" + authority;
  }
}
