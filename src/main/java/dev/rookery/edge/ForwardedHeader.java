package dev.rookery.edge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parses a line of the {@code Forwarded} header (RFC 7239, section 4).
 *
 * <p>Strictly, because a proxy appends to what its client sent: with a lenient parser a client that
 * leaves a quote open could choose where the proxy's entry begins.
 */
final class ForwardedHeader {
  /**
   * What one proxy reports of its peer.
   *
   * @param node the value of {@code for}, without quotes; null if there is none
   * @param proto the value of {@code proto}; null if there is none
   */
  record Entry(@Nullable String node, @Nullable String proto) {}

  private final String line;
  private int at;

  private ForwardedHeader(String line) {
    this.line = line;
  }

  /** The entries of a line, in its order, without empty ones; null if the line is malformed. */
  static @Nullable List<Entry> parse(String line) {
    var parser = new ForwardedHeader(line);
    var entries = new ArrayList<Entry>();
    do {
      var pairs = parser.pairs();
      if (pairs == null) {
        return null;
      }
      if (!pairs.isEmpty()) {
        entries.add(new Entry(pairs.get("for"), pairs.get("proto")));
      }
    } while (parser.skip(','));
    return entries;
  }

  /** The pairs up to the end of the entry; null if they are malformed or a name comes twice. */
  private @Nullable Map<String, String> pairs() {
    var pairs = new HashMap<String, String>();
    do {
      skipSpaces();
      if (!isAtSeparator()) {
        String name = name();
        String value = name == null ? null : value();
        if (name == null || value == null || pairs.put(name, value) != null) {
          return null;
        }
        skipSpaces();
        if (!isAtSeparator()) {
          return null;
        }
      }
    } while (skip(';'));
    return pairs;
  }

  private void skipSpaces() {
    while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
      at++;
    }
  }

  private boolean isAtSeparator() {
    return at == line.length() || line.charAt(at) == ';' || line.charAt(at) == ',';
  }

  private boolean skip(char separator) {
    boolean found = at < line.length() && line.charAt(at) == separator;
    if (found) {
      at++;
    }
    return found;
  }

  /** The name before the equals sign, in lower case; null if there is none. */
  private @Nullable String name() {
    int start = at;
    while (at < line.length() && isToken(line.charAt(at))) {
      at++;
    }
    String name = line.substring(start, at);
    return !name.isEmpty() && skip('=') ? name.toLowerCase(Locale.ROOT) : null;
  }

  private @Nullable String value() {
    return skip('"') ? quoted() : unquoted();
  }

  /** More than a token, because addresses with a port are often sent without quotes. */
  private String unquoted() {
    int start = at;
    while (!isAtSeparator() && line.charAt(at) > ' ' && line.charAt(at) != '"') {
      at++;
    }
    return line.substring(start, at);
  }

  private @Nullable String quoted() {
    var value = new StringBuilder();
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == '"') {
        return value.toString();
      }
      if (c == '\\') {
        if (at == line.length()) {
          return null;
        }
        c = line.charAt(at++);
      }
      value.append(c);
    }
    return null;
  }

  private static boolean isToken(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }
}
