package dev.rookery.group;

import dev.rookery.base.GroupId;
import dev.rookery.base.GroupInviteId;
import dev.rookery.base.GroupMembershipId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Queries, which change no group. */
public sealed interface GroupQuery<R> extends Command<R> {
  String ADDRESS = "group/query";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * {@code Missing("not_found")}, also for a hidden group of which the viewer is no member.
   *
   * @param viewer null if anonymous
   */
  record Show(GroupId group, @Nullable PlayerId viewer) implements GroupQuery<Group> {}

  /** As {@link Show}, hidden or not, for the server itself. */
  record Find(GroupId group) implements GroupQuery<Group> {}

  /** What a player is to a group; {@code Missing("not_member")} if nothing. */
  record FindMembership(GroupId group, PlayerId player) implements GroupQuery<GroupMembership> {}

  /** A request or membership by its id; {@code Missing("not_found")}. */
  record FindRequest(GroupMembershipId request) implements GroupQuery<GroupMembership> {}

  /** An invite that can be answered; {@code Missing("not_found")}. */
  record FindInvite(GroupInviteId invite) implements GroupQuery<GroupInvite> {}

  /** As {@link ListMembers}, hidden or not, for the server itself. */
  record ListMembersOfAny(GroupId group, Page.Request page)
      implements GroupQuery<Page<GroupMember>> {}

  /** The members, the one who joined first first; {@code Missing} as {@link Show}. */
  record ListMembers(GroupId group, @Nullable PlayerId viewer, Page.Request page)
      implements GroupQuery<Page<GroupMember>> {}

  /** The groups that are not hidden. */
  record ListVisible(Filter filter, Page.Request page) implements GroupQuery<Page<Group>> {}

  /** All groups, for admins of the server. */
  record ListAll(Filter filter, Page.Request page) implements GroupQuery<Page<Group>> {}

  /**
   * A part of the list of {@link ListAll}, in its order, for those who read it to its end.
   *
   * @param after the last group of the part before, as it was there; null for the first part
   */
  record ListAfter(Filter filter, @Nullable Group after, int max)
      implements GroupQuery<List<Group>> {}

  /** The groups of which a player is a member, by title. */
  record ListOfPlayer(PlayerId player, Page.Request page) implements GroupQuery<Page<Group>> {}

  /** The requests that wait for an admin, oldest first; {@code Denied("not_admin")}. */
  record ListRequests(PlayerId player, GroupId group, Page.Request page)
      implements GroupQuery<Page<GroupMember>> {}

  /** The pending invites to a player, newest first. */
  record ListReceived(PlayerId player, Page.Request page)
      implements GroupQuery<Page<GroupInvite>> {}

  /** The pending invites by a player, newest first. */
  record ListSent(PlayerId player, Page.Request page) implements GroupQuery<Page<GroupInvite>> {}

  /** How many groups that a player has created are open. */
  record CountCreatedBy(PlayerId player) implements GroupQuery<Long> {}

  /** How many memberships there are in all groups; reads all of them. */
  record CountMembers() implements GroupQuery<Long> {}

  /** Whether there is a group of which both players are members. */
  record ShareGroup(PlayerId one, PlayerId other) implements GroupQuery<Boolean> {}

  /** For a member who follows the group; {@code Missing("not_found")} for all others. */
  record Watch(GroupId group, PlayerId player) implements GroupQuery<GroupSnapshot> {}

  /** A null does not filter. Bounds are inclusive. */
  record Filter(
      @Nullable String titlePrefix,
      @Nullable GroupType type,
      @Nullable Integer membersMaxAtLeast,
      @Nullable Integer membersMaxAtMost,
      @Nullable String metadataKey,
      @Nullable String metadataValue,
      Order order) {
    /** Whether the type is all that it selects by, if anything. */
    boolean selectsByType() {
      boolean titles = titlePrefix != null && !titlePrefix.isBlank();
      boolean metadata = metadataKey != null && !metadataKey.isEmpty();
      return !titles && !metadata && membersMaxAtLeast == null && membersMaxAtMost == null;
    }
  }

  /** The orders of lists of groups. */
  enum Order {
    NEWEST,
    OLDEST,
    UPDATED_LAST,
    UPDATED_FIRST,
    TITLE,
    TITLE_DESCENDING,
    LARGEST,
    SMALLEST
  }
}
