package dev.rookery.extensionplatform;

import dev.rookery.account.AccountCommand;
import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.EmailCommand;
import dev.rookery.base.PlayerId;
import dev.rookery.extension.IdentityProvider;
import dev.rookery.extension.PlayerFilter;
import dev.rookery.extension.Players;
import dev.rookery.extension.ResultPage;
import dev.rookery.extension.SignInMethods;
import dev.rookery.extension.User;
import dev.rookery.player.Account;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.Provider;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
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
    return found(new PlayerCommand.FindAccount(new PlayerId(userId)));
  }

  @Override
  public @Nullable User findByUsername(String username) {
    return found(new PlayerCommand.FindByUsername(username));
  }

  @Override
  public @Nullable User findByEmail(String email) {
    return found(new PlayerCommand.FindByEmail(email));
  }

  @Override
  public @Nullable User findByDevice(String deviceId) {
    return found(new PlayerCommand.FindByDevice(deviceId));
  }

  @Override
  public @Nullable User findByProvider(IdentityProvider provider, String accountId) {
    return found(new PlayerCommand.FindByProvider(provider(provider), accountId));
  }

  private @Nullable User found(PlayerCommand<Account> lookup) {
    Account found = bus.find(lookup);
    return found == null ? null : Users.user(found);
  }

  private static Provider provider(IdentityProvider provider) {
    return switch (provider) {
      case GOOGLE -> Provider.GOOGLE;
      case FACEBOOK -> Provider.FACEBOOK;
      case DISCORD -> Provider.DISCORD;
      case APPLE -> Provider.APPLE;
      case STEAM -> Provider.STEAM;
      case OPENID -> Provider.OPENID;
    };
  }

  private static IdentityProvider provider(Provider provider) {
    return switch (provider) {
      case GOOGLE -> IdentityProvider.GOOGLE;
      case FACEBOOK -> IdentityProvider.FACEBOOK;
      case DISCORD -> IdentityProvider.DISCORD;
      case APPLE -> IdentityProvider.APPLE;
      case STEAM -> IdentityProvider.STEAM;
      case OPENID -> IdentityProvider.OPENID;
    };
  }

  @Override
  public SignInMethods signInMethods(long userId) {
    Player player = bus.ask(new PlayerCommand.FindAccount(new PlayerId(userId))).player();
    return new SignInMethods(
        player.linked().stream().map(PlatformPlayers::provider).collect(Collectors.toSet()),
        player.hasDevice(),
        player.hasPassword());
  }

  @Override
  public User register(
      String email, String password, @Nullable String displayName, boolean emailConfirmed) {
    var account = new AuthCommand.CreateAccount(email, password, displayName, emailConfirmed);
    return get(bus.ask(account).value());
  }

  @Override
  public User findOrCreateByDevice(String deviceId) {
    return get(bus.ask(new AuthCommand.FindOrCreateByDevice(deviceId)).value());
  }

  @Override
  public User setEmail(long userId, String email) {
    bus.ask(new EmailCommand.SetEmail(new PlayerId(userId), email));
    return get(userId);
  }

  @Override
  public void setPassword(long userId, String password) {
    bus.ask(new AuthCommand.SetPassword(new PlayerId(userId), password));
  }

  @Override
  public String setUsername(long userId, String username) {
    return bus.ask(new PlayerCommand.ChangeUsername(new PlayerId(userId), username));
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
  public long count(PlayerFilter filter) {
    IdentityProvider provider = filter.provider();
    return bus.ask(
        new PlayerCommand.Count(
            new PlayerCommand.CountFilter(
                filter.online(),
                filter.password(),
                provider == null ? null : provider(provider),
                millis(filter.registeredSince()),
                millis(filter.activeSince()))));
  }

  private static @Nullable Long millis(@Nullable Instant time) {
    return time == null ? null : time.toEpochMilli();
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
  public void unlinkProvider(long userId, IdentityProvider provider) {
    bus.ask(new PlayerCommand.UnlinkProvider(new PlayerId(userId), provider(provider)));
  }

  @Override
  public void broadcastUpdate(long userId) {
    var player = new PlayerId(userId);
    bus.ask(new PlayerCommand.Update(player, player, null, null, null));
  }

  @Override
  public void delete(long userId) {
    bus.ask(new AccountCommand.Delete(new PlayerId(userId)));
  }
}
