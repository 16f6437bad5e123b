package dev.rookery.extensionplatform;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Command;
import dev.rookery.bus.CommandInterceptor;
import dev.rookery.chat.ChatCommand;
import dev.rookery.chat.Conversation;
import dev.rookery.extension.ChatDraft;
import dev.rookery.extension.LobbyDraft;
import dev.rookery.extension.LobbyJoin;
import dev.rookery.extension.LobbyKick;
import dev.rookery.extension.LobbyLeave;
import dev.rookery.extension.UserUpdate;
import dev.rookery.extensionhost.CallOutcome;
import dev.rookery.extensionhost.ExtensionHost;
import dev.rookery.extensionhost.HookPoint;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.lobby.LobbyCommand.Settings;
import dev.rookery.player.PlayerCommand;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs hooks of extensions before the commands that they are about, outside of every transaction.
 * The domain then applies its rules to what the hooks have left.
 */
public final class CommandHooks implements CommandInterceptor {
  private static final String REJECTED = "hook_rejected";

  private final ExtensionHost extensions;

  public CommandHooks(ExtensionHost extensions) {
    this.extensions = extensions;
  }

  @Override
  public @Nullable Future<? extends Command<?>> before(Command<?> command) {
    return switch (command) {
      case LobbyCommand<?> lobby -> before(lobby);
      case ChatCommand.Send send -> before(send);
      case PlayerCommand.Rename rename ->
          before(
              HookPoint.USER_UPDATE,
              new UserUpdate(rename.player().value(), rename.displayName(), null),
              // Metadata is not part of this command.
              update -> new PlayerCommand.Rename(rename.player(), update.displayName()));
      case PlayerCommand.Update update ->
          before(
              HookPoint.USER_UPDATE,
              new UserUpdate(update.player().value(), update.displayName(), update.metadata()),
              changed ->
                  new PlayerCommand.Update(
                      update.by(),
                      update.player(),
                      update.admin(),
                      changed.displayName(),
                      changed.metadata()));
      default -> null;
    };
  }

  private @Nullable Future<? extends Command<?>> before(LobbyCommand<?> command) {
    return switch (command) {
      case LobbyCommand.Open open ->
          before(
              HookPoint.LOBBY_CREATE,
              draft(open.host().value(), open.settings()),
              draft ->
                  new LobbyCommand.Open(
                      open.host(), settings(draft, open.settings()), open.idempotencyKey()));
      case LobbyCommand.OpenWithParty open ->
          before(
              HookPoint.LOBBY_CREATE,
              draft(open.leader().value(), open.settings()),
              draft ->
                  new LobbyCommand.OpenWithParty(
                      open.leader(), settings(draft, open.settings()), open.idempotencyKey()));
      case LobbyCommand.OpenTeams open ->
          before(
              HookPoint.LOBBY_CREATE,
              new LobbyDraft(open.host().value(), null, null, open.hidden(), null, null),
              draft ->
                  new LobbyCommand.OpenTeams(
                      open.host(), draft.hidden() == null ? open.hidden() : draft.hidden()));
      case LobbyCommand.Change change ->
          before(
              HookPoint.LOBBY_UPDATE,
              draft(change.by().value(), change.settings()),
              draft -> new LobbyCommand.Change(change.by(), settings(draft, change.settings())));
      case LobbyCommand.Join join ->
          before(
              HookPoint.LOBBY_JOIN,
              new LobbyJoin(join.player().value(), join.lobby().value()),
              _ -> join);
      case LobbyCommand.JoinTeam join ->
          before(
              HookPoint.LOBBY_JOIN,
              new LobbyJoin(join.player().value(), join.lobby().value()),
              _ -> join);
      case LobbyCommand.Leave leave ->
          before(HookPoint.LOBBY_LEAVE, new LobbyLeave(leave.player().value()), _ -> leave);
      case LobbyCommand.Kick kick ->
          before(
              HookPoint.USER_KICKED,
              new LobbyKick(kick.by().value(), kick.target().value()),
              _ -> kick);
      default -> null;
    };
  }

  private static LobbyDraft draft(long player, Settings settings) {
    return new LobbyDraft(
        player,
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

  private @Nullable Future<? extends Command<?>> before(ChatCommand.Send send) {
    Conversation conversation = send.conversation();
    Conversation.Kind kind = conversation.kind();
    boolean direct = kind == Conversation.Kind.DIRECT;
    var draft =
        new ChatDraft(
            send.sender().value(),
            direct ? "friend" : kind.name().toLowerCase(Locale.ROOT),
            direct ? conversation.otherThan(send.sender()).value() : conversation.id(),
            send.content(),
            send.metadata());
    return run(
        HookPoint.CHAT_MESSAGE,
        draft,
        changed ->
            new ChatCommand.Send(
                send.sender(),
                conversation,
                changed.content(),
                changed.metadata(),
                send.code(),
                send.contentJson(),
                send.idempotencyKey()),
        reason -> new Refusal.Denied(REJECTED, Map.of("reason", reason)));
  }

  private <T> @Nullable Future<? extends Command<?>> before(
      HookPoint point, T change, Function<T, Command<?>> command) {
    return run(point, change, command, _ -> new Refusal.Denied(REJECTED));
  }

  @SuppressWarnings("unchecked")
  private <T> @Nullable Future<? extends Command<?>> run(
      HookPoint point,
      T change,
      Function<T, Command<?>> command,
      Function<String, Refusal> refusal) {
    Future<CallOutcome> outcome = extensions.before(point, (Object) change);
    return outcome == null
        ? null
        : outcome.map(
            ended ->
                switch (ended) {
                  case CallOutcome.Returned(var value) -> command.apply((T) value);
                  case CallOutcome.Rejected(var reason) -> throw new Refused(refusal.apply(reason));
                  case CallOutcome.Failed(var failure) ->
                      throw new Refused(
                          refusal.apply(
                              failure == CallOutcome.Failure.TIMEOUT ? "timeout" : "hook_failed"));
                });
  }
}
