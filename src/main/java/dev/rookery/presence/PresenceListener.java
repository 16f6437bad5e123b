package dev.rookery.presence;

import dev.rookery.player.Player;
import java.util.List;

/**
 * Is told, after the commit, which players came online or went offline on whichever node made it
 * so: once each, unless that node dies in between. Must not block, and must not throw.
 */
public interface PresenceListener {
  void onOnline(List<Player> players);

  void onOffline(List<Player> players);

  /** Tells several listeners, in their order. */
  static PresenceListener all(List<PresenceListener> listeners) {
    return new PresenceListener() {
      @Override
      public void onOnline(List<Player> players) {
        listeners.forEach(listener -> listener.onOnline(players));
      }

      @Override
      public void onOffline(List<Player> players) {
        listeners.forEach(listener -> listener.onOffline(players));
      }
    };
  }
}
