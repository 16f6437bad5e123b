package dev.rookery.webrtc;

import dev.rookery.base.Event;
import dev.rookery.base.PlayerId;
import java.util.List;

/** What nodes tell each other about peers. Not stored. */
public sealed interface PeerEvent extends Event {
  /** The feed of the peers of a player. */
  static String feed(PlayerId player) {
    return "webrtc:" + player;
  }

  /**
   * A client of the player has offered a peer, which takes the place of the player's other one.
   *
   * @param peer identifies the peer in the cluster
   * @param atMs when, on the clock of its node
   */
  record Opened(PlayerId player, String peer, long atMs) implements PeerEvent {
    @Override
    public List<String> feeds() {
      return List.of(feed(player));
    }
  }
}
