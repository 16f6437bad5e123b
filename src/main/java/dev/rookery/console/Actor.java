package dev.rookery.console;

import dev.rookery.base.PlayerId;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who causes a change, by which right, for the audit log.
 *
 * @param player null for the system
 * @param session the id of the sign-in or console session; empty for the system
 * @param address the network address of the client; empty for the system
 * @param permission the permission that the change needs; null for the system
 * @param limit what an access key of the admin may do at most; null where their role alone counts
 * @param reason what the admin gave as the reason, of which 500 characters are kept; empty if none
 */
public record Actor(
    Kind kind,
    @Nullable PlayerId player,
    String session,
    String address,
    String requestId,
    @Nullable Permission permission,
    @Nullable Set<Permission> limit,
    String reason) {
  private static final int REASON_MAX = 500;

  public Actor {
    // PostgreSQL cannot store a null character.
    String plain = reason.replace('\0', ' ').strip();
    reason = plain.length() > REASON_MAX ? plain.substring(0, REASON_MAX) : plain;
  }

  /** An actor whose rights are those of their role. */
  public Actor(
      Kind kind,
      @Nullable PlayerId player,
      String session,
      String address,
      String requestId,
      @Nullable Permission permission,
      String reason) {
    this(kind, player, session, address, requestId, permission, null, reason);
  }

  /** What an actor is. */
  public enum Kind {
    /** An admin with the console. */
    CONSOLE,
    /** An admin with the API. */
    API,
    /** A program with an access key of an admin. */
    KEY,
    /** The server itself, or somebody with access to its machine. */
    SYSTEM;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /** The id of the access key that acts; null if a person or the server does. */
  public @Nullable String keyId() {
    return keyId(kind.text(), session);
  }

  /**
   * @param kind as {@link Kind#text}
   */
  static @Nullable String keyId(String kind, String session) {
    return kind.equals(Kind.KEY.text()) && session.startsWith(AuditEntry.KEY)
        ? session.substring(AuditEntry.KEY.length())
        : null;
  }

  /** The server itself. */
  public static Actor system() {
    return new Actor(Kind.SYSTEM, null, "", "", "", null, "");
  }

  /** An admin of the console. */
  public static Actor of(Admin admin, Permission permission, String reason) {
    return new Actor(
        Kind.CONSOLE,
        admin.player(),
        admin.session(),
        admin.address(),
        admin.requestId(),
        permission,
        reason);
  }
}
