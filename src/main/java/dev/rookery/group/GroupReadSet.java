package dev.rookery.group;

import dev.rookery.base.GroupId;
import dev.rookery.base.GroupInviteId;
import dev.rookery.base.GroupMembershipId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.group.GroupStore.Stored;
import dev.rookery.player.PlayerSummary;
import dev.rookery.player.Players;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Transaction;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link GroupBatch} reads for its commands. The rows of the groups and players that they
 * are about are locked before the first of them is carried out; memberships, requests and invites
 * are read when a command needs them, as the commands before have left them.
 */
final class GroupReadSet {
  private static final Comparator<GroupId> BY_ID = Comparator.comparingLong(GroupId::value);

  private final Transaction tx;
  private final GroupDependencies dependencies;

  private final Map<GroupId, Stored> groups = new HashMap<>();
  private final Map<PlayerId, PlayerSummary> players = new HashMap<>();

  /** What a command is about. */
  record Scope(@Nullable GroupId group, List<PlayerId> players) {
    Scope(@Nullable GroupId group, PlayerId... players) {
      this(group, List.of(players));
    }
  }

  GroupReadSet(Transaction tx, GroupDependencies dependencies) {
    this.tx = tx;
    this.dependencies = dependencies;
  }

  /** What a command is about. A request or an invite that is gone is refused. */
  Scope scope(GroupCommand<?> command) {
    return switch (command) {
      case GroupCommand.Create(var player, _, _) -> new Scope(null, player);
      case GroupCommand.Update(var player, var group, _) -> new Scope(group, player);
      case GroupCommand.UpdateAny(var group, _, _) -> new Scope(group);
      case GroupCommand.Delete(var group) -> new Scope(group);
      case GroupCommand.Join(var player, var group, _) -> new Scope(group, player);
      case GroupCommand.Leave(var player, var group, _) -> new Scope(group, player);
      case GroupCommand.Kick(var player, var group, var target, _) ->
          new Scope(group, player, target);
      case GroupCommand.Promote(var player, var group, var target) ->
          new Scope(group, player, target);
      case GroupCommand.Demote(var player, var group, var target) ->
          new Scope(group, player, target);
      case GroupCommand.ChangeRole(var group, var target, _) -> new Scope(group, target);
      case GroupCommand.RemoveMember(var group, var target) -> new Scope(group, target);
      case GroupCommand.Invite(var player, var group, var target) ->
          new Scope(group, player, target);
      case GroupCommand.NotifyAll(var player, var group, _, _, _, _) -> new Scope(group, player);
      case GroupCommand.Remove(var player, var group) -> new Scope(group, player);
      case GroupCommand.Approve(var player, var request) -> scope(player, request);
      case GroupCommand.Reject(var player, var request) -> scope(player, request);
      case GroupCommand.CancelRequest(var player, var request) -> scope(player, request);
      case GroupCommand.AcceptInvite(var player, var invite, _) -> scope(player, invite);
      case GroupCommand.DeclineInvite(var player, var invite) -> scope(player, invite);
      case GroupCommand.CancelInvite(var player, var invite) -> scope(player, invite);
      case GroupCommand.Forget _ -> throw new IllegalArgumentException("made of others");
    };
  }

  private Scope scope(PlayerId player, GroupMembershipId request) {
    GroupMembership found = find(request);
    return new Scope(found.group(), player, found.player());
  }

  private Scope scope(PlayerId player, GroupInviteId invite) {
    GroupInvite found = find(invite);
    return new Scope(found.group(), player, found.recipient());
  }

  /** {@code Missing("not_found")}. */
  GroupMembership find(GroupMembershipId id) {
    return dependencies.memberships().find(tx, id).orElseThrow(GroupReadSet::missing);
  }

  /** {@code Missing("not_found")}, also if the group is closed. */
  GroupInvite find(GroupInviteId id) {
    return dependencies.invites().find(tx, id).orElseThrow(GroupReadSet::missing);
  }

  /** Locks the groups and then the players of these, each by ascending id. */
  void lock(List<Scope> all) {
    List<GroupId> ids =
        all.stream()
            .flatMap(scope -> Stream.ofNullable(scope.group()))
            .distinct()
            .sorted(BY_ID)
            .toList();
    Placeholders.inParts(ids, part -> groups.putAll(dependencies.store().lock(tx, part)));
    List<PlayerId> locked =
        all.stream()
            .flatMap(scope -> scope.players().stream())
            .distinct()
            .sorted(Players.BY_ID)
            .toList();
    Placeholders.inParts(
        locked,
        part -> {
          Set<PlayerId> existing = dependencies.players().lockRows(tx, part);
          if (!existing.isEmpty()) {
            players.putAll(dependencies.players().findSummaries(tx, existing));
          }
        });
  }

  /** The open ones of those that were locked, as they were then. */
  Map<GroupId, Stored> groups() {
    return Collections.unmodifiableMap(groups);
  }

  /** What a player is to a group now; null if nothing. */
  @Nullable GroupMembership membership(GroupId group, PlayerId player) {
    return dependencies.memberships().find(tx, group, player).orElse(null);
  }

  @Nullable GroupRole role(GroupId group, PlayerId player) {
    return dependencies
        .memberships()
        .find(tx, group, player)
        .map(GroupMembership::role)
        .orElse(null);
  }

  /** {@code Missing} with that code if the player is none of those that were locked. */
  PlayerSummary existing(PlayerId player, String code) {
    PlayerSummary found = players.get(player);
    if (found == null) {
      throw Refused.missing(code);
    }
    return found;
  }

  /** The name of a player of this batch; empty if the account is deleted. */
  String name(PlayerId player) {
    PlayerSummary found = players.get(player);
    return found == null ? "" : found.displayName();
  }

  /** The name of any player. */
  String nameOf(PlayerId player) {
    PlayerSummary found = players.get(player);
    return found != null
        ? found.displayName()
        : Optional.ofNullable(dependencies.players().findSummaries(tx, List.of(player)).get(player))
            .map(PlayerSummary::displayName)
            .orElse("");
  }

  private static Refused missing() {
    return Refused.missing("not_found");
  }
}
