package dev.rookery.group;

import dev.rookery.base.Event;
import dev.rookery.base.GroupId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens to groups, on the stream of the group; what one player is told is on the stream of
 * that player. Events about the public list go to the {@code groups} feed too, those of a hidden
 * group never.
 */
public sealed interface GroupEvent extends Event {
  GroupId group();

  /** What happens to a group as a whole. */
  sealed interface OfGroup extends GroupEvent {
    Group state();

    @Override
    default GroupId group() {
      return state().id();
    }
  }

  /** What happens to one player in a group. */
  sealed interface OfPlayer extends GroupEvent {
    PlayerId player();
  }

  record Created(Group state) implements OfGroup {
    @Override
    public List<String> feeds() {
      return state.hidden() ? List.of() : List.of(Topic.GROUPS);
    }
  }

  /**
   * Settings were saved.
   *
   * @param wasHidden whether the group was hidden before
   */
  record Updated(Group state, boolean wasHidden) implements OfGroup {
    @Override
    public List<String> feeds() {
      return state.hidden() && wasHidden ? List.of() : List.of(Topic.GROUPS);
    }
  }

  /** The last member left, or an admin of the server deleted the group. */
  record Closed(Group state) implements OfGroup {
    @Override
    public List<String> feeds() {
      return state.hidden() ? List.of() : List.of(Topic.GROUPS);
    }
  }

  record Joined(GroupId group, PlayerId player, String displayName) implements OfPlayer {}

  record Left(GroupId group, PlayerId player, String displayName) implements OfPlayer {}

  /**
   * An admin of the group removed a member.
   *
   * @param by null in events of nodes of an earlier release
   */
  record Kicked(GroupId group, PlayerId player, String displayName, @Nullable PlayerId by)
      implements OfPlayer {}

  record Promoted(GroupId group, PlayerId player, String displayName) implements OfPlayer {}

  record Demoted(GroupId group, PlayerId player, String displayName) implements OfPlayer {}

  /** On the streams of the group and of the player. */
  record RequestApproved(GroupId group, PlayerId player, String displayName) implements OfPlayer {}

  /** On the streams of the group and of the player. */
  record RequestRejected(GroupId group, PlayerId player, String displayName) implements OfPlayer {}

  /** A player who was invited has joined; on the stream of the inviter, who is {@code player}. */
  record InviteAccepted(GroupId group, PlayerId player, PlayerId by) implements OfPlayer {}

  /** A group with pending invites was deleted; on the streams of their senders and recipients. */
  record InviteCancelled(GroupId group, PlayerId player, String title) implements OfPlayer {}
}
