package dev.rookery.extension;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The players of the server. An unknown player is refused with {@code not_found}. */
public interface Players {
  User get(long userId);

  @Nullable User find(long userId);

  /** Finds a player by username, without regard to case. */
  @Nullable User findByUsername(String username);

  /** Finds a player by their whole email address. */
  @Nullable User findByEmail(String email);

  /** Finds a player by the id of their device. */
  @Nullable User findByDevice(String deviceId);

  /**
   * Finds a player by the account with which they sign in.
   *
   * @param accountId as the provider calls it, such as a Steam id
   */
  @Nullable User findByProvider(IdentityProvider provider, String accountId);

  /** How a player can sign in. */
  SignInMethods signInMethods(long userId);

  /**
   * Creates an account with email and password, without a session and without an email to the
   * player. Invalid with the messages by field, also if the address is taken.
   *
   * @param displayName null for none
   * @param emailConfirmed whether the address is known to be the player's: then accounts of
   *     providers with the same address are linked to the player when they sign in
   */
  User register(
      String email, String password, @Nullable String displayName, boolean emailConfirmed);

  /**
   * The player of a device, who is created if there is none. {@code device_auth_disabled} where
   * players cannot sign in by device.
   */
  User findOrCreateByDevice(String deviceId);

  /**
   * Sets the email address, which counts as confirmed: set only one that is known to be the
   * player's. The previous address is told by email. Sessions go on. Invalid {@code email}, {@code
   * email_taken}.
   */
  User setEmail(long userId, String email);

  /** Sets the password, and ends all sessions of the player. Invalid {@code password}. */
  void setPassword(long userId, String password);

  /** Changes the username. Invalid if it is taken. */
  String setUsername(long userId, String username);

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

  /** How many players the filter selects. Reads all players: for reports, not for each request. */
  long count(PlayerFilter filter);

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

  /** Unlinks the account at a provider. {@code last_provider} if no other is linked. */
  void unlinkProvider(long userId, IdentityProvider provider);

  /**
   * Sends the player as they are now to their own sockets, and to those of their lobby and party,
   * as after a change. Runs the hooks of a change.
   */
  void broadcastUpdate(long userId);

  /** Deletes the account with all its data, as the player can. */
  void delete(long userId);
}
