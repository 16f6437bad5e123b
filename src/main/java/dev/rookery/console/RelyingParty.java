package dev.rookery.console;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * This server as passkeys know it. A passkey is bound to the host name, and browsers use it on
 * pages of that origin alone.
 *
 * @param id the host name
 * @param origin scheme, host name and port
 */
public record RelyingParty(String id, String origin) {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /**
   * Returns the party of the address by which browsers reach this server; empty where browsers have
   * no passkeys: without https, unless it is localhost, and with an IP address.
   */
  public static Optional<RelyingParty> of(String publicUrl) {
    URI url = URI.create(publicUrl);
    if (url.getHost() == null) {
      return Optional.empty();
    }
    // Browsers write host names in lower case, and leave the usual port out.
    String host = url.getHost().toLowerCase(Locale.ROOT);
    if (host.startsWith("[") || host.matches("[0-9.]+")) {
      return Optional.empty();
    }
    boolean https = "https".equals(url.getScheme());
    boolean secure = https || host.equals("localhost");
    int usual = https ? HTTPS_PORT : HTTP_PORT;
    String port = url.getPort() < 0 || url.getPort() == usual ? "" : ":" + url.getPort();
    return secure
        ? Optional.of(new RelyingParty(host, url.getScheme() + "://" + host + port))
        : Optional.empty();
  }
}
