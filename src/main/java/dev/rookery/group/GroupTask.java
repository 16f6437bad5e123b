package dev.rookery.group;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Done;
import dev.rookery.group.GroupCommand.AcceptInvite;
import dev.rookery.group.GroupCommand.Create;
import dev.rookery.group.GroupCommand.Join;
import dev.rookery.group.GroupCommand.Kick;
import dev.rookery.group.GroupCommand.Leave;
import dev.rookery.group.GroupCommand.NotifyAll;
import dev.rookery.store.IdempotentCommand;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A command that waits for its batch.
 *
 * @param player null for a command of an admin of the server
 * @param idempotent null without an idempotency key
 */
record GroupTask(
    GroupCommand<?> command, @Nullable PlayerId player, @Nullable IdempotentCommand idempotent) {
  static GroupTask of(GroupCommand<?> command) {
    return switch (command) {
      case Create(var player, _, var key) -> of(command, player, key, "group.create");
      case Join(var player, _, var key) -> of(command, player, key, "group.join");
      case Leave(var player, _, var key) -> of(command, player, key, "group.leave");
      case Kick(var player, _, _, var key) -> of(command, player, key, "group.kick");
      case AcceptInvite(var player, _, var key) -> of(command, player, key, "group.accept");
      case NotifyAll(var player, _, _, _, _, var key) -> of(command, player, key, "group.notify");
      case GroupCommand.Update(var player, _, _) -> of(command, player);
      case GroupCommand.Promote(var player, _, _) -> of(command, player);
      case GroupCommand.Demote(var player, _, _) -> of(command, player);
      case GroupCommand.Approve(var player, _) -> of(command, player);
      case GroupCommand.Reject(var player, _) -> of(command, player);
      case GroupCommand.CancelRequest(var player, _) -> of(command, player);
      case GroupCommand.Invite(var player, _, _) -> of(command, player);
      case GroupCommand.DeclineInvite(var player, _) -> of(command, player);
      case GroupCommand.CancelInvite(var player, _) -> of(command, player);
      case GroupCommand.Remove(var player, _) -> of(command, player);
      case GroupCommand.Forget(var player) -> of(command, player);
      case GroupCommand.UpdateAny _,
          GroupCommand.Delete _,
          GroupCommand.ChangeRole _,
          GroupCommand.RemoveMember _ ->
          of(command, null);
    };
  }

  private static GroupTask of(GroupCommand<?> command, @Nullable PlayerId player) {
    return new GroupTask(command, player, null);
  }

  private static GroupTask of(
      GroupCommand<?> command, PlayerId player, @Nullable String key, String operation) {
    return new GroupTask(command, player, IdempotentCommand.of(player, key, operation));
  }

  /** What the command was answered before. */
  Optional<Object> repeated(IdempotentCommand.Answers answers) {
    return switch (command) {
      case Create _ -> answers.find(idempotent, Group.class).map(Object.class::cast);
      case Join _ -> answers.find(idempotent, GroupMembership.class).map(Object.class::cast);
      case AcceptInvite _ ->
          answers.find(idempotent, GroupCommand.AcceptResult.class).map(Object.class::cast);
      case NotifyAll _ -> answers.find(idempotent, Integer.class).map(Object.class::cast);
      case Leave _, Kick _ -> answers.find(idempotent, Done.class).map(Object.class::cast);
      case GroupCommand.Update _,
          GroupCommand.UpdateAny _,
          GroupCommand.Delete _,
          GroupCommand.Promote _,
          GroupCommand.Demote _,
          GroupCommand.ChangeRole _,
          GroupCommand.RemoveMember _,
          GroupCommand.Approve _,
          GroupCommand.Reject _,
          GroupCommand.CancelRequest _,
          GroupCommand.Invite _,
          GroupCommand.DeclineInvite _,
          GroupCommand.CancelInvite _,
          GroupCommand.Remove _,
          GroupCommand.Forget _ ->
          Optional.empty();
    };
  }
}
