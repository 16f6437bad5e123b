package dev.rookery.extensionplatform;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Command;
import dev.rookery.extension.GroupDraft;
import dev.rookery.extension.GroupJoin;
import dev.rookery.extension.GroupJoin.Source;
import dev.rookery.extensionhost.HookPoint;
import dev.rookery.group.Group;
import dev.rookery.group.GroupCommand;
import dev.rookery.group.GroupInvite;
import dev.rookery.group.GroupMembership;
import dev.rookery.group.GroupQuery;
import dev.rookery.group.GroupRole;
import dev.rookery.group.GroupType;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The hooks before commands of groups. */
final class GroupHooks {
  private static final Future<Optional<GroupJoin>> NO_JOIN =
      Future.succeededFuture(Optional.empty());
  private static final long NONE = -1;

  private final HookRunner hooks;
  private final Bus bus;

  /**
   * @param bus for what hooks are shown and commands do not say
   */
  GroupHooks(HookRunner hooks, Bus bus) {
    this.hooks = hooks;
    this.bus = bus;
  }

  /** Null if no hook is asked. */
  @Nullable Future<Command<?>> before(GroupCommand<?> command) {
    return switch (command) {
      case GroupCommand.Create create ->
          hooks.before(
              HookPoint.GROUP_CREATE,
              draft(create.player().value(), NONE, create.settings()),
              draft ->
                  new GroupCommand.Create(
                      create.player(),
                      settings(draft, create.settings()),
                      create.idempotencyKey()));
      case GroupCommand.Update update ->
          hooks.beforeWithReason(
              HookPoint.GROUP_UPDATE,
              draft(update.player().value(), update.group().value(), update.settings()),
              draft ->
                  new GroupCommand.Update(
                      update.player(), update.group(), settings(draft, update.settings())));
      case GroupCommand.UpdateAny update ->
          hooks.beforeWithReason(
              HookPoint.GROUP_UPDATE,
              draft(NONE, update.group().value(), update.settings()),
              draft ->
                  new GroupCommand.UpdateAny(
                      update.group(), settings(draft, update.settings()), update.revision()));
      default -> hooks.has(HookPoint.GROUP_JOIN) ? beforeGroupJoin(command) : null;
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
            .recover(
                failure -> HookRunner.isMissing(failure) ? NO_JOIN : Future.failedFuture(failure))
            .compose(
                join ->
                    join.isEmpty()
                        ? Future.succeededFuture(command)
                        : HookRunner.or(
                            command,
                            hooks.beforeWithReason(
                                HookPoint.GROUP_JOIN, join.get(), _ -> command)));
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
}
