package dev.rookery.console;

import dev.rookery.base.PlayerId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An invitation to a role, by a link that works once.
 *
 * @param id which is no secret
 * @param email where the link was sent; empty where it was copied
 * @param by the admin who invites
 * @param untilMs when the role ends by itself; null for never
 */
public record Invite(
    String id,
    String role,
    String email,
    PlayerId by,
    String byName,
    long createdMs,
    long expiresMs,
    @Nullable Long untilMs) {
  /** How long a link works. */
  public static final Duration VALID_FOR = Duration.ofHours(24);

  /**
   * An invitation with its link, which is shown this one time.
   *
   * @param path of the link on this server
   */
  public record Created(Invite invite, String token, String path) {
    @Override
    public String toString() {
      return "Created[" + invite.id + "]";
    }
  }
}
