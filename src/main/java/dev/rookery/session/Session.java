package dev.rookery.session;

import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;
import dev.rookery.console.Permission;
import dev.rookery.console.RoleTemplate;
import org.jspecify.annotations.Nullable;

/**
 * An authenticated session: a sign-in that was valid when last checked.
 *
 * @param role the role of the player on the server; null if none
 */
public record Session(SessionId id, PlayerId player, @Nullable RoleTemplate role) {
  /**
   * A session of a player who is an admin, or has no role.
   *
   * @param admin whether the role is {@link RoleTemplate#ADMIN}
   */
  public Session(SessionId id, PlayerId player, boolean admin) {
    this(id, player, admin ? RoleTemplate.ADMIN : null);
  }

  /** Whether the player is an owner or an admin. */
  public boolean admin() {
    return role != null && role.isAdmin();
  }

  public boolean may(Permission permission) {
    return role != null && role.may(permission);
  }
}
