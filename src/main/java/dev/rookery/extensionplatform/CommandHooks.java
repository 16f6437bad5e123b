package dev.rookery.extensionplatform;

import dev.rookery.bus.Bus;
import dev.rookery.bus.Command;
import dev.rookery.bus.CommandInterceptor;
import dev.rookery.chat.ChatCommand;
import dev.rookery.chat.Conversation;
import dev.rookery.extension.ChatDraft;
import dev.rookery.extension.KvRead;
import dev.rookery.extension.KvVisibility;
import dev.rookery.extension.PartyDraft;
import dev.rookery.extension.UserUpdate;
import dev.rookery.extensionhost.ExtensionHost;
import dev.rookery.extensionhost.HookPoint;
import dev.rookery.extensionhost.KvDecision;
import dev.rookery.group.GroupCommand;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.party.PartyCommand;
import dev.rookery.player.PlayerCommand;
import dev.rookery.storage.StorageCommand;
import io.vertx.core.Future;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Runs hooks of extensions before the commands that they are about, outside of every transaction.
 * The domain then applies its rules to what the hooks have left.
 */
public final class CommandHooks implements CommandInterceptor {
  private final HookRunner hooks;
  private final LobbyHooks lobbies;
  private final GroupHooks groups;

  /**
   * @param bus for what hooks are shown and commands do not say
   */
  public CommandHooks(ExtensionHost extensions, Bus bus) {
    this.hooks = new HookRunner(extensions);
    this.lobbies = new LobbyHooks(hooks, bus);
    this.groups = new GroupHooks(hooks, bus);
  }

  @Override
  public @Nullable Future<Command<?>> before(Command<?> command) {
    return switch (command) {
      case LobbyCommand<?> lobby -> lobbies.before(lobby);
      case GroupCommand<?> group -> groups.before(group);
      case PartyCommand.Create create ->
          hooks.before(
              HookPoint.PARTY_CREATE,
              new PartyDraft(create.player().value(), create.maxSize(), create.metadata()),
              draft ->
                  new PartyCommand.Create(
                      create.player(), draft.maxSize(), draft.metadata(), create.idempotencyKey()));
      case PartyCommand.Update update ->
          hooks.before(
              HookPoint.PARTY_UPDATE,
              new PartyDraft(update.player().value(), update.maxSize(), update.metadata()),
              draft -> new PartyCommand.Update(update.player(), draft.maxSize(), draft.metadata()));
      case StorageCommand.Read read -> before(read);
      case ChatCommand.Send send -> before(send);
      case PlayerCommand.Rename rename ->
          hooks.before(
              HookPoint.USER_UPDATE,
              new UserUpdate(rename.player().value(), rename.displayName(), null),
              // Metadata is not part of this command.
              update -> new PlayerCommand.Rename(rename.player(), update.displayName()));
      case PlayerCommand.Update update ->
          hooks.before(
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

  /** Players and admins are asked about; the server itself, and so the platform, reads all. */
  private @Nullable Future<Command<?>> before(StorageCommand.Read read) {
    if (read.asker().player() == null || !read.name().collection().equals(PlatformKv.COLLECTION)) {
      return null;
    }
    return hooks.before(
        HookPoint.KV_GET,
        new KvDecision(
            new KvRead(read.name().key(), PlatformKv.scope(read.name())), KvVisibility.DEFAULT),
        decision ->
            new StorageCommand.Read(
                read.name(),
                read.asker(),
                switch (decision.visibility()) {
                  case DEFAULT -> StorageCommand.Visibility.OF_OBJECT;
                  case PUBLIC -> StorageCommand.Visibility.EVERYBODY;
                  case PRIVATE -> StorageCommand.Visibility.SCOPE;
                }));
  }

  private @Nullable Future<Command<?>> before(ChatCommand.Send send) {
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
    return hooks.beforeWithReason(
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
                send.idempotencyKey()));
  }
}
