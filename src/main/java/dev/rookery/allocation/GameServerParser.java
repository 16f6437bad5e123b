package dev.rookery.allocation;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What providers answer, looked at before it is believed. */
final class GameServerParser {
  private static final Logger LOG = LoggerFactory.getLogger(GameServerParser.class);
  private static final int ADDRESS_MAX = 255;

  private GameServerParser() {}

  /** A port may be written as text. */
  static Future<GameServer> parse(
      @Nullable Object address, @Nullable Object port, @Nullable Object name) {
    if (address instanceof String host && !host.isBlank() && host.length() <= ADDRESS_MAX) {
      int number = port(port);
      if (number >= 1 && number <= 65_535) {
        return Future.succeededFuture(
            new GameServer(host, number, name instanceof String text ? text : ""));
      }
    }
    LOG.warn("no game server in the answer: address {}, port {}", address, port);
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
