package dev.rookery.extensionplatform;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.extension.User;
import dev.rookery.extensionhost.UserLookup;
import dev.rookery.player.Account;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerCommand;
import io.vertx.core.Future;
import java.time.Instant;

/** Players as extensions see them. */
public final class Users implements UserLookup {
  private static final long NONE = -1;

  private final Bus bus;

  public Users(Bus bus) {
    this.bus = bus;
  }

  @Override
  public Future<User> find(PlayerId player) {
    return bus.ask(new PlayerCommand.FindAccount(player)).map(Users::user);
  }

  static User user(Account account) {
    return user(account.player(), account.updatedMs());
  }

  static User user(Player player, long updatedMs) {
    var lobby = player.lobby();
    Long party = player.partyId();
    return new User(
        player.id().value(),
        player.email(),
        player.displayName(),
        player.profileUrl(),
        player.metadata(),
        lobby == null ? NONE : lobby.value(),
        party == null ? NONE : party,
        player.online(),
        Instant.ofEpochMilli(player.lastSeenMs()),
        Instant.ofEpochMilli(player.createdMs()),
        Instant.ofEpochMilli(updatedMs));
  }
}
