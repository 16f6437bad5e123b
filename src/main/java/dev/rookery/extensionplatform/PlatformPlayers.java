package dev.rookery.extensionplatform;

import dev.rookery.account.AccountCommand;
import dev.rookery.base.PlayerId;
import dev.rookery.extension.Players;
import dev.rookery.extension.ResultPage;
import dev.rookery.extension.User;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerCommand;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@link Players} by commands. */
final class PlatformPlayers implements Players {
  private final PlatformBus bus;

  PlatformPlayers(PlatformBus bus) {
    this.bus = bus;
  }

  @Override
  public User get(long userId) {
    return Users.user(bus.ask(new PlayerCommand.FindAccount(new PlayerId(userId))));
  }

  @Override
  public @Nullable User find(long userId) {
    var found = bus.find(new PlayerCommand.FindAccount(new PlayerId(userId)));
    return found == null ? null : Users.user(found);
  }

  @Override
  public @Nullable User findByUsername(String username) {
    Player found = bus.find(new PlayerCommand.FindByUsername(username));
    return found == null ? null : find(found.id().value());
  }

  @Override
  public String username(long userId) {
    return bus.ask(new PlayerCommand.FindUsername(new PlayerId(userId)));
  }

  @Override
  public ResultPage<User> search(@Nullable String text, int page, int pageSize) {
    var search =
        new PlayerCommand.SearchAccounts(text, null, null, PlatformBus.page(page, pageSize));
    return PlatformBus.result(bus.ask(search), Users::user);
  }

  @Override
  public long count() {
    return search(null, 1, 1).total();
  }

  @Override
  public User setDisplayName(long userId, @Nullable String displayName) {
    bus.ask(new PlayerCommand.Rename(new PlayerId(userId), displayName));
    return get(userId);
  }

  @Override
  public User setMetadata(long userId, Map<String, Object> metadata) {
    var player = new PlayerId(userId);
    return Users.user(bus.ask(new PlayerCommand.Update(player, player, null, null, metadata)));
  }

  @Override
  public void linkDevice(long userId, String deviceId) {
    bus.ask(new PlayerCommand.LinkDevice(new PlayerId(userId), deviceId));
  }

  @Override
  public void unlinkDevice(long userId) {
    bus.ask(new PlayerCommand.UnlinkDevice(new PlayerId(userId)));
  }

  @Override
  public void delete(long userId) {
    bus.ask(new AccountCommand.Delete(new PlayerId(userId)));
  }
}
