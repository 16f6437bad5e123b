package dev.rookery.edge;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Determines the IP address and scheme of the client behind trusted proxies.
 *
 * <p>A forwarding header counts only if the peer itself is a trusted proxy, because any client can
 * send one. If the header is a list, to which each proxy appends the address of its peer, the last
 * entry that is not a trusted proxy is the client: everything before it may be forged.
 */
public final class ClientAddressResolver {
  /** The header names that can be configured as trusted. */
  public static final Set<String> HEADERS =
      Set.of("cf-connecting-ip", "fly-client-ip", "x-forwarded-for", "forwarded", "x-real-ip");

  private static final String FORWARDED = "forwarded";
  private static final int LENGTH_MAX = 45;
  // Bounds the work for a forged list; no real request passes more proxies.
  private static final int HOPS_MAX = 32;

  private final List<CidrBlock> proxies;
  private final List<String> trustedHeaders;

  /**
   * @param proxies addresses of the trusted proxies
   * @param trustedHeaders names of the headers to read; the first one present counts
   */
  public ClientAddressResolver(List<CidrBlock> proxies, List<String> trustedHeaders) {
    this.proxies = List.copyOf(proxies);
    this.trustedHeaders =
        trustedHeaders.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }

  /** Throws {@link IllegalArgumentException} unless the name is one of {@link #HEADERS}. */
  public static void checkHeader(String header) {
    if (!HEADERS.contains(header.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "\""
              + header
              + "\" is not one of "
              + String.join(", ", HEADERS.stream().sorted().toList()));
    }
  }

  /** The client's IP address as text, or the empty text for a request over a Unix socket. */
  public String resolve(HttpServerRequest request) {
    String peer = request.remoteAddress() == null ? null : request.remoteAddress().hostAddress();
    if (peer == null) {
      return "";
    }
    if (!isTrustedProxy(peer)) {
      return peer;
    }
    for (String header : trustedHeaders) {
      List<String> lines = request.headers().getAll(header);
      if (!lines.isEmpty()) {
        String value = lastUntrustedHop(String.join(",", lines), header.equals(FORWARDED));
        if (value != null) {
          return value;
        }
      }
    }
    return peer;
  }

  /** Whether a trusted proxy reports that the client connected over https. */
  public boolean isHttps(HttpServerRequest request) {
    String peer = request.remoteAddress() == null ? null : request.remoteAddress().hostAddress();
    if (peer == null || !isTrustedProxy(peer)) {
      return false;
    }
    String value = request.getHeader("x-forwarded-proto");
    if (value != null) {
      // The last entry was added by the proxy next to this server, which is the trusted one.
      return value.substring(value.lastIndexOf(',') + 1).strip().equalsIgnoreCase("https");
    }
    String forwarded = request.getHeader(FORWARDED);
    if (forwarded == null) {
      return false;
    }
    String nearest = forwarded.substring(forwarded.lastIndexOf(',') + 1);
    for (String pair : nearest.split(";", -1)) {
      if (pair.strip().replace("\"", "").equalsIgnoreCase("proto=https")) {
        return true;
      }
    }
    return false;
  }

  /**
   * The last entry that is not a trusted proxy; the first entry if all are trusted. Reading from
   * the end, an invalid entry ends the list; null if nothing valid comes behind it.
   */
  private @Nullable String lastUntrustedHop(String line, boolean forwarded) {
    String[] hops = line.split(",", -1);
    String client = null;
    for (int i = hops.length - 1; i >= Math.max(0, hops.length - HOPS_MAX); i--) {
      String address = parseAddress(forwarded ? forwardedFor(hops[i]) : hops[i]);
      if (address == null) {
        return client;
      }
      client = address;
      if (!isTrustedProxy(address)) {
        return client;
      }
    }
    return client;
  }

  /** The {@code for} value of an entry such as {@code for="[2001:db8::1]:4711";proto=https}. */
  private static @Nullable String forwardedFor(String hop) {
    for (String pair : hop.split(";", -1)) {
      String part = pair.strip();
      if (part.regionMatches(true, 0, "for=", 0, 4)) {
        String value = part.substring(4).strip();
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
      }
    }
    return null;
  }

  private boolean isTrustedProxy(String address) {
    if (proxies.isEmpty()) {
      return false;
    }
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    if (bytes == null) {
      return false;
    }
    for (CidrBlock proxy : proxies) {
      if (proxy.contains(bytes)) {
        return true;
      }
    }
    return false;
  }

  /** Parses an IP address that may be followed by a port; null if it is not one. */
  private static @Nullable String parseAddress(@Nullable String text) {
    if (text == null) {
      return null;
    }
    String address = text.strip();
    if (address.startsWith("[")) {
      int end = address.indexOf(']');
      address = end < 0 ? "" : address.substring(1, end);
    } else if (address.indexOf(':') == address.lastIndexOf(':') && address.indexOf(':') > 0) {
      address = address.substring(0, address.indexOf(':'));
    }
    return address.length() <= LENGTH_MAX
            && (NetUtil.isValidIpV4Address(address) || NetUtil.isValidIpV6Address(address))
        ? address
        : null;
  }
}
