package dev.rookery.allocation;

/**
 * The game server of a match.
 *
 * @param address a host name or IP address
 * @param name the name that its provider gave it; may be empty
 */
public record GameServer(String address, int port, String name) {
  public GameServer {
    if (address.isBlank() || port < 1 || port > 65_535) {
      throw new IllegalArgumentException("invalid address \"" + address + "\" or port " + port);
    }
  }
}
