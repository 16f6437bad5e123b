package dev.rookery.player;

import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.console.Grants;
import dev.rookery.console.RoleTemplate;
import dev.rookery.player.DeviceDigests.Device;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Device ids, email addresses, password hashes and bans of players, for the auth domain inside its
 * own transactions. Password hashes are available nowhere else.
 *
 * <p>The first player ever created, on any node and by any sign-in method, becomes admin, unless
 * that is switched off.
 */
public final class Credentials {
  private final CredentialStore store;
  private final Players players;
  private final AccountStore accounts;
  private final DeviceStore deviceStore = new DeviceStore();
  private final DevicePlayers devicePlayers;
  private final UsernameStore usernames = new UsernameStore();
  private final ChosenTextStore languages = new ChosenTextStore("language");
  private final MarkedPlayerStore marked;
  private final @Nullable DeviceDigests digests;
  private final Grants grants;
  private final boolean firstPlayerAdmin;
  private volatile boolean firstPlayerExists;

  /** For sign-in methods that use no devices. */
  public Credentials(InstantSource clock, Ids ids) {
    this(clock, ids, null);
  }

  /**
   * @param digests null if no method that takes a device is called
   */
  public Credentials(InstantSource clock, Ids ids, @Nullable DeviceDigests digests) {
    this(clock, ids, digests, true);
  }

