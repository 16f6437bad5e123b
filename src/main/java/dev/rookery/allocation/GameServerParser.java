package dev.rookery.allocation;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Validates the address and port of a game server in the response of a provider. */
final class GameServerParser {
  private static final Logger LOG = LoggerFactory.getLogger(GameServerParser.class);
  private static final int ADDRESS_MAX = 255;

  private GameServerParser() {}

  /**
   * Returns the server, or fails with {@code Unavailable("allocation_failed")} if the address or
   * the port is invalid. The port may be a number or text.
   */
  static Future<GameServer> parse(
      @Nullable Object address, @Nullable Object port, @Nullable Object name) {
    if (address instanceof String host && !host.isBlank() && host.length() <= ADDRESS_MAX) {
      int number = port(port);
      if (number >= 1 && number <= 65_535) {
        return Future.succeededFuture(
            new GameServer(host, number, name instanceof String text ? text : ""));
      }
    }
    LOG.warn("The provider's response has no valid server: address {}, port {}", address, port);
    return Future.failedFuture(JsonHttpClient.allocationFailed());
  }

  private static int port(@Nullable Object port) {
    if (port instanceof Integer number) {
      return number;
    }
    if (port instanceof String text && text.matches("\\d{1,5}")) {
      return Integer.parseInt(text);
    }
    return -1;
  }
}
