package dev.rookery.console;

import dev.rookery.base.PlayerId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who causes a change, by which right, for the audit log.
 *
 * @param player null for the system
 * @param session the id of the sign-in or console session; empty for the system
 * @param address the network address of the client; empty for the system
 * @param permission the permission that the change needs; null for the system
 * @param reason what the admin gave as the reason, of which 500 characters are kept; empty if none
 */
public record Actor(
    Kind kind,
    @Nullable PlayerId player,
    String session,
    String address,
    String requestId,
    @Nullable Permission permission,
    String reason) {
  private static final int REASON_MAX = 500;

  public Actor {
    // PostgreSQL cannot store a null character.
    String plain = reason.replace('\0', ' ').strip();
    reason = plain.length() > REASON_MAX ? plain.substring(0, REASON_MAX) : plain;
  }

  /** What an actor is. */
  public enum Kind {
    /** An admin with the console. */
    CONSOLE,
    /** An admin with the API. */
    API,
    /** The server itself, or somebody with access to its machine. */
    SYSTEM;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
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
