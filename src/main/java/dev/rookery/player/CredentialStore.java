package dev.rookery.player;

import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.player.Credentials.NewPlayer;
import dev.rookery.player.Credentials.StoredPassword;
import dev.rookery.player.Credentials.TakenCredentials;
import dev.rookery.player.DeviceDigests.Device;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Row;
import dev.rookery.store.Rows;
import dev.rookery.store.StatementTexts;
import dev.rookery.store.Transaction;
import dev.rookery.store.ValuesTable;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and writes the credential columns of players. */
final class CredentialStore {
  /** The columns that {@link #identity} reads. */
  static final String IDENTITY = " id, uuid, display_name, admin," + AccountStore.BAN_COLUMNS;

  // Locks rows in the order of the device index, not by id as other statements do. A deadlock with
  // them is so rare that a retry costs less than a join.
  private static final String UPDATE_LAST_SEEN_BY_DEVICE =
      """
      UPDATE player SET last_seen_ms = $1 WHERE %s IN (%s)
      RETURNING %s AS device,
      """
          + IDENTITY;

  // Another node may have created the device's player meanwhile; then its row is returned.
  private static final String CREATE_FOR_DEVICES =
      """
      INSERT INTO player (uuid, device_digest, device_hint, device_id,
        last_seen_ms, created_ms, updated_ms)
      SELECT column1, column2, column3, column4,
        CAST($1 AS BIGINT), CAST($1 AS BIGINT), CAST($1 AS BIGINT)
      FROM %s
      WHERE column2 IS NOT NULL
      ON CONFLICT (device_digest) WHERE device_digest IS NOT NULL
      DO UPDATE SET last_seen_ms = excluded.last_seen_ms
      RETURNING device_digest AS device,
      """
          + IDENTITY;

  private static final String CREATE =
      """
      INSERT INTO player (uuid, email, password_hash, device_digest, device_hint, device_id,
        display_name, name_key, last_seen_ms, created_ms, updated_ms, email_confirmed_ms)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $9, $10)
      ON CONFLICT DO NOTHING
      RETURNING
      """
          + IDENTITY;

  private static final String FIND_TAKEN =
      """
      SELECT 'email' AS what FROM player WHERE email = $1
      UNION ALL
      SELECT 'device' AS what FROM player WHERE device_digest = $2
      """;

  private static final String FIND_PASSWORD_BY_EMAIL =
      "SELECT id, password_hash FROM player WHERE email = $1";

  private static final String FIND_PASSWORD = "SELECT id, password_hash FROM player WHERE id = $1";

  private static final String CONFIRM_EMAIL =
      """
      UPDATE player SET last_seen_ms = $1, email_confirmed_ms = COALESCE(email_confirmed_ms, $1)
      WHERE id = $2 AND email = $3
      RETURNING
      """
          + IDENTITY;

  private static final String SET_EMAIL =
      """
      UPDATE player SET email = $1, email_confirmed_ms = $2, updated_ms = $2,
        revision = revision + 1
      WHERE id = $3
      RETURNING id
      """;

  private static final String FIND = "SELECT" + IDENTITY + "FROM player WHERE id IN (%s)";

  private static final String UPDATE_LAST_SEEN =
      """
      UPDATE player SET last_seen_ms = $1 WHERE id = $2 AND password_hash = $3
      RETURNING
      """
          + IDENTITY;

  private static final String SEE =
      """
      UPDATE player SET last_seen_ms = $1 WHERE id = $2
      RETURNING
      """
          + IDENTITY;

  private static final String SET_PASSWORD =
      """
      UPDATE player SET password_hash = $1, updated_ms = $2, revision = revision + 1
      WHERE id = $3
      RETURNING id
      """;

  private static final String REPLACE_HASH =
      "UPDATE player SET password_hash = $1 WHERE id = $2 AND password_hash = $3";

  private static final String HAS_FIRST_PLAYER = "SELECT one FROM first_player";

  private static final String MARK_FIRST_PLAYER =
      "INSERT INTO first_player (one) VALUES (1) ON CONFLICT DO NOTHING RETURNING one";

  private static final String MAKE_ADMIN = "UPDATE player SET admin = 1 WHERE id = $1";

  private final InstantSource clock;
  private final Ids ids;
  private final StatementTexts texts = new StatementTexts();

  CredentialStore(InstantSource clock, Ids ids) {
    this.clock = clock;
    this.ids = ids;
  }

  /** By digest. */
  Map<String, Identity> updateLastSeenByDigest(Transaction tx, Collection<String> digests) {
    return updateLastSeen(tx, "device_digest", digests);
  }

  /** By the device id itself, as earlier releases stored it. */
  Map<String, Identity> updateLastSeenByDeviceId(Transaction tx, Collection<String> deviceIds) {
    return updateLastSeen(tx, "device_id", deviceIds);
  }

