package dev.rookery.edge;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out where a client is.
 *
 * <p>Proxies tell in a header. Anybody can send such a header, so it counts only when the peer is a
 * proxy known by address, and only if it holds an IP address; a proxy must overwrite what its own
 * clients send.
 */
public final class ClientAddress {
  private static final CharSequence CLOUDFLARE = HttpHeaders.createOptimized("cf-connecting-ip");
  private static final CharSequence FLY = HttpHeaders.createOptimized("fly-client-ip");
  private static final CharSequence FORWARDED = HttpHeaders.createOptimized("x-forwarded-for");
  private static final int LENGTH_MAX = 45;

  private final List<Network> proxies;

  public ClientAddress(List<Network> proxies) {
    this.proxies = List.copyOf(proxies);
  }

  /** The address as text; of a request over a Unix socket, the empty text. */
  public String find(HttpServerRequest request) {
    String peer = request.remoteAddress() == null ? null : request.remoteAddress().hostAddress();
    if (peer == null) {
      return "";
    }
    if (!trusted(peer)) {
      return peer;
    }
    var headers = request.headers();
    String told = address(headers.get(CLOUDFLARE));
    if (told == null) {
      told = address(headers.get(FLY));
    }
    if (told == null) {
      told = address(first(headers.get(FORWARDED)));
    }
    return told == null ? peer : told;
  }

  private boolean trusted(String peer) {
    if (proxies.isEmpty()) {
      return false;
    }
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(peer);
    if (bytes == null) {
      return false;
    }
    for (Network proxy : proxies) {
      if (proxy.contains(bytes)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable String first(@Nullable String list) {
    if (list == null) {
      return null;
    }
    int comma = list.indexOf(',');
    return comma < 0 ? list : list.substring(0, comma);
  }

  private static @Nullable String address(@Nullable String text) {
    if (text == null) {
      return null;
    }
    String address = text.strip();
    return address.length() <= LENGTH_MAX
            && (NetUtil.isValidIpV4Address(address) || NetUtil.isValidIpV6Address(address))
        ? address
        : null;
  }
}
