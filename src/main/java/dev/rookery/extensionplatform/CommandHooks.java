package dev.rookery.extensionplatform;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Command;
import dev.rookery.bus.CommandInterceptor;
import dev.rookery.chat.ChatCommand;
import dev.rookery.chat.Conversation;
import dev.rookery.extension.ChatDraft;
import dev.rookery.extension.GroupDraft;
import dev.rookery.extension.GroupJoin;
import dev.rookery.extension.GroupJoin.Source;
import dev.rookery.extension.KvRead;
import dev.rookery.extension.KvVisibility;
import dev.rookery.extension.LobbyDelete;
import dev.rookery.extension.LobbyDraft;
import dev.rookery.extension.LobbyJoin;
import dev.rookery.extension.LobbyKick;
import dev.rookery.extension.LobbyLeave;
import dev.rookery.extension.PartyDraft;
import dev.rookery.extension.UserUpdate;
import dev.rookery.extensionhost.CallOutcome;
import dev.rookery.extensionhost.ExtensionHost;
import dev.rookery.extensionhost.HookPoint;
import dev.rookery.extensionhost.KvDecision;
import dev.rookery.group.Group;
import dev.rookery.group.GroupCommand;
import dev.rookery.group.GroupInvite;
import dev.rookery.group.GroupMembership;
import dev.rookery.group.GroupQuery;
import dev.rookery.group.GroupRole;
import dev.rookery.group.GroupType;
import dev.rookery.lobby.LobbyCommand;
import dev.rookery.lobby.LobbyCommand.QuickJoin;
import dev.rookery.lobby.LobbyCommand.QuickJoinPlan;
import dev.rookery.lobby.LobbyCommand.Settings;
import dev.rookery.lobby.LobbyQuery;
import dev.rookery.party.PartyCommand;
import dev.rookery.party.PartySnapshot;
import dev.rookery.player.PlayerCommand;
import dev.rookery.storage.StorageCommand;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs hooks of extensions before the commands that they are about, outside of every transaction.
 * The domain then applies its rules to what the hooks have left.
 */
public final class CommandHooks implements CommandInterceptor {
  private static final String REJECTED = "hook_rejected";
  private static final Future<Optional<PartySnapshot>> NO_PARTY =
      Future.succeededFuture(Optional.empty());
  private static final Future<Optional<GroupJoin>> NO_JOIN =
      Future.succeededFuture(Optional.empty());

  private static final long NONE = -1;

  private final ExtensionHost extensions;
  private final Bus bus;

  /**
   * @param bus for what hooks are shown and commands do not say
   */
  public CommandHooks(ExtensionHost extensions, Bus bus) {
    this.extensions = extensions;
    this.bus = bus;
  }

