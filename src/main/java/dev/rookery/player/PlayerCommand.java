package dev.rookery.player;

import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.Map;
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

  record FindAccount(PlayerId player) implements PlayerCommand<Account> {}

  /**
   * Every player who fits, newest first.
   *
   * @param text as in {@link Search}; null for any
   * @param banned by a ban that holds now; null for both
   * @param admin null for both
   */
  record SearchAccounts(
      @Nullable String text, @Nullable Boolean banned, @Nullable Boolean admin, Page.Request page)
      implements PlayerCommand<Page<Account>> {}

  /**
   * What an admin changes of a player. A null leaves what is there, a blank name clears it, the
   * metadata is replaced as a whole. {@code Conflict("cannot_demote_self")}: there is always an
   * admin left who meant it.
   */
  record Update(
      PlayerId by,
      PlayerId player,
      @Nullable Boolean admin,
      @Nullable String displayName,
      @Nullable Map<String, Object> metadata)
      implements PlayerCommand<Account> {}

  /**
   * Removes a player who is in no lobby. {@code Conflict("in_lobby")} otherwise: the account domain
   * brings him out first.
   */
  record Remove(PlayerId player) implements PlayerCommand<Done> {}
}
