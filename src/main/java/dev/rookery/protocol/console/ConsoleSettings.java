package dev.rookery.protocol.console;

import dev.rookery.edge.ClientAddressResolver;

/**
 * The settings of the console of a node.
 *
 * @param product the name of the game
 * @param node the name of this node
 * @param production whether the environment is production
 * @param https whether browsers reach the server over HTTPS, whatever proxies report
 * @param secret the key of CSRF tokens; the same on all nodes
 */
public record ConsoleSettings(
    String product,
    String node,
    String version,
    boolean production,
    ClientAddressResolver clients,
    boolean https,
    String secret) {
  @Override
  public String toString() {
    return "ConsoleSettings";
  }
}
