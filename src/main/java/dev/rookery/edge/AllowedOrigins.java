package dev.rookery.edge;

import dev.rookery.base.ServiceUrl;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The origins (web pages) that may use this server from a browser, over HTTP and WebSockets.
 *
 * <p>An entry is a full origin ({@code https://game.example}), a bare host ({@code game.example}),
 * {@code regex:} with an expression that must match somewhere in the origin, or {@code *}. Bare
 * hosts apply to WebSockets only, because CORS compares whole origins.
 */
public final class AllowedOrigins {
  private static final String REGEX = "regex:";
  private static final int LENGTH_MAX = 500;

  private final boolean anyOverHttp;
  private final boolean anyForSockets;
  private final Set<String> origins = new HashSet<>();
  private final Set<String> hosts = new HashSet<>();
  private final List<Pattern> patterns;

  /**
   * @param entries empty for the default: any origin over HTTP, and WebSockets as the next
   *     parameters say
   * @param publicHost without entries, the only host whose pages may open WebSockets
   * @param anySocket whether, without entries, pages of any host may open WebSockets
   */
  public AllowedOrigins(List<String> entries, String publicHost, boolean anySocket) {
    boolean any = entries.contains("*");
    anyOverHttp = any || entries.isEmpty();
    anyForSockets = any || (entries.isEmpty() && anySocket);
    patterns =
        entries.stream().filter(e -> e.startsWith(REGEX)).map(AllowedOrigins::pattern).toList();
    for (String entry : entries) {
      if (entry.startsWith("http")) {
        origins.add(entry);
      } else if (!entry.startsWith(REGEX)) {
        hosts.add(lower(entry.startsWith("//") ? entry.substring(2) : entry));
      }
    }
    if (entries.isEmpty()) {
      hosts.add(lower(publicHost));
    }
  }

  private static Pattern pattern(String entry) {
    String expression = entry.substring(REGEX.length());
    try {
      return Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "\"" + expression + "\" is not a valid regular expression: " + e.getDescription());
    }
  }

  /** Whether pages of this origin may read HTTP responses. */
  public boolean allowsHttp(String origin) {
    return anyOverHttp || origins.contains(origin) || matches(origin);
  }

  /** Whether pages of this origin may open a WebSocket. */
  public boolean allowsSocket(String origin) {
    return anyForSockets || origins.contains(origin) || matches(origin) || hostMatches(origin);
  }

  private boolean matches(String origin) {
    // Bounds the time of a regular expression on input chosen by the client.
    if (origin.length() > LENGTH_MAX) {
      return false;
    }
    for (Pattern pattern : patterns) {
      if (pattern.matcher(origin).find()) {
        return true;
      }
    }
    return false;
  }

  private boolean hostMatches(String origin) {
    if (hosts.isEmpty()) {
      return false;
    }
    try {
      return hosts.contains(lower(ServiceUrl.bracketed(ServiceUrl.parse(origin).host())));
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
