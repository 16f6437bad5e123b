package dev.rookery.protocol.console;

import dev.rookery.console.Permission;
import dev.rookery.player.Player;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A tab of the page of a player. What it shows is read only when it is opened.
 *
 * @param path the last part of its address
 * @param reads at most five statements
 */
record PlayerTab(
    String path,
    String title,
    Permission permission,
    BiFunction<ConsoleRequest, Player, Future<List<Section>>> reads) {
  Future<List<Section>> load(ConsoleRequest request, Player player) {
    return reads.apply(request, player);
  }
}
