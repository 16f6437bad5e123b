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
}
