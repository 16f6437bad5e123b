package dev.rookery.extensionplatform;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Command;
import dev.rookery.extension.LobbyDelete;
import dev.rookery.extension.LobbyDraft;
import dev.rookery.extension.LobbyJoin;
import dev.rookery.extension.LobbyKick;
import dev.rookery.extension.LobbyLeave;
import dev.rookery.extensionhost.HookPoint;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.lobby.LobbyCommand.QuickJoin;
import dev.rookery.lobby.LobbyCommand.QuickJoinPlan;
import dev.rookery.lobby.LobbyCommand.Settings;
import dev.rookery.lobby.LobbyQuery;
import dev.rookery.party.PartyCommand;
import dev.rookery.party.PartySnapshot;
import dev.rookery.player.PlayerCommand;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The hooks before commands of lobbies. */
final class LobbyHooks {
  private static final Future<Optional<PartySnapshot>> NO_PARTY =
      Future.succeededFuture(Optional.empty());
  private static final long NONE = -1;

  private final HookRunner hooks;
  private final Bus bus;

  /**
   * @param bus for what hooks are shown and commands do not say
   */
  LobbyHooks(HookRunner hooks, Bus bus) {
    this.hooks = hooks;
    this.bus = bus;
  }

  /** Null if no hook is asked. */
  @Nullable Future<Command<?>> before(LobbyCommand<?> command) {
    return switch (command) {
      case LobbyCommand.Open open ->
          hooks.before(
              HookPoint.LOBBY_CREATE,
              draft(open.host().value(), NONE, open.settings()),
              draft ->
                  new LobbyCommand.Open(
                      open.host(), settings(draft, open.settings()), open.idempotencyKey()));
      case LobbyCommand.OpenWithParty open ->
          hooks.before(
              HookPoint.LOBBY_CREATE,
              draft(open.leader().value(), NONE, open.settings()),
              draft ->
                  new LobbyCommand.OpenWithParty(
                      open.leader(), settings(draft, open.settings()), open.idempotencyKey()));
      case LobbyCommand.OpenTeams open ->
          hooks.before(
              HookPoint.LOBBY_CREATE,
              new LobbyDraft(open.host().value(), NONE, null, null, open.hidden(), null, null),
              draft ->
                  new LobbyCommand.OpenTeams(
                      open.host(), draft.hidden() == null ? open.hidden() : draft.hidden()));
      case LobbyCommand.Change change ->
          hooks.before(
              HookPoint.LOBBY_UPDATE,
              draft(change.by().value(), NONE, change.settings()),
              draft -> new LobbyCommand.Change(change.by(), settings(draft, change.settings())));
      case LobbyCommand.ChangeAny change ->
          hooks.before(
              HookPoint.LOBBY_UPDATE,
              draft(NONE, change.lobby().value(), change.settings()),
              draft ->
                  new LobbyCommand.ChangeAny(
                      change.lobby(), settings(draft, change.settings()), change.revision()));
      case LobbyCommand.Close close ->
          hooks.before(HookPoint.LOBBY_DELETE, new LobbyDelete(close.lobby().value()), _ -> close);
      case LobbyCommand.QuickJoin join ->
          hooks.has(HookPoint.LOBBY_JOIN) || hooks.has(HookPoint.LOBBY_CREATE)
              ? beforeQuickJoin(join)
              : null;
      case LobbyCommand.Join join -> beforeJoining(join, join.player(), join.lobby());
      case LobbyCommand.JoinTeam join -> beforeJoining(join, join.player(), join.lobby());
      case LobbyCommand.Leave leave ->
          hooks.has(HookPoint.LOBBY_LEAVE) ? beforeLeaving(leave) : null;
      case LobbyCommand.Kick kick ->
          hooks.before(
              HookPoint.USER_KICKED,
              new LobbyKick(kick.by().value(), kick.target().value()),
              _ -> kick);
      default -> null;
    };
  }

