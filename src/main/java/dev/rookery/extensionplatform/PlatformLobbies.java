package dev.rookery.extensionplatform;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.extension.Lobbies;
import dev.rookery.extension.Lobby;
import dev.rookery.extension.LobbyFilter;
import dev.rookery.extension.LobbySettings;
import dev.rookery.extension.ResultPage;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.lobby.LobbyQuery;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@link Lobbies} by commands. */
final class PlatformLobbies implements Lobbies {
  private final PlatformBus bus;

  PlatformLobbies(PlatformBus bus) {
    this.bus = bus;
  }

  @Override
  public @Nullable Lobby find(long lobbyId) {
    var found = bus.find(new LobbyQuery.Find(new LobbyId(lobbyId)));
    return found == null ? null : Views.lobby(found.lobby());
  }

  @Override
  public List<Long> memberIds(long lobbyId) {
    return bus.ask(new LobbyQuery.ListMembers(new LobbyId(lobbyId))).stream()
        .map(member -> member.id().value())
        .toList();
  }

  @Override
  public ResultPage<Lobby> listOpen(@Nullable String titlePrefix, int page, int pageSize) {
    var list = new LobbyQuery.ListOpen(titled(titlePrefix), PlatformBus.page(page, pageSize));
    return PlatformBus.result(bus.ask(list), Views::lobby);
  }

  @Override
  public ResultPage<Lobby> listAll(@Nullable String titlePrefix, int page, int pageSize) {
    var list = new LobbyQuery.ListAll(titled(titlePrefix), null, PlatformBus.page(page, pageSize));
    return PlatformBus.result(bus.ask(list), watched -> Views.lobby(watched.lobby()));
  }

  @Override
  public long count(LobbyFilter filter) {
    return bus.ask(
        new LobbyQuery.Count(
            filter.hidden(), filter.hostless(), filter.locked(), filter.passworded()));
  }

  private static LobbyQuery.Filter titled(@Nullable String titlePrefix) {
    return new LobbyQuery.Filter(titlePrefix, null, null, null, null, null, null);
  }

  @Override
  public Lobby create(long hostId, LobbySettings settings) {
    return Views.lobby(
        bus.ask(new LobbyCommand.Open(new PlayerId(hostId), settings(settings), null)));
  }

  @Override
  public Lobby createHostless(LobbySettings settings) {
    return Views.lobby(bus.ask(new LobbyCommand.OpenHostless(settings(settings))));
  }

  @Override
  public Lobby createWithParty(long leaderId, LobbySettings settings) {
    return Views.lobby(
        bus.ask(new LobbyCommand.OpenWithParty(new PlayerId(leaderId), settings(settings), null)));
  }

  @Override
  public Lobby update(long lobbyId, LobbySettings settings) {
    var change = new LobbyCommand.ChangeAny(new LobbyId(lobbyId), settings(settings), null);
    return Views.lobby(bus.ask(change).lobby());
  }

  @Override
  public Lobby updateAsHost(long hostId, LobbySettings settings) {
    return Views.lobby(bus.ask(new LobbyCommand.Change(new PlayerId(hostId), settings(settings))));
  }

  private static LobbyCommand.Settings settings(LobbySettings settings) {
    return new LobbyCommand.Settings(
        settings.title(),
        settings.maxUsers(),
        settings.hidden(),
        settings.locked(),
        settings.password(),
        settings.metadata(),
        null);
  }

  @Override
  public void delete(long lobbyId) {
    bus.ask(new LobbyCommand.Close(new LobbyId(lobbyId)));
  }

  @Override
  public Lobby join(long userId, long lobbyId, @Nullable String password) {
    var join = new LobbyCommand.Join(new LobbyId(lobbyId), new PlayerId(userId), password);
    return Views.lobby(bus.ask(join).lobby());
  }

  @Override
  public Lobby joinWithParty(long leaderId, long lobbyId, @Nullable String password) {
    return Views.lobby(
        bus.ask(
            new LobbyCommand.JoinWithParty(
                new LobbyId(lobbyId), new PlayerId(leaderId), password, null, null, null)));
  }

  @Override
  public Lobby quickJoin(
      long userId,
      @Nullable String title,
      @Nullable Integer maxUsers,
      Map<String, Object> metadata) {
    return Views.lobby(
        bus.ask(new LobbyCommand.QuickJoin(new PlayerId(userId), title, maxUsers, metadata, null)));
  }

  @Override
  public void leave(long userId) {
    bus.ask(new LobbyCommand.Leave(new PlayerId(userId)));
  }

  @Override
  public void kick(long hostId, long targetId) {
    bus.ask(new LobbyCommand.Kick(new PlayerId(hostId), new PlayerId(targetId)));
  }
}
