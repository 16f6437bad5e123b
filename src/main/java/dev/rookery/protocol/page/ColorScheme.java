package dev.rookery.protocol.page;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;

/**
 * Style sheets in the colours that a preview of the theme shows, whatever the browser prefers: the
 * media feature is replaced by one that is always, or never, true.
 */
final class ColorScheme {
  private static final Pattern PREFERENCE =
      Pattern.compile("\\(\\s*prefers-color-scheme\\s*:\\s*(light|dark)\\s*\\)");
  private static final Pattern SCHEMES = Pattern.compile("light|dark");

  private ColorScheme() {}

  /** Returns the sheet as the parameter {@code scheme} asks for it. */
  static Buffer of(RoutingContext context, Buffer sheet) {
    String scheme = context.request().getParam("scheme", "");
    return SCHEMES.matcher(scheme).matches()
        ? Buffer.buffer(forced(sheet.toString(), scheme))
        : sheet;
  }

  static String forced(String css, String scheme) {
    return PREFERENCE
        .matcher(css)
        .replaceAll(found -> found.group(1).equals(scheme) ? "(min-width: 0)" : "(max-width: 0)");
  }
}
