package dev.rookery.player;

import org.jspecify.annotations.Nullable;

/**
 * A player with the fields that only admins see.
 *
 * @param ban the active ban; null if none
 * @param mark null for everybody who came by themselves
 */
public record Account(Player player, long updatedMs, @Nullable Ban ban, @Nullable PlayerMark mark) {
  /** Whether admins may act as this player: a test player who has not become an admin. */
  public boolean isForTests() {
    return mark == PlayerMark.TEST && !player.admin();
  }
}
