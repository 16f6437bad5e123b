package dev.rookery.console;

import java.net.URI;
import java.util.Optional;

/**
 * This server as passkeys know it. A passkey is bound to the host name, and browsers use it on
 * pages of that origin alone.
 *
 * @param id the host name
 * @param origin scheme, host name and port
 */
public record RelyingParty(String id, String origin) {
  /**
   * Returns the party of the address by which browsers reach this server; empty where browsers have
   * no passkeys: without https, unless it is localhost, and with an IP address.
   */
  public static Optional<RelyingParty> of(String publicUrl) {
    URI url = URI.create(publicUrl);
    String host = url.getHost();
    if (host == null || host.startsWith("[") || host.matches("[0-9.]+")) {
      return Optional.empty();
    }
    boolean secure = "https".equals(url.getScheme()) || host.equals("localhost");
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return secure
        ? Optional.of(new RelyingParty(host, url.getScheme() + "://" + host + port))
        : Optional.empty();
  }
}
