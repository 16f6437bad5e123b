package dev.rookery.base;

import java.io.ByteArrayOutputStream;
import java.net.Inet6Address;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a service that this node connects to: {@code
 * scheme://user:password@host:port/path?name=value}.
 *
 * <p>One reader for all of them, because {@link java.net.URI} knows no host with an underscore, as
 * container networks have them, and repeats the whole text in its errors, password included. An
 * error here names the part that is wrong and never quotes the URL.
 *
 * <p>User names and passwords may contain every character but {@code @ / ? # %}, which are written
 * as {@code %40 %2F %3F %23 %25}; an {@code @} is also understood as it is.
 *
 * @param scheme in lower case
 * @param user decoded; null if there is none
 * @param password decoded; null if there is none
 * @param host decoded, an IPv6 address without its brackets; empty if there is none
 * @param port 0 if there is none
 * @param path as written, with its leading slash; or empty
 * @param parameters decoded, in their order
 */
public record ServiceUrl(
    String scheme,
    @Nullable String user,
    @Nullable String password,
    String host,
    int port,
    String path,
    Map<String, String> parameters) {
  private static final int PORT_MAX = 65_535;
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://");
  private static final Pattern ADDRESS = Pattern.compile("\\[([^\\]]*)](?::([^:]*))?");
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,39}");

  public ServiceUrl {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /**
   * Parses a URL.
   *
   * @throws IllegalArgumentException with a message that names the wrong part, and no cause
   */
  public static ServiceUrl parse(String text) {
    text.chars().forEach(ServiceUrl::rejectControl);
    Matcher scheme = SCHEME.matcher(text);
    if (!scheme.lookingAt()) {
      throw new IllegalArgumentException("does not begin with a scheme such as https://");
    }
    String rest = text.substring(scheme.end());
    int fragment = rest.indexOf('#');
    int query = rest.indexOf('?');
    if (fragment >= 0) {
      throw new IllegalArgumentException(
          "contains a #, which must be written as %23 in a user name, password or value");
    }
    String parameters = query < 0 ? "" : rest.substring(query + 1);
    String beforeQuery = query < 0 ? rest : rest.substring(0, query);
    int slash = beforeQuery.indexOf('/');
    String authority = slash < 0 ? beforeQuery : beforeQuery.substring(0, slash);
    String path = slash < 0 ? "" : beforeQuery.substring(slash);
    int at = authority.lastIndexOf('@');
    boolean web = scheme.group(1).toLowerCase(Locale.ROOT).startsWith("http");
    if (at < 0 && !web && (path.contains("@") || (parameters.contains("@") && path.isEmpty()))) {
      throw new IllegalArgumentException(
          "has an @ behind its path: a / or ? in a user name or password must be written as %2F or"
              + " %3F");
    }
    String credentials = at < 0 ? "" : authority.substring(0, at);
    int colon = credentials.indexOf(':');
    String user = colon < 0 ? credentials : credentials.substring(0, colon);
    HostAndPort address = HostAndPort.parse(authority.substring(at + 1));
    return new ServiceUrl(
        scheme.group(1).toLowerCase(Locale.ROOT),
        user.isEmpty() ? null : decode("user name", user),
        colon < 0 ? null : decode("password", credentials.substring(colon + 1)),
        address.host(),
        address.port(),
        path,
        parameters(parameters));
  }

  /**
   * Checks a host that stands alone, without a port: a name, an IPv4 address, or an IPv6 address
   * with or without brackets.
   *
   * @return the host, without brackets
   * @throws IllegalArgumentException if it is none
   */
  public static String parseHost(String text) {
    text.chars().forEach(ServiceUrl::rejectControl);
    if (isIpv6(text)) {
      return text;
    }
    if (text.contains("://")) {
      throw new IllegalArgumentException("is a URL, but only the host belongs here");
    }
    if (text.contains("@")) {
      throw new IllegalArgumentException("has an @, but only the host belongs here");
    }
    HostAndPort address = HostAndPort.parse(text);
    if (address.host().isEmpty() || address.host().startsWith("/")) {
      throw new IllegalArgumentException("is no host");
    }
    if (address.port() > 0) {
      throw new IllegalArgumentException("has a port, which has a key of its own");
    }
    return address.host();
  }

  /**
   * The URL of an HTTP service.
   *
   * @throws IllegalArgumentException if it is no HTTP URL, or has a user name, parameters or a port
   *     that is out of range
   */
  public static ServiceUrl parseHttp(String text) {
    if (!text.regionMatches(true, 0, "http://", 0, 7)
        && !text.regionMatches(true, 0, "https://", 0, 8)) {
      throw new IllegalArgumentException("is not an http:// or https:// URL");
    }
    ServiceUrl url = parse(text);
    if (url.user != null || url.password != null) {
      throw new IllegalArgumentException("has a user name or password, which is not supported");
    }
    if (!url.parameters.isEmpty() || text.contains("?")) {
      throw new IllegalArgumentException("has parameters, which are not supported");
    }
    if (url.host.isEmpty() || url.host.startsWith("/")) {
      throw new IllegalArgumentException("has no host");
    }
    url.decodedPath();
    return url;
  }

  /** The path, decoded. */
  public String decodedPath() {
    return decode("path", path);
  }

  /** The port, or this one if there is none. */
  public int portOr(int standard) {
    return port == 0 ? standard : port;
  }

  /** The host as it is written in a URL: an IPv6 address in brackets. */
  public static String bracketed(String host) {
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }

  /**
   * A parameter's name as an error may show it. Anything else may be a part of a password that was
   * not encoded, as everything between a {@code ?} and an {@code @} may be.
   */
  public String shown(String parameter) {
    return shown(parameter, parameters);
  }

  private static String shown(String parameter, Map<String, String> all) {
    boolean at =
        all.entrySet().stream()
            .anyMatch(p -> p.getKey().contains("@") || p.getValue().contains("@"));
    return !at && NAME.matcher(parameter).matches()
        ? "\"" + parameter + "\""
        : "(its name is not shown)";
  }

  /** Percent-encodes a text, so that it may stand anywhere in a URL. */
  public static String encode(String text) {
    var encoded = new StringBuilder();
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (octet & 0xff);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (plain || "-._~".indexOf(c) >= 0) {
        encoded.append(c);
      } else {
        encoded.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
      }
    }
    return encoded.toString();
  }

  /** The URL without user name, password and values, so that it may be logged. */
  @Override
  public String toString() {
    return scheme + "://" + bracketed(host) + (port == 0 ? "" : ":" + port) + path;
  }

  private static void rejectControl(int c) {
    if (c < ' ' || c == 0x7f) {
      throw new IllegalArgumentException("contains a line break or another control character");
    }
  }

  private static Map<String, String> parameters(String query) {
    var parameters = new LinkedHashMap<String, String>();
    String twice = null;
    for (String part : query.split("&", -1)) {
      if (part.isEmpty()) {
        continue;
      }
      int equals = part.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException("has a parameter without a value");
      }
      String name = decode("name of a parameter", part.substring(0, equals));
      String value = decode("value of a parameter", part.substring(equals + 1));
      String first = parameters.putIfAbsent(name, value);
      if (first != null) {
        twice = name;
        // Kept, because all values decide whether the name may be shown.
        parameters.put(name, first + value);
      }
    }
    if (twice != null) {
      throw new IllegalArgumentException(
          "has the parameter " + shown(twice, parameters) + " twice");
    }
    return parameters;
  }

  private static String decode(String part, String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    var octets = new ByteArrayOutputStream(text.length());
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] != '%') {
        octets.write(raw[i]);
        continue;
      }
      int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
      int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        throw new IllegalArgumentException(
            "has a % in its " + part + " without two hexadecimal digits behind it; % is %25");
      }
      octets.write((high << 4) | low);
      i += 2;
    }
    try {
      String decoded =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(octets.toByteArray()))
              .toString();
      if (decoded.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("has %00 in its " + part);
      }
      return decoded;
    } catch (CharacterCodingException _) {
      throw new IllegalArgumentException("has a " + part + " that is not encoded UTF-8");
    }
  }

  private static boolean isIpv6(String text) {
    int zone = text.indexOf('%');
    String address = zone < 0 ? text : text.substring(0, zone);
    if (address.indexOf(':') < 0 || !address.matches("[0-9A-Fa-f:.]+")) {
      return false;
    }
    try {
      Inet6Address.ofLiteral(address);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** A host and a port, as they stand in a URL. */
  private record HostAndPort(String host, int port) {
    static HostAndPort parse(String text) {
      if (text.startsWith("[")) {
        Matcher bracketed = ADDRESS.matcher(text);
        String address = bracketed.matches() ? decode("host", bracketed.group(1)) : "";
        if (!isIpv6(address)) {
          throw new IllegalArgumentException("has no IPv6 address in its brackets");
        }
        return new HostAndPort(address, port(bracketed.group(2)));
      }
      int colon = text.indexOf(':');
      if (colon != text.lastIndexOf(':')) {
        throw new IllegalArgumentException(
            "has several colons in its host: an IPv6 address belongs into brackets, as [::1]");
      }
      String host = decode("host", colon < 0 ? text : text.substring(0, colon));
      if (host.indexOf(',') >= 0) {
        throw new IllegalArgumentException("has several hosts, but one is supported");
      }
      if (!host.startsWith("/") && !host.chars().allMatch(HostAndPort::isAllowed)) {
        throw new IllegalArgumentException("has a character in its host that no host has");
      }
      return new HostAndPort(host, port(colon < 0 ? null : text.substring(colon + 1)));
    }

    private static boolean isAllowed(int c) {
      return Character.isLetterOrDigit(c) || c == '-' || c == '.' || c == '_' || c == '~';
    }

    private static int port(@Nullable String text) {
      if (text == null || text.isEmpty()) {
        return 0;
      }
      int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
      if (port == 0 || port > PORT_MAX) {
        throw new IllegalArgumentException("has a port that is not a number from 1 to 65535");
      }
      return port;
    }
  }
}
