package dev.rookery.console;

import dev.rookery.base.PlayerId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An access key: a secret by which a program uses the API of admins with a part of the permissions
 * of the admin who made it.
 *
 * @param id which is no secret
 * @param permissions that it was given; what its maker lost since then has no effect
 * @param networks the ranges of addresses that it is valid from; empty for any
 * @param dangerous whether it may do what people need their second factor for
 * @param oldUntilMs how long the secret before the last rotation is valid; null if it is not
 * @param usedMs when it was used last, as far as it is written yet; 0 for never
 * @param callsToday since midnight UTC
 * @param callsOfMonth in the last 30 days
 */
public record AccessKey(
    String id,
    PlayerId maker,
    String makerName,
    String name,
    Set<Permission> permissions,
    List<String> networks,
    boolean dangerous,
    long createdMs,
    long expiresMs,
    @Nullable Long oldUntilMs,
    long usedMs,
    String usedAddress,
    long callsToday,
    long callsOfMonth) {

  /**
   * A key that a request has, and what it may do now.
   *
   * @param role the permissions of the key that its maker has now
   */
  public record Rights(
      String id, PlayerId maker, RoleTemplate role, List<String> networks, boolean dangerous) {}

  /**
   * A key with its secret, which is shown this one time.
   *
   * @param secret for the authorization header
   */
  public record Created(AccessKey key, String secret) {
    @Override
    public String toString() {
      return "Created[" + key.id + "]";
    }
  }

  /** How often a key was used on a day. */
  public record Day(long day, long calls) {}

  /** Uses of a key on a node that are not written yet. */
  record Uses(String id, long day, long calls, long usedMs, String address) {}
}