  private Map<String, Identity> updateLastSeen(
      Transaction tx, String column, Collection<String> devices) {
    int room = Placeholders.room(devices.size());
    String sql =
        texts.of(
            column,
            room,
            size ->
                UPDATE_LAST_SEEN_BY_DEVICE.formatted(column, Placeholders.list(2, size), column));
    var values = new @Nullable Object[1 + room];
    values[0] = clock.millis();
    fill(values, devices);
    return byDevice(tx.run(sql, values));
  }

  /** Returns the players by digest. */
  Map<String, Identity> createForDevices(Transaction tx, List<Device> devices) {
    var values = new ValuesTable(4);
    devices.forEach(
        device -> values.add(ids.uuid(), device.digest(), device.hint(), device.storedId()));
    return byDevice(values.run(tx, texts, CREATE_FOR_DEVICES, clock.millis()));
  }

  Optional<Identity> create(Transaction tx, NewPlayer player, @Nullable Device device) {
    return tx.run(
            CREATE,
            ids.uuid(),
            player.email(),
            player.passwordHash(),
            device == null ? null : device.digest(),
            device == null ? null : device.hint(),
            device == null ? null : device.storedId(),
            player.displayName(),
            PlayerStore.nameKey(player.displayName()),
            clock.millis(),
            player.emailConfirmed() ? clock.millis() : null)
        .first(CredentialStore::identity);
  }

  TakenCredentials findTaken(Reader reader, @Nullable String email, @Nullable String digest) {
    var what = reader.read(FIND_TAKEN, email, digest).all(row -> row.text("what"));
    return new TakenCredentials(what.contains("email"), what.contains("device"));
  }

  Optional<StoredPassword> findPasswordByEmail(Reader reader, String email) {
    return reader.read(FIND_PASSWORD_BY_EMAIL, email).first(CredentialStore::storedPassword);
  }

  Optional<StoredPassword> findPassword(Reader reader, PlayerId player) {
    return reader.read(FIND_PASSWORD, player.value()).first(CredentialStore::storedPassword);
  }

  private static StoredPassword storedPassword(Row row) {
    return new StoredPassword(new PlayerId(row.number("id")), row.textOrNull("password_hash"));
  }

  Optional<Identity> confirmEmail(Transaction tx, PlayerId player, String email) {
    return tx.run(CONFIRM_EMAIL, clock.millis(), player.value(), email)
        .first(CredentialStore::identity);
  }

  boolean setEmail(Transaction tx, PlayerId player, String email) {
    return !tx.run(SET_EMAIL, email, clock.millis(), player.value()).isEmpty();
  }

  Optional<Identity> find(Reader reader, PlayerId player) {
    return Optional.ofNullable(findAll(reader, Set.of(player)).get(player));
  }

  Map<PlayerId, Identity> findAll(Reader reader, Set<PlayerId> players) {
    String sql =
        texts.of("find", players.size(), size -> FIND.formatted(Placeholders.list(1, size)));
    var found = new HashMap<PlayerId, Identity>();
    reader
        .read(sql, Placeholders.values(0, players, PlayerId::value))
        .all(CredentialStore::identity)
        .forEach(identity -> found.put(identity.player(), identity));
    return found;
  }

  Optional<Identity> updateLastSeen(Transaction tx, PlayerId player, String passwordHash) {
    return tx.run(UPDATE_LAST_SEEN, clock.millis(), player.value(), passwordHash)
        .first(CredentialStore::identity);
  }

  void replaceHash(Transaction tx, PlayerId player, String hash, String newHash) {
    tx.run(REPLACE_HASH, newHash, player.value(), hash);
  }

  Optional<Identity> see(Transaction tx, PlayerId player) {
    return tx.run(SEE, clock.millis(), player.value()).first(CredentialStore::identity);
  }

  boolean setPassword(Transaction tx, PlayerId player, String passwordHash) {
    return !tx.run(SET_PASSWORD, passwordHash, clock.millis(), player.value()).isEmpty();
  }

  boolean hasFirstPlayer(Reader reader) {
    return !reader.read(HAS_FIRST_PLAYER).isEmpty();
  }

  boolean markFirstPlayer(Transaction tx) {
    return !tx.run(MARK_FIRST_PLAYER).isEmpty();
  }

  void makeAdmin(Transaction tx, PlayerId player) {
    tx.run(MAKE_ADMIN, player.value());
  }

  private static void fill(@Nullable Object[] values, Collection<String> devices) {
    int place = 1;
    for (String device : devices) {
      values[place++] = device;
    }
  }

  private static Map<String, Identity> byDevice(Rows rows) {
    var found = new HashMap<String, Identity>();
    for (int i = 0; i < rows.size(); i++) {
      found.put(rows.row(i).text("device"), identity(rows.row(i)));
    }
    return found;
  }

  static Identity identity(Row row) {
    return new Identity(
        new PlayerId(row.number("id")),
        row.text("uuid"),
        row.text("display_name"),
        row.flag("admin"),
        AccountStore.ban(row));
  }
}
