package dev.rookery.console;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What an admin may do: a verb in an area of the server, {@code players.read}. Each route and each
 * page of the console needs exactly one. Reading and writing are always different permissions.
 */
public enum Permission {
  PLAYERS_READ,
  PLAYERS_PERSONAL,
  PLAYERS_EDIT,
  PLAYERS_BAN,

  /** Bans of more than 30 days. */
  PLAYERS_BAN_LONG,
  PLAYERS_DELETE,
  PLAYERS_EXPORT,
  PLAYERS_VIEW_AS,
  PLAYERS_NOTES,
  PLAYERS_TEST,
  SESSIONS_READ,
  SESSIONS_END,
  LOBBIES_READ,
  LOBBIES_EDIT,
  LOBBIES_CLOSE,
  MATCHES_READ,
  MATCHES_SECRET,
  MATCHES_ACT,
  MATCHES_MOVE,
  MATCHES_FORK,
  MATCHMAKING_READ,
  MATCHMAKING_EDIT,
  MATCHMAKING_SIMULATE,
  RELAY_READ,
  RELAY_CLOSE,
  SOCIAL_READ,
  SOCIAL_EDIT,
  CHAT_READ,
  CHAT_MODERATE,
  CHAT_POLICY,
  NOTIFICATIONS_READ,
  NOTIFICATIONS_SEND,
  NOTIFICATIONS_BROADCAST,
  LEADERBOARDS_READ,
  LEADERBOARDS_EDIT,
  LEADERBOARDS_RECORDS,
  ACHIEVEMENTS_READ,
  ACHIEVEMENTS_EDIT,
  ACHIEVEMENTS_GRANT,
  KV_READ,
  KV_EDIT,
  KV_SCHEMA,
  EXTENSIONS_READ,
  EXTENSIONS_DEPLOY,
  EXTENSIONS_CALL,
  EXTENSIONS_CONFIG,
  SCRIPTS_READ,
  SCRIPTS_EDIT,
  SCRIPTS_RUN,
  SCRIPTS_RUN_LIVE,
  GAMES_READ,
  GAMES_DEPLOY,
  JOBS_READ,
  JOBS_RUN,
  EXPLORER_USE,
  STREAMS_FOLLOW,
  CLUSTER_READ,
  CLUSTER_DRAIN,
  CLUSTER_MOVE,
  CLUSTER_FENCE,
  CLUSTER_DRILL,
  LOGS_READ,
  LOGS_LEVEL,
  TRACES_READ,
  SYSTEM_READ,
  SYSTEM_DUMP,
  LIMITS_READ,
  LIMITS_EDIT,
  EMAIL_READ,
  EMAIL_TEST,
  RETENTION_READ,
  RETENTION_RUN,
  BACKUPS_READ,
  BACKUPS_MAKE,
  BACKUPS_DOWNLOAD,
  BACKUPS_RESTORE,
  LOAD_RUN,
  CONFIG_READ,
  CONFIG_CHANGE,
  THEME_READ,
  THEME_EDIT,
  TRANSLATIONS_READ,
  TRANSLATIONS_EDIT,
  ADMINS_READ,
  ADMINS_EDIT,
  KEYS_READ,
  KEYS_EDIT,
  AUDIT_READ,
  AUDIT_EXPORT;

  private static final Map<String, Permission> BY_TEXT =
      Arrays.stream(values()).collect(Collectors.toMap(Permission::text, Function.identity()));

  private final String text;

  Permission() {
    String name = name().toLowerCase(Locale.ROOT);
    int verb = name.indexOf('_');
    this.text = name.substring(0, verb) + '.' + name.substring(verb + 1);
  }

  /** The permission as it is written everywhere outside of the code: {@code area.verb}. */
  public String text() {
    return text;
  }

  /** The area of the server that it is about. */
  public String area() {
    return text.substring(0, text.indexOf('.'));
  }

  /** Whether it lets its owner look without changing anything. */
  public boolean isRead() {
    return text.endsWith(".read");
  }

  /**
   * Whether the console asks for the second factor again before each use of it (step-up). It
   * destroys what cannot be restored, or changes who may do what.
   */
  public boolean needsStepUp() {
    return switch (this) {
      case PLAYERS_DELETE,
          NOTIFICATIONS_BROADCAST,
          CLUSTER_FENCE,
          CLUSTER_DRILL,
          BACKUPS_DOWNLOAD,
          BACKUPS_RESTORE,
          LOAD_RUN,
          ADMINS_EDIT,
          KEYS_EDIT ->
          true;
      default -> false;
    };
  }

  /**
   * The permissions that it has no effect without, because it shows by another way what these are
   * for.
   */
  Set<Permission> alsoNeeded() {
    return this == PLAYERS_VIEW_AS ? Set.of(PLAYERS_PERSONAL, CHAT_READ) : Set.of();
  }

  /** Whether the audit log shows who read something with it: what players keep from each other. */
  public boolean isConfidential() {
    return this == CHAT_READ
        || this == MATCHES_SECRET
        || this == STREAMS_FOLLOW
        || this == BACKUPS_DOWNLOAD
        || this == PLAYERS_VIEW_AS;
  }

  /** Returns the permission of {@link #text}; empty if there is none. */
  public static Optional<Permission> of(String text) {
    return Optional.ofNullable(BY_TEXT.get(text));
  }
}
