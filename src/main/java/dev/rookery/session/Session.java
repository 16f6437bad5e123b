package dev.rookery.session;

import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;
import dev.rookery.console.AccessKey;
import dev.rookery.console.AuditEntry;
import dev.rookery.console.Permission;
import dev.rookery.console.RoleTemplate;
import org.jspecify.annotations.Nullable;

/**
 * An authenticated session: a sign-in that was valid when last checked, or an access key of an
 * admin, which the API of admins alone accepts.
 *
 * @param role the role of the player on the server, or what of it the key may use; null if none
 * @param key null for a sign-in
 */
public record Session(
    SessionId id, PlayerId player, @Nullable RoleTemplate role, AccessKey.@Nullable Rights key) {
  /** A sign-in. */
  public Session(SessionId id, PlayerId player, @Nullable RoleTemplate role) {
    this(id, player, role, null);
  }

  /**
   * A session of a player who is an admin, or has no role.
   *
   * @param admin whether the role is {@link RoleTemplate#ADMIN}
   */
  public Session(SessionId id, PlayerId player, boolean admin) {
    this(id, player, admin ? RoleTemplate.ADMIN : null, null);
  }

  /** The use of an access key. */
  public static Session of(AccessKey.Rights key) {
    return new Session(new SessionId(AuditEntry.KEY + key.id()), key.maker(), key.role(), key);
  }

  /** Whether the player is an owner or an admin. */
  public boolean admin() {
    return role != null && role.isAdmin();
  }

  public boolean may(Permission permission) {
    return role != null && role.may(permission);
  }
}
