package dev.rookery.extension;

/**
 * What a player is to a group.
 *
 * @param id also names the request of a player who asked to join
 * @param role {@code owner}, {@code admin}, {@code member}, {@code requested}, {@code banned} or
 *     {@code declined}
 */
public record GroupMembership(long id, long groupId, long userId, String role) {
  public boolean isMember() {
    return isAdmin() || role.equals("member");
  }

  /** Whether an owner or an admin. */
  public boolean isAdmin() {
    return role.equals("owner") || role.equals("admin");
  }
}
