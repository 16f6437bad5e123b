package dev.rookery.extension;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The players of the server. An unknown player is refused with {@code not_found}. */
public interface Players {
  User get(long userId);

  @Nullable User find(long userId);

  /** Finds a player by username, without regard to case. */
  @Nullable User findByUsername(String username);

  /** The username of a player; every player has one, and no two the same. */
  String username(long userId);

  /**
   * Finds players, newest first.
   *
   * @param text a prefix of the display name, an id, or a complete email address; null for all
   */
  ResultPage<User> search(@Nullable String text, int page, int pageSize);

  /** How many players there are. */
  long count();

  /**
   * Changes the display name; null clears it.
   *
   * <p>Runs the hooks of {@link BeforeHooks#userUpdate}, as {@link #setMetadata} does.
   */
  User setDisplayName(long userId, @Nullable String displayName);

  /** Replaces the metadata as a whole. */
  User setMetadata(long userId, Map<String, Object> metadata);

  /** Links a device for signing in, in place of the linked one. */
  void linkDevice(long userId, String deviceId);

  /** Unlinks the device. {@code last_authentication_method} if the player has no other. */
  void unlinkDevice(long userId);

  /** Deletes the account with all its data, as the player can. */
  void delete(long userId);
}
