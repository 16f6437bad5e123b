package dev.rookery.console;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A role that a player can have on the server, with its permissions. A player has at most one. */
public enum RoleTemplate {
  /** Everything, and the rights of other owners. There is always at least one, once there was. */
  OWNER,

  /** Everything but what is about owners, and restoring backups. */
  ADMIN,

  /** Keeps order among players: bans, moderates chat and ends sessions. */
  MODERATOR,

  /** Reads everything but personal data and chat, and exports lists. */
  ANALYST,

  /** Reads everything but personal data and chat. */
  VIEWER;

  private static final Set<Permission> MODERATES =
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
          Permission.NOTIFICATIONS_SEND);

  /** What reading everything does not include. */
  private static final Set<Permission> CONFIDENTIAL = EnumSet.of(Permission.CHAT_READ);

  private final String text = name().toLowerCase(Locale.ROOT);

  /** The name as it is stored and shown. */
  public String text() {
    return text;
  }

  /** All permissions of the role; unmodifiable. */
  public Set<Permission> permissions() {
    return Sets.OF.get(ordinal());
  }

  public boolean may(Permission permission) {
    return permissions().contains(permission);
  }

  /** Whether the API says {@code is_admin} of a player with this role. */
  public boolean isAdmin() {
    return this == OWNER || this == ADMIN;
  }

  /**
   * Whether somebody with this role may give another player that role, or take it: nobody grants
   * what they lack.
   */
  public boolean mayGrant(RoleTemplate other) {
    return may(Permission.ADMINS_EDIT) && permissions().containsAll(other.permissions());
  }

  /** Returns the role of {@link #text}; empty if there is none. */
  public static Optional<RoleTemplate> of(@Nullable String text) {
    return Arrays.stream(values()).filter(role -> role.text.equals(text)).findFirst();
  }

  private Set<Permission> create() {
    return switch (this) {
      case OWNER -> EnumSet.allOf(Permission.class);
      case ADMIN -> EnumSet.complementOf(EnumSet.of(Permission.BACKUPS_RESTORE));
      case MODERATOR -> MODERATES;
      case ANALYST -> {
        Set<Permission> permissions = reading();
        permissions.add(Permission.PLAYERS_EXPORT);
        permissions.add(Permission.AUDIT_EXPORT);
        yield permissions;
      }
      case VIEWER -> reading();
    };
  }

  private static Set<Permission> reading() {
    Set<Permission> permissions = EnumSet.noneOf(Permission.class);
    Arrays.stream(Permission.values())
        .filter(permission -> permission.isRead() && !CONFIDENTIAL.contains(permission))
        .forEach(permissions::add);
    return permissions;
  }

  /** Apart, because an enum's constructor cannot use constants of its own type. */
  private static final class Sets {
    private static final List<Set<Permission>> OF =
        Arrays.stream(values()).map(role -> Collections.unmodifiableSet(role.create())).toList();
  }
}
