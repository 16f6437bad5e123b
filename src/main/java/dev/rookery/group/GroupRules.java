package dev.rookery.group;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.Limits;
import dev.rookery.base.Refused;
import dev.rookery.group.GroupCommand.Settings;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules of groups (Gamend HTTP contract, sections 11.1 to 11.9). Plain values in, silence or a
 * refusal out; the order of the checks is part of the contract with clients.
 */
final class GroupRules {
  private static final int SLOWDOWN_SECONDS_MAX = 3_600;
  private static final int MEMBERS_MAX_DEFAULT = 100;
  private static final String TITLE = "title";
  private static final String TYPE = "type";

  private final Limits limits;

  GroupRules(Limits limits) {
    this.limits = limits;
  }

  /**
   * What a group's settings are, or become.
   *
   * @param title null only while it is invalid
   */
  record Values(
      @Nullable String title,
      String description,
      GroupType type,
      int membersMax,
      Map<String, Object> metadata,
      int slowdownSeconds) {
    static Values of(Group group) {
      return new Values(
          group.title(),
          group.description(),
          group.type(),
          group.membersMax(),
          group.metadata(),
          group.slowdownSeconds());
    }
  }

  /** The settings of a new group. Invalid settings. */
  Values create(Settings settings) {
    return change(
        new Values(null, "", GroupType.PUBLIC, defaultMembersMax(), Map.of(), 0), settings);
  }

  /** Groups of a hundred, unless no group may be that large. */
  private int defaultMembersMax() {
    return Math.min(MEMBERS_MAX_DEFAULT, limits.groupMembersMax());
  }

  /** Refuses a limit that is below the number of members. */
  static void mustHoldMembers(Settings settings, int members) {
    Integer max = settings.membersMax();
    if (max != null && max >= 1 && max < members) {
      throw Refused.conflict("max_members_too_low");
    }
  }

  /** The settings after a change. Invalid settings. */
  Values change(Values before, Settings settings) {
    var errors = new FieldErrors();
    String title = settings.title() == null ? before.title() : settings.title().strip();
    if (title == null || title.isEmpty()) {
      errors.add(TITLE, "can't be blank");
    } else {
      errors.visibleLine(TITLE, title, limits.groupTitleMax());
    }
    String description = settings.description() == null ? null : settings.description().strip();
    boolean given = description != null && !description.isEmpty();
    errors.visibleLines("description", given ? description : null, limits.groupDescriptionMax());
    GroupType type = settings.type() == null ? before.type() : type(settings.type());
    if (type == null) {
      errors.add(TYPE, "is invalid");
      type = before.type();
    }
    errors
        .number("max_members", settings.membersMax(), 1, limits.groupMembersMax())
        .object("metadata", settings.metadata(), limits.metadataBytesMax())
        .number("slowdown", settings.slowdownSeconds(), 0, SLOWDOWN_SECONDS_MAX);
    errors.refuse();
    return new Values(
        title,
        description == null ? before.description() : description,
        type,
        settings.membersMax() == null ? before.membersMax() : settings.membersMax(),
        settings.metadata() == null ? before.metadata() : settings.metadata(),
        settings.slowdownSeconds() == null ? before.slowdownSeconds() : settings.slowdownSeconds());
  }

  /** Null if there is no type of that name. */
  static @Nullable GroupType type(String name) {
    return switch (name) {
      case "public" -> GroupType.PUBLIC;
      case "private" -> GroupType.PRIVATE;
      case "hidden" -> GroupType.HIDDEN;
      default -> null;
    };
  }

  static String text(GroupType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  /** Refuses a player to whom the group does not exist. */
  static void mustSee(Group group, @Nullable GroupRole role) {
    if (group.hidden() && (role == null || !role.isMember())) {
      throw Refused.missing("not_found");
    }
  }

  static void mustBeAdmin(@Nullable GroupRole role) {
    if (role == null || !role.isAdmin()) {
      throw Refused.denied("not_admin");
    }
  }

  static void mustBeMember(@Nullable GroupRole role) {
    if (role == null || !role.isMember()) {
      throw Refused.missing("not_member");
    }
  }

  static void mustNotBeBanned(@Nullable GroupRole role) {
    if (role == GroupRole.BANNED) {
      throw Refused.denied("banned");
    }
  }

  static void mustHaveRoom(Group group) {
    if (group.members() >= group.membersMax()) {
      throw Refused.denied("full");
    }
  }

  /** Refuses a player who is a member of as many groups as one may join. */
  void mustHaveRoom(long groupsOfPlayer) {
    if (groupsOfPlayer >= limits.groupsMax()) {
      throw Refused.denied("too_many_groups");
    }
  }

  /** Refuses a player who is an admin of as many groups as one may create. */
  void mayCreate(long groupsOfAdmin) {
    if (groupsOfAdmin >= limits.groupsAdminMax()) {
      throw Refused.conflict("too_many_groups_created");
    }
  }

  /** Refuses to invite a player who holds as many invites as one may. */
  void mayBeInvited(long pending) {
    if (pending >= limits.groupInvitesMax()) {
      throw Refused.denied("too_many_pending_invites");
    }
  }

  /** Refuses a request that was answered, or is none. */
  static void mustBePending(GroupMembership request) {
    if (request.role() != GroupRole.REQUESTED) {
      throw Refused.denied("not_pending");
    }
  }

  /** Whether a notification to all members can be stored. */
  boolean canNotify(String title, String content, Map<String, Object> metadata) {
    return !title.isBlank()
        && new FieldErrors()
            .visibleLine(TITLE, title, limits.notificationTitleMax())
            .visibleLines(
                "content", content.isEmpty() ? null : content, limits.notificationContentMax())
            .object("metadata", metadata, limits.metadataBytesMax())
            .isEmpty();
  }
}
