package dev.rookery.player;

import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Device ids, email addresses, password hashes and bans of players, for the auth domain inside its
 * own transactions. Password hashes are available nowhere else.
 *
 * <p>The first player ever created, on any node and by any sign-in method, becomes admin.
 */
public final class Credentials {
  private final CredentialStore store;
  private final Players players;
  private final AccountStore accounts;
  private volatile boolean firstPlayerExists;

  public Credentials(InstantSource clock, Ids ids) {
    this.store = new CredentialStore(clock, ids);
    this.players = new Players(clock);
    this.accounts = new AccountStore(clock);
  }

  /**
   * Must be called before a transaction that may create players. Checks whether the first player
   * exists until it does; from then on the call is free.
   */
  public void prepareToCreate(Reader database) {
    if (!firstPlayerExists) {
      firstPlayerExists = store.hasFirstPlayer(database);
    }
  }

  /**
   * Returns the players of at most {@link dev.rookery.store.Placeholders#MANY_MAX} devices by
   * device id, and updates when they were last seen. Unknown devices get a new player. Runs at most
   * two statements.
   */
  public Map<String, Identity> findOrCreateByDevice(Transaction tx, Set<String> devices) {
    var found = new HashMap<>(store.updateLastSeenByDevice(tx, devices));
    List<String> unknown =
        devices.stream().filter(device -> !found.containsKey(device)).sorted().toList();
    if (!unknown.isEmpty()) {
      found.putAll(store.createForDevices(tx, unknown));
      if (!firstPlayerExists) {
        String first = unknown.getFirst();
        found.computeIfPresent(first, (_, player) -> promoteFirst(tx, player));
      }
    }
    return found;
  }

  /** Returns whether any player was ever created. */
  public boolean hasFirstPlayer(Reader database) {
    prepareToCreate(database);
    return firstPlayerExists;
  }

  /** Creates a player; empty if the email or the device is taken, see {@link #findTaken}. */
  public Optional<Identity> create(Transaction tx, NewPlayer player) {
    return store.create(tx, player).map(created -> promoteIfFirst(tx, created));
  }

  /** Returns which of the two already belong to a player. */
  public TakenCredentials findTaken(
      Reader reader, @Nullable String email, @Nullable String deviceId) {
    return store.findTaken(reader, email, deviceId);
  }

  public Optional<StoredPassword> findPasswordByEmail(Reader reader, String email) {
    return store.findPasswordByEmail(reader, email);
  }

  public Optional<StoredPassword> findPassword(Reader reader, PlayerId player) {
    return store.findPassword(reader, player);
  }

  /**
   * Marks the email of the player as confirmed and updates when they were last seen. Empty if the
   * player is gone or has another email.
   */
  public Optional<Identity> confirmEmail(Transaction tx, PlayerId player, String email) {
    return store.confirmEmail(tx, player, email);
  }

  /**
   * Sets a confirmed email and appends the change to the player's stream. Returns the previous
   * email, an empty string for none; an empty optional if the player is gone. Fails with a
   * duplicate-key error, and with it the transaction, if another player has the email.
   */
  public Optional<String> changeEmail(Transaction tx, PlayerId player, String email) {
    var previousEmail = players.store().lock(tx, player).map(Player::email);
    if (previousEmail.isPresent() && store.setEmail(tx, player, email)) {
      players.appendChange(tx, players.find(tx, player));
    }
    return previousEmail;
  }

  public Optional<Identity> find(Reader reader, PlayerId player) {
    return store.find(reader, player);
  }

  /** Returns those of at most {@link dev.rookery.store.Placeholders#MANY_MAX} players who exist. */
  public Map<PlayerId, Identity> findAll(Reader reader, Set<PlayerId> players) {
    return store.findAll(reader, players);
  }

  /**
   * Updates when the player was last seen; empty if the player is gone or the password was changed
   * since the hash was read.
   */
  public Optional<Identity> updateLastSeen(Transaction tx, PlayerId player, String passwordHash) {
    return store.updateLastSeen(tx, player, passwordHash);
  }

  /**
   * Links a device to a player who has none. Fails with a duplicate-key error, and with it the
   * transaction, if another player has the device.
   */
  public void attachDevice(Transaction tx, PlayerId player, String deviceId) {
    players
        .store()
        .attachDevice(tx, player, deviceId)
        .ifPresent(attached -> players.appendChange(tx, attached));
  }

  /**
   * Replaces the hash of a password by another hash of the same password, unless the password was
   * changed meanwhile. No session ends and no event is appended.
   */
  public void replaceHash(Transaction tx, PlayerId player, String hash, String newHash) {
    store.replaceHash(tx, player, hash, newHash);
  }

  /** Sets the password hash. Returns false if there is no such player. */
  public boolean setPassword(Transaction tx, PlayerId player, String passwordHash) {
    return store.setPassword(tx, player, passwordHash);
  }

  /**
   * Bans a player, replacing an earlier ban. Returns false if there is no such player.
   *
   * @param untilMs when the ban expires; null for never
   */
  public boolean ban(Transaction tx, PlayerId player, String reason, @Nullable Long untilMs) {
    return accounts.ban(tx, player, reason, untilMs);
  }

  /** Lifts the ban of a player, if any. Returns false if there is no such player. */
  public boolean liftBan(Transaction tx, PlayerId player) {
    return accounts.liftBan(tx, player);
  }

  /** Makes a new player admin if they are the first of all. */
  Identity promoteIfFirst(Transaction tx, Identity created) {
    return firstPlayerExists ? created : promoteFirst(tx, created);
  }

  // Only one transaction ever inserts the mark; concurrent ones wait for it and then find it.
  private Identity promoteFirst(Transaction tx, Identity player) {
    if (!store.markFirstPlayer(tx)) {
      return player;
    }
    store.makeAdmin(tx, player.player());
    return new Identity(player.player(), player.uuid(), player.displayName(), true, player.ban());
  }

  /** A player and their password hash; null if they have no password. */
  public record StoredPassword(PlayerId player, @Nullable String passwordHash) {
    @Override
    public String toString() {
      return "StoredPassword[player=" + player + "]";
    }
  }

  /** Which of two credentials belong to a player already. */
  public record TakenCredentials(boolean email, boolean deviceId) {}

  /**
   * The validated fields of a player to create. The email is lower-case, the name empty if none.
   *
   * @param emailConfirmed whether the player has proved that the email is theirs
   */
  public record NewPlayer(
      @Nullable String email,
      @Nullable String passwordHash,
      @Nullable String deviceId,
      String displayName,
      boolean emailConfirmed) {
    @Override
    public String toString() {
      return "NewPlayer";
    }
  }
}