  @Override
  public @Nullable Future<Command<?>> before(Command<?> command) {
    return switch (command) {
      case LobbyCommand<?> lobby -> before(lobby);
      case GroupCommand<?> group -> before(group);
      case PartyCommand.Create create ->
          before(
              HookPoint.PARTY_CREATE,
              new PartyDraft(create.player().value(), create.maxSize(), create.metadata()),
              draft ->
                  new PartyCommand.Create(
                      create.player(), draft.maxSize(), draft.metadata(), create.idempotencyKey()));
      case PartyCommand.Update update ->
          before(
              HookPoint.PARTY_UPDATE,
              new PartyDraft(update.player().value(), update.maxSize(), update.metadata()),
              draft -> new PartyCommand.Update(update.player(), draft.maxSize(), draft.metadata()));
      case StorageCommand.Read read -> before(read);
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

  private @Nullable Future<Command<?>> before(LobbyCommand<?> command) {
    return switch (command) {
      case LobbyCommand.Open open ->
          before(
              HookPoint.LOBBY_CREATE,
              draft(open.host().value(), NONE, open.settings()),
              draft ->
                  new LobbyCommand.Open(
                      open.host(), settings(draft, open.settings()), open.idempotencyKey()));
      case LobbyCommand.OpenWithParty open ->
          before(
              HookPoint.LOBBY_CREATE,
              draft(open.leader().value(), NONE, open.settings()),
              draft ->
                  new LobbyCommand.OpenWithParty(
                      open.leader(), settings(draft, open.settings()), open.idempotencyKey()));
      case LobbyCommand.OpenTeams open ->
          before(
              HookPoint.LOBBY_CREATE,
              new LobbyDraft(open.host().value(), NONE, null, null, open.hidden(), null, null),
              draft ->
                  new LobbyCommand.OpenTeams(
                      open.host(), draft.hidden() == null ? open.hidden() : draft.hidden()));
      case LobbyCommand.Change change ->
          before(
              HookPoint.LOBBY_UPDATE,
              draft(change.by().value(), NONE, change.settings()),
              draft -> new LobbyCommand.Change(change.by(), settings(draft, change.settings())));
      case LobbyCommand.ChangeAny change ->
          before(
              HookPoint.LOBBY_UPDATE,
              draft(NONE, change.lobby().value(), change.settings()),
              draft ->
                  new LobbyCommand.ChangeAny(change.lobby(), settings(draft, change.settings())));
      case LobbyCommand.Close close ->
          before(HookPoint.LOBBY_DELETE, new LobbyDelete(close.lobby().value()), _ -> close);
      case LobbyCommand.QuickJoin join ->
          extensions.hasHooks(HookPoint.LOBBY_JOIN) || extensions.hasHooks(HookPoint.LOBBY_CREATE)
              ? beforeQuickJoin(join)
              : null;
      case LobbyCommand.Join join -> beforeJoining(join, join.player(), join.lobby());
      case LobbyCommand.JoinTeam join -> beforeJoining(join, join.player(), join.lobby());
      case LobbyCommand.Leave leave ->
          extensions.hasHooks(HookPoint.LOBBY_LEAVE) ? beforeLeaving(leave) : null;
      case LobbyCommand.Kick kick ->
          before(
              HookPoint.USER_KICKED,
              new LobbyKick(kick.by().value(), kick.target().value()),
              _ -> kick);
      default -> null;
    };
  }

  /** Decides about lobbies that exist; the domain refuses others. */
  private @Nullable Future<Command<?>> beforeJoining(
      Command<?> join, PlayerId player, LobbyId lobby) {
    return extensions.hasHooks(HookPoint.LOBBY_JOIN)
        ? bus.send(new LobbyQuery.Find(lobby))
            .map(_ -> true)
            .recover(CommandHooks::orFalse)
            .compose(
                exists ->
                    or(
                        join,
                        exists
                            ? before(
                                HookPoint.LOBBY_JOIN,
                                new LobbyJoin(player.value(), lobby.value()),
                                _ -> join)
                            : null))
        : null;
  }

  private static Future<Boolean> orFalse(Throwable failure) {
    return isMissing(failure) ? Future.succeededFuture(false) : Future.failedFuture(failure);
  }

  /** Decides about players who are in a lobby; for others leaving changes nothing. */
  private Future<Command<?>> beforeLeaving(LobbyCommand.Leave leave) {
    return bus.send(new PlayerCommand.Find(leave.player()))
        .map(player -> Optional.ofNullable(player.lobby()))
        .recover(
            failure ->
                isMissing(failure)
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure))
        .compose(
            lobby ->
                or(
                    leave,
                    lobby.isEmpty()
                        ? null
                        : before(
                            HookPoint.LOBBY_LEAVE,
                            new LobbyLeave(leave.player().value(), lobby.get().value()),
                            _ -> leave)));
  }

  /** Finds out whether the player will join or open a lobby, and has it decided about. */
  private Future<Command<?>> beforeQuickJoin(QuickJoin join) {
    return bus.send(new PartyCommand.Show(join.player()))
        .map(Optional::of)
        .recover(failure -> isMissing(failure) ? NO_PARTY : Future.failedFuture(failure))
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
        : or(
            planned,
            before(
                HookPoint.LOBBY_JOIN,
                new LobbyJoin(join.player().value(), lobby.value()),
                _ -> planned));
  }

  private Future<Command<?>> beforeOpening(QuickJoin join) {
    var settings =
        new Settings(join.title(), join.seatsMax(), null, null, null, join.metadata(), null);
    return or(
        planned(join, new QuickJoinPlan.Opening(settings)),
        before(
            HookPoint.LOBBY_CREATE,
            draft(join.player().value(), NONE, settings),
            draft -> planned(join, new QuickJoinPlan.Opening(settings(draft, settings)))));
  }

  private static QuickJoin planned(QuickJoin join, QuickJoinPlan plan) {
    return new QuickJoin(
        join.player(), join.title(), join.seatsMax(), join.metadata(), join.idempotencyKey(), plan);
  }

  private static Future<Command<?>> or(Command<?> unchanged, @Nullable Future<Command<?>> decided) {
    return decided == null ? Future.succeededFuture(unchanged) : decided;
  }

  private static boolean isMissing(Throwable failure) {
    return failure instanceof Refused refused && refused.refusal() instanceof Refusal.Missing;
  }

  private @Nullable Future<Command<?>> before(GroupCommand<?> command) {
    return switch (command) {
      case GroupCommand.Create create ->
          before(
              HookPoint.GROUP_CREATE,
              draft(create.player().value(), NONE, create.settings()),
              draft ->
                  new GroupCommand.Create(
                      create.player(),
                      settings(draft, create.settings()),
                      create.idempotencyKey()));
      case GroupCommand.Update update ->
          run(
              HookPoint.GROUP_UPDATE,
              draft(update.player().value(), update.group().value(), update.settings()),
              draft ->
                  new GroupCommand.Update(
                      update.player(), update.group(), settings(draft, update.settings())),
              CommandHooks::rejectedWithReason);
      case GroupCommand.UpdateAny update ->
          run(
              HookPoint.GROUP_UPDATE,
              draft(NONE, update.group().value(), update.settings()),
              draft ->
                  new GroupCommand.UpdateAny(update.group(), settings(draft, update.settings())),
              CommandHooks::rejectedWithReason);
      default -> extensions.hasHooks(HookPoint.GROUP_JOIN) ? beforeGroupJoin(command) : null;
    };
  }

  private @Nullable Future<Command<?>> beforeGroupJoin(GroupCommand<?> command) {
    @Nullable Future<Optional<GroupJoin>> joining =
        switch (command) {
          case GroupCommand.Join join ->
              bus.send(new GroupQuery.Find(join.group()))
                  .map(
                      group ->
                          group.type() == GroupType.PUBLIC
                              ? joining(group, join.player(), Source.PUBLIC_JOIN, join.player())
                              : Optional.<GroupJoin>empty());
          case GroupCommand.AcceptInvite accept ->
              bus.send(new GroupQuery.FindInvite(accept.invite()))
                  .compose(
                      invite ->
                          invite.state() == GroupInvite.State.PENDING
                                  && invite.recipient().equals(accept.player())
                              ? bus.send(new GroupQuery.Find(invite.group()))
                                  .map(
                                      group ->
                                          joining(
                                              group,
                                              accept.player(),
                                              Source.INVITE_ACCEPT,
                                              accept.player()))
                              : NO_JOIN);
          case GroupCommand.Approve approve ->
              bus.send(new GroupQuery.FindRequest(approve.request()))
                  .compose(request -> approved(request, approve.player()));
          case GroupCommand.Invite invite ->
              bus.send(new GroupQuery.FindMembership(invite.group(), invite.target()))
                  .compose(request -> approved(request, invite.player()));
          default -> null;
        };
    return joining == null
        ? null
        : joining
            // What does not exist is refused by the domain.
            .recover(failure -> isMissing(failure) ? NO_JOIN : Future.failedFuture(failure))
            .compose(
                join ->
                    join.isEmpty()
                        ? Future.succeededFuture(command)
                        : or(
                            command,
                            run(
                                HookPoint.GROUP_JOIN,
                                join.get(),
                                _ -> command,
                                CommandHooks::rejectedWithReason)));
  }

  private Future<Optional<GroupJoin>> approved(GroupMembership request, PlayerId admin) {
    return request.role() == GroupRole.REQUESTED
        ? bus.send(new GroupQuery.Find(request.group()))
            .map(
                group ->
                    Optional.of(
                        new GroupJoin(
                            request.player().value(),
                            Views.group(group),
                            Source.JOIN_REQUEST_APPROVAL,
                            admin.value(),
                            request.id().value())))
        : NO_JOIN;
  }

  private static Optional<GroupJoin> joining(
      Group group, PlayerId player, Source source, PlayerId actor) {
    return Optional.of(
        new GroupJoin(player.value(), Views.group(group), source, actor.value(), null));
  }

  private static GroupDraft draft(long player, long group, GroupCommand.Settings settings) {
    return new GroupDraft(
        player,
        group,
        settings.title(),
        settings.description(),
        settings.type(),
        settings.membersMax(),
        settings.metadata());
  }

  private static GroupCommand.Settings settings(GroupDraft draft, GroupCommand.Settings before) {
    return new GroupCommand.Settings(
        draft.title(),
        draft.description(),
        draft.type(),
        draft.maxMembers(),
        draft.metadata(),
        before.slowdownSeconds());
  }

  /** Players and admins are asked about; the server itself, and so the platform, reads all. */
  private @Nullable Future<Command<?>> before(StorageCommand.Read read) {
    if (read.asker().player() == null || !read.name().collection().equals(PlatformKv.COLLECTION)) {
      return null;
    }
    return before(
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

  private static Refusal rejectedWithReason(String reason) {
    return new Refusal.Denied(REJECTED, Map.of("reason", reason));
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
        CommandHooks::rejectedWithReason);
  }

  private <T> @Nullable Future<Command<?>> before(
      HookPoint point, T change, Function<T, Command<?>> command) {
    return run(point, change, command, _ -> new Refusal.Denied(REJECTED));
  }

  @SuppressWarnings("unchecked")
  private <T> @Nullable Future<Command<?>> run(
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
