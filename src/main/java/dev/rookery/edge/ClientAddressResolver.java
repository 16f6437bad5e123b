package dev.rookery.edge;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out where a client is.
 *
 * <p>Proxies tell in a header. Anybody can send such a header, so it counts only when the peer is a
 * proxy known by address. Of a list, to which each proxy on the way has added whom it heard, the
 * last one that is no known proxy counts: whatever stands before it was written by the client.
 */
public final class ClientAddressResolver {
  /** The headers that may be believed. */
  public static final Set<String> HEADERS =
      Set.of("cf-connecting-ip", "fly-client-ip", "x-forwarded-for", "forwarded", "x-real-ip");

  private static final String FORWARDED = "forwarded";
  private static final int LENGTH_MAX = 45;
  // More hops than that are no way that a request takes.
  private static final int HOPS_MAX = 32;

  private final List<CidrBlock> proxies;
  private final List<String> trustedHeaders;

  /**
   * @param believed names of headers, the first one that is present counts
   */
  public ClientAddressResolver(List<CidrBlock> proxies, List<String> believed) {
    this.proxies = List.copyOf(proxies);
    this.trustedHeaders = believed.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }

  /** Throws {@link IllegalArgumentException} for what no proxy sends. */
  public static void checkHeader(String header) {
    if (!HEADERS.contains(header.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "\"" + header + "\" is none of " + String.join(", ", HEADERS.stream().sorted().toList()));
    }
  }

  /** The address as text; of a request over a Unix socket, the empty text. */
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
        String told = lastUntrustedHop(String.join(",", lines), header.equals(FORWARDED));
        if (told != null) {
          return told;
        }
      }
    }
    return peer;
  }

  /** Whether a proxy that is believed says that the client came by https. */
  public boolean isHttps(HttpServerRequest request) {
    String peer = request.remoteAddress() == null ? null : request.remoteAddress().hostAddress();
    if (peer == null || !isTrustedProxy(peer)) {
      return false;
    }
    String told = request.getHeader("x-forwarded-proto");
    if (told != null) {
      // The hop nearest to us is the one that is known.
      return told.substring(told.lastIndexOf(',') + 1).strip().equalsIgnoreCase("https");
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

  /** The last hop that is no proxy of ours; null if one of them is no address at all. */
  private @Nullable String lastUntrustedHop(String line, boolean forwarded) {
    String[] hops = line.split(",", -1);
    String farthest = null;
    for (int i = hops.length - 1; i >= Math.max(0, hops.length - HOPS_MAX); i--) {
      String address = parseAddress(forwarded ? forwardedFor(hops[i]) : hops[i]);
      if (address == null) {
        return farthest;
      }
      farthest = address;
      if (!isTrustedProxy(address)) {
        return farthest;
      }
    }
    return farthest;
  }

  /** {@code for="[2001:db8::1]:4711";proto=https} */
  private static @Nullable String forwardedFor(String hop) {
    for (String pair : hop.split(";", -1)) {
      String given = pair.strip();
      if (given.regionMatches(true, 0, "for=", 0, 4)) {
        String value = given.substring(4).strip();
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

  /** An address, which may have a port behind it. */
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
