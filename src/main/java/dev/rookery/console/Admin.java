package dev.rookery.console;

import dev.rookery.base.PlayerId;

/**
 * An admin who uses the console: a player with a role and an open session of the console. Valid for
 * one request; roles and sessions may end after it.
 *
 * @param session the id of the console session, which is no secret
 * @param address the network address of the client
 * @param requestId of the request that is being served
 * @param steppedUpUntilMs until when level 3 actions need no second factor again; 0 if never
 * @param enrolling whether the second factor must be set up before anything else is permitted
 */
public record Admin(
    PlayerId player,
    RoleTemplate role,
    String session,
    String address,
    String requestId,
    long steppedUpUntilMs,
    boolean enrolling) {
  /** Whether the role includes the permission, and the session may use it. */
  public boolean may(Permission permission) {
    return !enrolling && role.may(permission);
  }

  /** Whether the second factor was given in the last minutes. */
  public boolean isSteppedUp(long nowMs) {
    return nowMs < steppedUpUntilMs;
  }
}
