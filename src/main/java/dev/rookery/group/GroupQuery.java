package dev.rookery.group;

import dev.rookery.base.GroupId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
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

  /** The members, the one who joined first first; {@code Missing} as {@link Show}. */
  record ListMembers(GroupId group, @Nullable PlayerId viewer, Page.Request page)
      implements GroupQuery<Page<GroupMember>> {}

  /** The groups that are not hidden. */
  record ListVisible(Filter filter, Page.Request page) implements GroupQuery<Page<Group>> {}

  /** All groups, for admins of the server. */
  record ListAll(Filter filter, Page.Request page) implements GroupQuery<Page<Group>> {}

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
