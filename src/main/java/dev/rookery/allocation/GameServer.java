package dev.rookery.allocation;

/**
 * Where players of a match connect to.
 *
 * @param name as its provider calls it, may be empty
 */
public record GameServer(String address, int port, String name) {
  public GameServer {
    if (address.isBlank() || port < 1 || port > 65_535) {
      throw new IllegalArgumentException("no server at \"" + address + "\" port " + port);
    }
  }
}
