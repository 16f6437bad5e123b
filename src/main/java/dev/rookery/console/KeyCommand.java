package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Commands on access keys. */
public sealed interface KeyCommand<R> extends Command<R> {
  String ADDRESS = "console/keys";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Creates a key for an admin. {@code Invalid}: {@code name}, {@code permissions}, {@code
   * networks}, {@code expires}; {@code Denied("permission_not_yours")} for a permission that the
   * admin lacks, {@code Conflict("too_many_keys")} beyond 20 of an admin.
   *
   * @param networks CIDR ranges, at most 20; empty for any address
   * @param dangerous whether it may do what people need their second factor for
   * @param expiresMs at most a year from now
   */
  record Create(
      PlayerId by,
      String name,
      Set<Permission> permissions,
      List<String> networks,
      boolean dangerous,
      long expiresMs)
      implements KeyCommand<AccessKey.Created> {}

  /**
   * Gives a key of the admin's own a new secret and a new end. {@code Missing("not_found")}, {@code
   * Denied("not_your_key")}, {@code Invalid}: {@code expires}, {@code overlap}.
   *
   * @param overlapMs how long the secret that it has now is valid beside the new one, at most a
   *     week
   */
  record Rotate(PlayerId by, String key, long overlapMs, long expiresMs)
      implements KeyCommand<AccessKey.Created> {}

  /**
   * Ends a key: no node accepts it a second later. {@code Missing("not_found")}, {@code
   * Denied("role_not_grantable")} for the key of an admin with permissions that one lacks.
   */
  record Revoke(String key) implements KeyCommand<Done> {}

  /** All keys that have not ended, by their makers; at most 1,000. */
  record ListKeys() implements KeyCommand<List<AccessKey>> {}

  /** The key with that id. {@code Missing("not_found")}. */
  record FindKey(String key) implements KeyCommand<AccessKey> {}

  /** How often a key was used, by day, the latest first; at most 90 days with a use. */
  record ListDays(String key) implements KeyCommand<List<AccessKey.Day>> {}

  /**
   * The valid key whose secret has this digest, with what is left of its permissions. Empty, too,
   * if its maker has no role any more or is banned.
   */
  record FindRights(String digest) implements KeyCommand<Optional<AccessKey.Rights>> {
    @Override
    public boolean isFromStranger() {
      return true;
    }

    @Override
    public String toString() {
      return "FindRights";
    }
  }
}