  /** Decides about lobbies that exist; the domain refuses others. */
  private @Nullable Future<Command<?>> beforeJoining(
      Command<?> join, PlayerId player, LobbyId lobby) {
    return hooks.has(HookPoint.LOBBY_JOIN)
        ? bus.send(new LobbyQuery.Find(lobby))
            .map(_ -> true)
            .recover(LobbyHooks::orFalse)
            .compose(
                exists ->
                    HookRunner.or(
                        join,
                        exists
                            ? hooks.before(
                                HookPoint.LOBBY_JOIN,
                                new LobbyJoin(player.value(), lobby.value()),
                                _ -> join)
                            : null))
        : null;
  }

  private static Future<Boolean> orFalse(Throwable failure) {
    return HookRunner.isMissing(failure)
        ? Future.succeededFuture(false)
        : Future.failedFuture(failure);
  }

  /** Decides about players who are in the lobby; for others leaving changes nothing. */
  private Future<Command<?>> beforeLeaving(LobbyCommand.Leave leave) {
    return bus.send(new PlayerCommand.Find(leave.player()))
        .map(player -> Optional.ofNullable(player.lobby()))
        .recover(
            failure ->
                HookRunner.isMissing(failure)
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure))
        .map(lobby -> lobby.filter(one -> leave.lobby() == null || one.equals(leave.lobby())))
        .compose(
            lobby ->
                HookRunner.or(
                    leave,
                    lobby.isEmpty()
                        ? null
                        : hooks.before(
                            HookPoint.LOBBY_LEAVE,
                            new LobbyLeave(leave.player().value(), lobby.get().value()),
                            _ -> leave)));
  }

  /** Finds out whether the player will join or open a lobby, and has it decided about. */
  private Future<Command<?>> beforeQuickJoin(QuickJoin join) {
    return bus.send(new PartyCommand.Show(join.player()))
        .map(Optional::of)
        .recover(failure -> HookRunner.isMissing(failure) ? NO_PARTY : Future.failedFuture(failure))
        .compose(
            found -> {
              PartySnapshot party = found.orElse(null);
              if (party != null && !party.party().leader().equals(join.player())) {
                // Refused by the domain.
                return Future.succeededFuture(join);
              }
              int players = party == null ? 1 : party.members().size();
              return bus.send(
                      new LobbyQuery.FindJoinable(join.seatsMax(), join.metadata(), players))
                  .compose(
                      lobby ->
                          lobby.isPresent()
                              ? beforeJoining(join, lobby.get(), party != null)
                              : beforeOpening(join));
            });
  }

  /** Members of a party join together without being asked about. */
  private Future<Command<?>> beforeJoining(QuickJoin join, LobbyId lobby, boolean together) {
    QuickJoin planned = planned(join, new QuickJoinPlan.Into(lobby));
    return together
        ? Future.succeededFuture(planned)
        : HookRunner.or(
            planned,
            hooks.before(
                HookPoint.LOBBY_JOIN,
                new LobbyJoin(join.player().value(), lobby.value()),
                _ -> planned));
  }

  private Future<Command<?>> beforeOpening(QuickJoin join) {
    var settings =
        new Settings(join.title(), join.seatsMax(), null, null, null, join.metadata(), null);
    return HookRunner.or(
        planned(join, new QuickJoinPlan.Opening(settings)),
        hooks.before(
            HookPoint.LOBBY_CREATE,
            draft(join.player().value(), NONE, settings),
            draft -> planned(join, new QuickJoinPlan.Opening(settings(draft, settings)))));
  }

  private static QuickJoin planned(QuickJoin join, QuickJoinPlan plan) {
    return new QuickJoin(
        join.player(), join.title(), join.seatsMax(), join.metadata(), join.idempotencyKey(), plan);
  }

  private static LobbyDraft draft(long player, long lobby, Settings settings) {
    return new LobbyDraft(
        player,
        lobby,
        settings.title(),
        settings.seatsMax(),
        settings.hidden(),
        settings.locked(),
        settings.metadata());
  }

  private static Settings settings(LobbyDraft draft, Settings before) {
    return new Settings(
        draft.title(),
        draft.maxUsers(),
        draft.hidden(),
        draft.locked(),
        before.password(),
        draft.metadata(),
        before.slowdownSeconds());
  }
}
