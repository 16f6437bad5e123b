package dev.rookery.protocol.page;

import dev.rookery.base.PlayerId;
import dev.rookery.player.Player;
import dev.rookery.translation.Message;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Players as templates show them to other players. */
final class PlayerView {
  private PlayerView() {}

  /** The model of the macro {@code player}, which may be added to. */
  static Map<String, Object> of(Player player) {
    var view = new HashMap<String, Object>();
    view.put("id", player.id().value());
    view.put("name", name(player.id(), player.displayName()));
    view.put("online", player.online());
    view.put("seen", player.lastSeenMs() == 0 ? "" : Instant.ofEpochMilli(player.lastSeenMs()));
    return view;
  }

  /** The display name, or the id of a player who has chosen none. */
  static Message name(PlayerId player, String displayName) {
    return displayName.isBlank()
        ? Message.of("Player {id}", "id", player.toString())
        : Message.literal(displayName);
  }
}
