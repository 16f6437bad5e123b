package dev.rookery.player;

import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import org.jspecify.annotations.Nullable;

/** What can be asked of players' profiles. Unknown players are {@code Missing("not_found")}. */
public sealed interface PlayerCommand<R> extends Command<R> {
  String ADDRESS = "player";

  @Override
  default String address() {
    return ADDRESS;
  }

  record Find(PlayerId player) implements PlayerCommand<Player> {}

  /** By prefix of display name, ignoring case; e-mail is matched only as a whole address. */
  record Search(String text, Page.Request page) implements PlayerCommand<Page<Player>> {}

  /** Null or blank clears the name. */
  record Rename(PlayerId player, @Nullable String displayName) implements PlayerCommand<Player> {}

  /** Replaces the device that opens the account. Refused as invalid when taken. */
  record LinkDevice(PlayerId player, String deviceId) implements PlayerCommand<Player> {}

  /** {@code Conflict("last_authentication_method")} if nothing else opens the account. */
  record UnlinkDevice(PlayerId player) implements PlayerCommand<Player> {}

  /** {@code Conflict("last_provider")} if no other provider is linked. */
  record UnlinkProvider(PlayerId player, Provider provider) implements PlayerCommand<Player> {}

  /**
   * Removes a player who is in no lobby. {@code Conflict("in_lobby")} otherwise: the account domain
   * brings him out first.
   */
  record Remove(PlayerId player) implements PlayerCommand<Done> {}
}
