package dev.rookery.console;

import dev.rookery.base.CidrBlock;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweptTable;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@link KeyCommand}, on virtual threads, and writes every {@link #WRITTEN_EVERY} how often
 * keys were used on this node. A node that is killed loses that of its last seconds; it is a
 * statistic, and the audit log has what the keys changed.
 */
public final class KeyVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(KeyVerticle.class);
  private static final Duration WRITTEN_EVERY = Duration.ofSeconds(10);
  private static final Duration SWEEP_EVERY = Duration.ofHours(1);
  private static final Duration LIFETIME_MAX = Duration.ofDays(366);

  /** Groups are read when their admin signs in, so that a key may outlive them by this much. */
  private static final Duration LIFETIME_BY_GROUPS_MAX = Duration.ofDays(30);

  private static final Duration OVERLAP_MAX = Duration.ofDays(7);
  private static final int KEYS_OF_AN_ADMIN_MAX = 20;
  private static final int NETWORKS_MAX = 20;
  private static final int NAME_MAX = 80;
  private static final int ID_BYTES = 9;
  private static final int SECRET_BYTES = 32;

  private final Bus bus;
  private final Database database;
  private final AccessKeys keys;
  private final ClusterScheduler scheduler;
  private final InstantSource clock;
  private final Ids ids;
  private final Grants grants;
  private final GrantStore grantStore = new GrantStore();
  private final OidcSignIns oidc = new OidcSignIns();
  private final KeyStore store = new KeyStore();
  private final Counter created;
  private final Counter revoked;

  public KeyVerticle(
      Bus bus,
      Database database,
      AccessKeys keys,
      ClusterScheduler scheduler,
      InstantSource clock,
      Ids ids) {
    this.bus = bus;
    this.database = database;
    this.keys = keys;
    this.scheduler = scheduler;
    this.clock = clock;
    this.ids = ids;
    this.grants = new Grants(clock);
    this.created = counter("rookery.access.keys.created", "Access keys that were created");
    this.revoked = counter("rookery.access.keys.revoked", "Access keys that were revoked");
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(database.registry());
  }

  @Override
  public Future<?> start() {
    scheduler.scheduleSweep(
        Sweep.every(
            SWEEP_EVERY,
            "expired access keys",
            SweptTable.expired("console_key", "expires_ms").orderedBy(null),
            SweptTable.aged(
                    "console_key_use", "when its day is 90 days ago", "day", Duration.ofDays(90))
                .countedIn(Duration.ofDays(1))
                .orderedBy(null)),
        _ -> database.write(store::sweep));
    vertx.setPeriodic(WRITTEN_EVERY.toMillis(), _ -> writeUses());
    return bus.<KeyCommand<?>>serve(KeyCommand.ADDRESS, this::handle);
  }

  @Override
  public Future<?> stop() {
    writeUses();
    return Future.succeededFuture();
  }

  private Object handle(KeyCommand<?> command) {
    return switch (command) {
      case KeyCommand.Create create -> create(create);
      case KeyCommand.Rotate rotate -> rotate(rotate);
      case KeyCommand.Revoke(var key) -> revoke(key);
      case KeyCommand.ListKeys() -> store.list(database, clock.millis());
      case KeyCommand.FindKey(var key) -> find(key);
      case KeyCommand.ListDays(var key) -> store.listDays(database, key);
      case KeyCommand.FindRights(var digest) -> store.findRights(database, digest, clock.millis());
    };
  }

  private AccessKey find(String key) {
    return store.find(database, key, clock.millis()).orElseThrow(KeyVerticle::notFound);
  }

  private AccessKey.Created create(KeyCommand.Create given) {
    var create =
        new KeyCommand.Create(
            given.by(),
            given.name().strip(),
            given.permissions(),
            given.networks(),
            given.dangerous(),
            given.expiresMs());
    check(create);
    String id = ids.token(ID_BYTES);
    String secret = newSecret();
    AccessKey key =
        database.write(
            tx -> {
              grantStore.lockPlayer(tx, create.by());
              requireOwn(grantStore.find(tx, create.by()), create);
              if (store.count(tx, create.by()) >= KEYS_OF_AN_ADMIN_MAX) {
                throw Refused.conflict("too_many_keys");
              }
              store.insert(tx, create, id, ConsoleSessions.digest(secret));
              return store.find(tx, id, tx.now().toEpochMilli()).orElseThrow(KeyVerticle::notFound);
            });
    created.increment();
    return new AccessKey.Created(key, secret);
  }

  private void check(KeyCommand.Create create) {
    var errors = new FieldErrors();
    if (create.name().isBlank()) {
      errors.add("name", "can't be blank");
    }
    errors.visibleLine("name", create.name().isBlank() ? null : create.name(), NAME_MAX);
    if (create.permissions().isEmpty()) {
      errors.add("permissions", "must have at least one");
    }
    if (create.permissions().contains(Permission.KEYS_EDIT)) {
      // A key that was stolen must not be able to make others that outlive it.
      errors.add("permissions", "may not have keys.edit");
    }
    if (create.networks().size() > NETWORKS_MAX) {
      errors.add("networks", "must be at most " + NETWORKS_MAX);
    }
    for (String network : create.networks()) {
      try {
        CidrBlock.parse(network);
      } catch (IllegalArgumentException none) {
        errors.add("networks", String.valueOf(none.getMessage()));
      }
    }
    checkEnd(errors, create.by(), create.expiresMs());
    errors.refuse();
  }

  private void checkEnd(FieldErrors errors, PlayerId maker, long expiresMs) {
    long now = clock.millis();
    if (expiresMs <= now) {
      errors.add("expires", "must be in the future");
    } else if (expiresMs > now + LIFETIME_MAX.toMillis()) {
      errors.add("expires", "must be within a year");
    } else if (expiresMs > now + LIFETIME_BY_GROUPS_MAX.toMillis()
        && oidc.hasRole(database, maker)) {
      errors.add("expires", "must be within 30 days, as your groups give you your role");
    }
  }

  private static void requireOwn(Optional<RoleTemplate> own, KeyCommand.Create create) {
    if (AuditedChange.narrowed(own)
        .filter(role -> role.permissions().containsAll(create.permissions()))
        .isEmpty()) {
      throw Refused.denied("permission_not_yours");
    }
  }

  private AccessKey.Created rotate(KeyCommand.Rotate rotate) {
    var errors = new FieldErrors();
    if (rotate.overlapMs() < 0 || rotate.overlapMs() > OVERLAP_MAX.toMillis()) {
      errors.add("overlap", "must be from 0 seconds to 7 days");
    }
    checkEnd(errors, rotate.by(), rotate.expiresMs());
    errors.refuse();
    String secret = newSecret();
    AccessKey rotated =
        database.write(
            tx -> {
              long now = tx.now().toEpochMilli();
              PlayerId maker =
                  store.find(tx, rotate.key(), now).orElseThrow(KeyVerticle::notFound).maker();
              if (!maker.equals(rotate.by())) {
                throw Refused.denied("not_your_key");
              }
              store.rotate(
                  tx,
                  rotate.key(),
                  ConsoleSessions.digest(secret),
                  now + rotate.overlapMs(),
                  rotate.expiresMs());
              return store.find(tx, rotate.key(), now).orElseThrow(KeyVerticle::notFound);
            });
    return new AccessKey.Created(rotated, secret);
  }

  private Done revoke(String key) {
    grants.requireRank(database, find(key).maker());
    database.write(
        tx -> {
          store.delete(tx, key);
          return Done.DONE;
        });
    revoked.increment();
    return Done.DONE;
  }

  private String newSecret() {
    return AccessKeys.PREFIX + ids.token(SECRET_BYTES);
  }

  private static Refused notFound() {
    return Refused.missing("not_found");
  }

  /** Writes what was counted since the last time; called on a thread that may block. */
  void writeUses() {
    List<AccessKey.Uses> uses = keys.takeUses();
    if (uses.isEmpty()) {
      return;
    }
    try {
      database.write(
          tx -> {
            uses.forEach(one -> store.addUses(tx, one));
            return Done.DONE;
          });
    } catch (Refused away) {
      keys.putBack(uses);
      LOG.debug("the use of access keys cannot be written now: {}", away.refusal());
    }
  }
}
