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
 * What opens an account: devices, e-mail addresses, password hashes. For the domain that signs
 * players in, inside its own transaction; nobody else has a use for a hash.
 *
 * <p>The first player ever created, on whichever node and by whichever way in, is the admin.
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
   * To be called before a transaction that may create players. Looks whether there ever was a first
   * one, until there was; creating costs nothing extra from then on.
   */
  public void prepareToCreate(Reader database) {
    if (!firstPlayerExists) {
      firstPlayerExists = store.hasFirstPlayer(database);
    }
  }

  /**
   * The players that these devices open, by device, each seen now; unknown devices get a new
   * player. Two statements at most, whatever the number: at most {@link
   * dev.rookery.store.Placeholders#MANY_MAX} devices at once.
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

  /** Whether there ever was a player. */
  public boolean hasFirstPlayer(Reader database) {
    prepareToCreate(database);
    return firstPlayerExists;
  }

  /** Empty if the address or the device belongs to somebody: see {@link #findTaken}. */
  public Optional<Identity> create(Transaction tx, NewPlayer player) {
    return store.create(tx, player).map(created -> promoteIfFirst(tx, created));
  }

  /** Which of the two already belong to a player. */
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
   * The player seen now, who has read what was sent to his address; empty if gone, or if the
   * address is his no more.
   */
  public Optional<Identity> confirmEmail(Transaction tx, PlayerId player, String email) {
    return store.confirmEmail(tx, player, email);
  }

  /**
   * Gives a player an address at which he has read something, and tells his own stream. Answers the
   * one before, empty for none; nothing, if he is gone. Fails as a duplicate if somebody else has
   * it, and the transaction with it.
   */
  public Optional<String> changeEmail(Transaction tx, PlayerId player, String email) {
    var before = players.store().lock(tx, player).map(Player::email);
    if (before.isPresent() && store.setEmail(tx, player, email)) {
      players.appendChange(tx, players.find(tx, player));
    }
    return before;
  }

  public Optional<Identity> find(Reader reader, PlayerId player) {
    return store.find(reader, player);
  }

  /** Who of these exists, at most {@link dev.rookery.store.Placeholders#MANY_MAX}. */
  public Map<PlayerId, Identity> findAll(Reader reader, Set<PlayerId> players) {
    return store.findAll(reader, players);
  }

  /** The player seen now; empty if gone, or if his password was changed since the hash was read. */
  public Optional<Identity> updateLastSeen(Transaction tx, PlayerId player, String passwordHash) {
    return store.updateLastSeen(tx, player, passwordHash);
  }

  /**
   * Attaches a device to a player who has none. Fails as a duplicate if somebody else has it, and
   * the transaction with it.
   */
  public void attachDevice(Transaction tx, PlayerId player, String deviceId) {
    players
        .store()
        .attachDevice(tx, player, deviceId)
        .ifPresent(attached -> players.appendChange(tx, attached));
  }

  /** Whether there was a player to set it for. */
  public boolean setPassword(Transaction tx, PlayerId player, String passwordHash) {
    return store.setPassword(tx, player, passwordHash);
  }

  /**
   * Keeps a player out, until then or for good; instead of the ban there may be. Whether there is
   * such a player.
   */
  public boolean ban(Transaction tx, PlayerId player, String reason, @Nullable Long untilMs) {
    return accounts.ban(tx, player, reason, untilMs);
  }

  /** Whether there is such a player, banned or not. */
  public boolean liftBan(Transaction tx, PlayerId player) {
    return accounts.liftBan(tx, player);
  }

  /** One who was created just now; the first of all becomes admin. */
  Identity promoteIfFirst(Transaction tx, Identity created) {
    return firstPlayerExists ? created : promoteFirst(tx, created);
  }

  // Only one transaction ever puts the mark; others wait for it to commit, and meet it.
  private Identity promoteFirst(Transaction tx, Identity player) {
    if (!store.markFirstPlayer(tx)) {
      return player;
    }
    store.makeAdmin(tx, player.player());
    return new Identity(player.player(), player.uuid(), player.displayName(), true, player.ban());
  }

  /** The hash is null for an account without a password. */
  public record StoredPassword(PlayerId player, @Nullable String passwordHash) {
    @Override
    public String toString() {
      return "StoredPassword[player=" + player + "]";
    }
  }

  public record TakenCredentials(boolean email, boolean deviceId) {}

  /**
   * The address is lower-cased, the name empty if none; all of it was checked.
   *
   * @param emailConfirmed whether the player has read something that was sent there
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
