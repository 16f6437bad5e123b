package dev.rookery.console;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A role that a player can have on the server: a name and a set of permissions. A player has at
 * most one.
 *
 * <p>Five are built in. Their permissions are part of the release, so that a new permission reaches
 * those who should have it. Owners add others, which are rows; both kinds are the same from there
 * on.
 *
 * @param permissions all of them; unmodifiable, in the order of {@link Permission}
 */
public record RoleTemplate(String name, Set<Permission> permissions) {
  /** Everything, and the rights of other owners. There is always at least one, once there was. */
  public static final RoleTemplate OWNER =
      new RoleTemplate("owner", EnumSet.allOf(Permission.class));

  /** Everything but what is about owners, and restoring backups. */
  public static final RoleTemplate ADMIN =
      new RoleTemplate("admin", EnumSet.complementOf(EnumSet.of(Permission.BACKUPS_RESTORE)));

  /** Keeps order among players: bans, moderates chat and ends sessions. */
  public static final RoleTemplate MODERATOR =
      new RoleTemplate(
          "moderator",
          EnumSet.of(
              Permission.PLAYERS_READ,
              Permission.PLAYERS_BAN,
              Permission.PLAYERS_NOTES,
              Permission.SESSIONS_READ,
              Permission.SESSIONS_END,
              Permission.LOBBIES_READ,
              Permission.LOBBIES_CLOSE,
              Permission.MATCHES_READ,
              Permission.SOCIAL_READ,
              Permission.CHAT_READ,
              Permission.CHAT_MODERATE,
              Permission.NOTIFICATIONS_READ,
              Permission.NOTIFICATIONS_SEND));

  /** Reads everything but personal data and chat, and exports lists. */
  public static final RoleTemplate ANALYST =
      new RoleTemplate(
          "analyst", with(reading(), List.of(Permission.PLAYERS_EXPORT, Permission.AUDIT_EXPORT)));

  /** Reads everything but personal data and chat. */
  public static final RoleTemplate VIEWER = new RoleTemplate("viewer", reading());

  /** Those of the release, from the one that may do most. */
  public static final List<RoleTemplate> BUILT_IN =
      List.of(OWNER, ADMIN, MODERATOR, ANALYST, VIEWER);

  /**
   * From the one with the most rights down: owners, then by what they may change, and by what they
   * may read. The order of {@link #BUILT_IN}, with custom roles between them.
   */
  public static final Comparator<RoleTemplate> BY_RIGHTS =
      Comparator.<RoleTemplate>comparingInt(role -> role.name.equals("owner") ? 0 : 1)
          .thenComparing(role -> -role.permissions.stream().filter(one -> !one.isRead()).count())
          .thenComparing(role -> -role.permissions.size())
          .thenComparing(RoleTemplate::name);

  private static final Pattern NAMES = Pattern.compile("[a-z][a-z0-9_-]{1,39}");

  public RoleTemplate {
    var ordered = EnumSet.noneOf(Permission.class);
    ordered.addAll(permissions);
    permissions = Collections.unmodifiableSet(ordered);
  }

  /** Whether it has the permission, and those that this one has no effect without. */
  public boolean may(Permission permission) {
    return permissions.contains(permission) && permissions.containsAll(permission.alsoNeeded());
  }

  /** Returns the permission that is missing where one is needed; that one if none is. */
  public Permission missing(Permission needed) {
    return permissions.contains(needed)
        ? needed.alsoNeeded().stream()
            .sorted()
            .filter(also -> !permissions.contains(also))
            .findFirst()
            .orElse(needed)
        : needed;
  }

  /** Whether the API says {@code is_admin} of a player with this role. */
  public boolean isAdmin() {
    return name.equals(OWNER.name) || name.equals(ADMIN.name);
  }

  /** Whether it is part of the release, and cannot be changed. */
  public boolean isBuiltIn() {
    return BUILT_IN.stream().anyMatch(role -> role.name.equals(name));
  }

  /**
   * Whether somebody with this role may give another player that role, or take it: nobody grants
   * what they lack, and owners alone make owners.
   */
  public boolean mayGrant(RoleTemplate other) {
    return may(Permission.ADMINS_EDIT) && covers(other);
  }

  /** Whether it may do all that the other one may; only an owner covers an owner. */
  public boolean covers(RoleTemplate other) {
    return permissions.containsAll(other.permissions)
        && (!other.name.equals(OWNER.name) || name.equals(OWNER.name));
  }

  /** Returns the part of it that is in the limit, under another name. */
  RoleTemplate narrowedTo(String name, Set<Permission> limit) {
    var both = EnumSet.noneOf(Permission.class);
    both.addAll(permissions);
    both.retainAll(limit);
    return new RoleTemplate(name, both);
  }

  /** Whether a role may have the name. */
  public static boolean isName(String name) {
    return NAMES.matcher(name).matches();
  }

  /** Returns the role of the release with that name; empty if there is none. */
  public static Optional<RoleTemplate> builtIn(@Nullable String name) {
    return BUILT_IN.stream().filter(role -> role.name.equals(name)).findFirst();
  }

  /**
   * Returns the role that {@link Grants#roleOf} has selected: the name alone, or the name and the
   * permissions of a stored one. Empty for none.
   */
  public static Optional<RoleTemplate> selected(@Nullable String text) {
    int end = text == null ? -1 : text.indexOf(' ');
    return text == null || end < 0
        ? builtIn(text)
        : Optional.of(new RoleTemplate(text.substring(0, end), parse(text.substring(end + 1))));
  }

  /** Permissions as they are stored: separated by spaces. */
  static String format(Collection<Permission> permissions) {
    return permissions.stream().map(Permission::text).collect(Collectors.joining(" "));
  }

  /** As {@link #format} wrote it; those that this release does not know are left out. */
  static Set<Permission> parse(String permissions) {
    return Stream.of(permissions.split(" ", -1))
        .flatMap(text -> Permission.of(text).stream())
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Permission.class)));
  }

  private static Set<Permission> with(Set<Permission> permissions, List<Permission> more) {
    permissions.addAll(more);
    return permissions;
  }

  /** All that read, but what players write to each other. */
  private static Set<Permission> reading() {
    return Stream.of(Permission.values())
        .filter(permission -> permission.isRead() && permission != Permission.CHAT_READ)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Permission.class)));
  }
}