  /**
   * @param digests null if no method that takes a device is called
   * @param firstPlayerAdmin whether the first player of all becomes an admin
   */
  public Credentials(
      InstantSource clock, Ids ids, @Nullable DeviceDigests digests, boolean firstPlayerAdmin) {
    this.digests = digests;
    this.firstPlayerAdmin = firstPlayerAdmin;
    this.grants = new Grants(clock);
    this.store = new CredentialStore(clock, ids);
    this.devicePlayers = new DevicePlayers(store, deviceStore);
    this.marked = new MarkedPlayerStore(clock, ids);
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
   * device id, and updates when they were last seen. Unknown devices get a new player. Runs one
   * statement if all are known, and at most three unless ids of earlier releases are found.
   */
  public Map<String, Identity> findOrCreateByDevice(Transaction tx, Set<String> deviceIds) {
    var devices = deviceIds.stream().map(this::device).toList();
    var found = new HashMap<String, Identity>();
    List<Device> unknown = devicePlayers.find(tx, devices, found);
    if (!unknown.isEmpty()) {
      DevicePlayers.addFound(found, unknown, store.createForDevices(tx, unknown));
      registered(tx, unknown.stream().map(device -> found.get(device.id())).toList());
      if (!firstPlayerExists) {
        String first = unknown.getFirst().id();
        found.computeIfPresent(first, (_, player) -> promoteFirst(tx, player));
      }
    }
    return found;
  }

  private Device device(String id) {
    return Objects.requireNonNull(digests, "digests").device(id);
  }

  /** Returns whether any player was ever created. */
  public boolean hasFirstPlayer(Reader database) {
    prepareToCreate(database);
    return firstPlayerExists;
  }

  /** Creates a player; empty if the email or the device is taken, see {@link #findTaken}. */
  public Optional<Identity> create(Transaction tx, NewPlayer player) {
    Device device = player.deviceId() == null ? null : device(player.deviceId());
    if (device != null && deviceStore.isOfOther(tx, device, 0)) {
      return Optional.empty();
    }
    Optional<Identity> created = store.create(tx, player, device);
    registered(tx, created.stream().toList());
    return created.map(identity -> promoteIfFirst(tx, identity));
  }

  /**
   * Returns how many players have a mark, and keeps others from creating more of them until the
   * transaction has ended.
   */
  public long lockAndCountMarked(Transaction tx, PlayerMark mark) {
    return marked.lockAndCount(tx, mark);
  }

  /**
   * Creates at most {@link dev.rookery.store.Placeholders#MANY_MAX} players with a mark, who have
   * no sign-in method. None of them becomes the first admin.
   */
  public List<Identity> createMarked(Transaction tx, PlayerMark mark, List<String> displayNames) {
    List<Identity> created = marked.create(tx, mark, displayNames);
    registered(tx, List.copyOf(created));
    return created;
  }

  /** Whether the player was created with the mark, and nobody can sign in as them. */
  public boolean isMarked(Reader reader, PlayerId player, PlayerMark mark) {
    return marked.isMarked(reader, player, mark);
  }

  /**
   * Refuses a sign-in method for a player with a mark: {@code Denied("marked_player")}. Otherwise
   * somebody real could have the account in whose name admins try things out.
   */
  public void requireUnmarked(Reader reader, PlayerId player) {
    MarkedPlayerStore.requireUnmarked(reader, player);
  }

  /**
   * Updates when the player was last seen, which locks their row; empty if there is no such player.
   */
  public Optional<Identity> see(Transaction tx, PlayerId player) {
    return store.see(tx, player);
  }

  /**
   * Creates a player who has chosen a username, which is their display name too. {@code Invalid}
   * {@code username} if it is blank, too long, or contains spaces; {@code
   * Conflict("username_taken")}. Fails as a duplicate, and with it the transaction, if another
   * player takes the username at the same time.
   */
  public Identity createWithUsername(Transaction tx, String username, String passwordHash) {
    String key = requireFreeUsername(tx, username);
    Identity created =
        create(tx, new NewPlayer(null, passwordHash, null, username, false)).orElseThrow();
    usernames.change(tx, created.player(), username, key);
    return created;
  }

  /**
   * Refuses a username as {@link #createWithUsername} does; returns the key by which it is found.
   */
  public String requireFreeUsername(Reader reader, String username) {
    String key = Usernames.keyOfNew(username);
    if (usernames.findPlayer(reader, key).isPresent()) {
      throw Refused.conflict("username_taken");
    }
    return key;
  }

  /** The password of the player with a username, which is compared without regard to case. */
  public Optional<StoredPassword> findPasswordByUsername(Reader reader, String username) {
    return Usernames.findPlayer(reader, usernames, username)
        .flatMap(player -> store.findPassword(reader, player));
  }

  /** Tells consumers, if there are any, of those that are new: another node may have been first. */
  private void registered(Transaction tx, List<@Nullable Identity> created) {
    if (tx.isConsumed(AccountEvent.Registered.class)) {
      var ids = created.stream().filter(Objects::nonNull).map(Identity::player).toList();
      players.findAll(tx, ids).values().stream()
          .filter(player -> player.createdMs() == player.lastSeenMs())
          .sorted(Comparator.comparing(Player::id, Players.BY_ID))
          .forEach(
              player ->
                  AccountEvent.append(
                      tx, AccountEvent.Registered.class, player, AccountEvent.Registered::new));
    }
  }

  /** As if {@link #create} had created it. */
  void registered(Transaction tx, Identity created) {
    registered(tx, List.of(created));
  }

  /** Returns which of the two already belong to a player. */
  public TakenCredentials findTaken(
      Reader reader, @Nullable String email, @Nullable String deviceId) {
    if (deviceId == null) {
      return store.findTaken(reader, email, null);
    }
    Device device = device(deviceId);
    var taken = store.findTaken(reader, email, device.digest());
    return new TakenCredentials(
        taken.email(), taken.deviceId() || deviceStore.isOfOther(reader, device, 0));
  }

  public Optional<StoredPassword> findPasswordByEmail(Reader reader, String email) {
    return store.findPasswordByEmail(reader, email);
  }

  /** Returns the language that the player has chosen; empty if they have not. */
  public String findLanguage(Reader reader, PlayerId player) {
    return languages.find(reader, player).orElse("");
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
   * email, an empty string for none; an empty optional if the player is gone. Refused as {@link
   * #requireUnmarked}. Fails with a duplicate-key error, and with it the transaction, if another
   * player has the email.
   */
  public Optional<String> changeEmail(Transaction tx, PlayerId player, String email) {
    requireUnmarked(tx, player);
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
    Device device = device(deviceId);
    if (!deviceStore.isOfOther(tx, device, player.value())) {
      players
          .store()
          .attachDevice(tx, player, device)
          .ifPresent(attached -> players.appendChange(tx, attached));
    }
  }

  /**
   * Replaces the hash of a password by another hash of the same password, unless the password was
   * changed meanwhile. No session ends and no event is appended.
   */
  public void replaceHash(Transaction tx, PlayerId player, String hash, String newHash) {
    store.replaceHash(tx, player, hash, newHash);
  }

  /**
   * Sets the password hash. Returns false if there is no such player. Refused as {@link
   * #requireUnmarked}.
   */
  public boolean setPassword(Transaction tx, PlayerId player, String passwordHash) {
    requireUnmarked(tx, player);
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
    if (!firstPlayerAdmin) {
      return player;
    }
    grants.set(tx, null, player.player(), RoleTemplate.ADMIN.name(), null);
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
