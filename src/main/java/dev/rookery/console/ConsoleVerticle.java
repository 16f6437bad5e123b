package dev.rookery.console;

import dev.rookery.base.ClientNetwork;
import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.cache.SharedCounters;
import dev.rookery.cache.SharedCounters.BackOff;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.store.Database;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves {@link ConsoleCommand}, on virtual threads. */
public final class ConsoleVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleVerticle.class);
  private static final int CHAINS_CHECKED_MAX = 100;
  private static final int AUDIT_PAGE_MAX = 1_000;
  private static final int AUDIT_REMOVED_AT_ONCE = 500;
  private static final Duration CHECK_AGAIN_AFTER = Duration.ofSeconds(10);
  private static final Duration SWEEP_EVERY = Duration.ofHours(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static final BackOff SETUP_CODES =
      new BackOff(10, Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofHours(1));

  private final Bus bus;
  private final Database database;
  private final AuditLog audit;
  private final ConsoleSettings settings;
  private final SharedCounters counters;
  private final ClusterScheduler scheduler;
  private final InstantSource clock;
  private final GrantStore grants = new GrantStore();
  private final ConsoleSessionStore sessions = new ConsoleSessionStore();
  private final SetupStore setup = new SetupStore();
  private final AtomicBoolean checking = new AtomicBoolean();
  private final RefusedEntries refusedEntries = new RefusedEntries();
  private final OidcSignIns oidc = new OidcSignIns();
  private final SecondFactors factors;
  private final ConsoleSignIns signIns;
  private final Counter refused;
  private final Counter leftOut;

  /** Renewed while the server waits for its first owner; null if it does not. */
  private volatile @Nullable StoredCode setupCode;

  /**
   * @param database that records commands in a scope; sign-ins have none and are recorded here
   * @param counters of attempts with a code
   */
  public ConsoleVerticle(
      Bus bus,
      Database database,
      AuditLog audit,
      ConsoleSettings settings,
      FactorCipher cipher,
      SharedCounters counters,
      ClusterScheduler scheduler,
      InstantSource clock,
      Ids ids) {
    this.bus = bus;
    this.database = database;
    this.audit = audit;
    this.settings = settings;
    this.counters = counters;
    this.scheduler = scheduler;
    this.clock = clock;
    this.factors = new SecondFactors(database, audit, settings, cipher, counters, clock, ids);
    this.signIns = new ConsoleSignIns(database, audit, settings, factors, clock, ids);
    this.refused = SecondFactors.refusedCounter(database);
    this.leftOut =
        Counter.builder("rookery.console.audit.left.out")
            .description(
                "Refused requests of admins without an entry of their own in the audit log")
            .register(database.registry());
  }

  @Override
  public Future<?> start() {
    scheduler.schedule("console", SWEEP_EVERY, _ -> sweep());
    vertx.setPeriodic(MINUTE.toMillis(), _ -> everyMinute());
    return bus.<ConsoleCommand<?>>serve(ConsoleCommand.ADDRESS, this::handle);
  }

  private Object handle(ConsoleCommand<?> command) {
    return switch (command) {
      case ConsoleCommand.OpenSession open -> signIns.open(open);
      case ConsoleCommand.FindSession(var digest, var used) -> signIns.find(digest, used);
      case ConsoleCommand.EndSession(var player, var session) ->
          write(tx -> sessions.end(tx, player, session));
      case ConsoleCommand.ListSessions(var player) ->
          sessions.list(database, player, clock.millis());
      case ConsoleCommand.StepUp stepUp -> factors.stepUp(stepUp);
      case ConsoleCommand.FindFactor(var player) -> factors.state(player);
      case ConsoleCommand.BeginFactor(var player) -> factors.begin(player);
      case ConsoleCommand.ConfirmFactor confirm -> factors.confirm(confirm);
      case ConsoleCommand.RemoveFactor(var by, var player) -> factors.remove(by, player);
      case ConsoleCommand.BeginRemoval(var player) -> beginRemoval(player);
      case ConsoleCommand.CheckAdmins() -> grants.checkAdmins(database);
      case ConsoleCommand.ReadSetup(var seen) -> readSetup(seen);
      case ConsoleCommand.ListGrants() -> grants.list(database, clock.millis());
      case ConsoleCommand.IsSetupOpen() -> isSetupOpen(database);
      case ConsoleCommand.PutSetupCode(var node, var code) -> putSetupCode(node, code);
      case ConsoleCommand.CheckSetupCode check -> checkSetupCode(check);
      case ConsoleCommand.Record(var change, var result) -> recordBounded(change, result);
      case ConsoleCommand.ListAudit(var filter, var before, var size) ->
          audit.store().list(database, filter, before, Math.clamp(size, 1, AUDIT_PAGE_MAX));
      case ConsoleCommand.FindAudit(var run, var number) ->
          audit.store().find(database, run, number).orElseThrow(() -> Refused.missing("not_found"));
      case ConsoleCommand.CheckAudit() -> checkAudit();
    };
  }

  /** Reads the whole log, so that one check runs at a time. */
  private List<AuditEntry.ChainCheck> checkAudit() {
    if (!checking.compareAndSet(false, true)) {
      throw new Refused(new Refusal.Limited("check_is_running", CHECK_AGAIN_AFTER));
    }
    try {
      return audit.store().runs(database, CHAINS_CHECKED_MAX).stream()
          .map(run -> audit.store().check(database, run))
          .toList();
    } finally {
      checking.set(false);
    }
  }

  private Done write(Consumer<Transaction> work) {
    return database.write(
        tx -> {
          work.accept(tx);
          return Done.DONE;
        });
  }

  private Done beginRemoval(PlayerId player) {
    boolean owner = grants.isOwner(database, player);
    if (owner && grants.owners(database) <= 1) {
      throw Refused.conflict("last_owner");
    }
    new Grants().requireRank(database, player);
    if (!owner) {
      return Done.DONE;
    }
    return write(
        tx -> {
          grants.lock(tx);
          if (grants.isOwner(tx, player)) {
            if (grants.owners(tx) <= 1) {
              throw Refused.conflict("last_owner");
            }
            grants.remove(tx, player);
          }
        });
  }

  private Set<SetupStep> readSetup(Set<SetupStep> seen) {
    Set<SetupStep> done = setup.find(database);
    Set<SetupStep> fresh = SetupStore.stored(seen);
    fresh.removeAll(done);
    if (!fresh.isEmpty()) {
      write(tx -> setup.mark(tx, fresh));
      done.addAll(fresh);
    }
    return Set.copyOf(done);
  }

  /** Without sign-in with passwords the first owner comes from the identity provider. */
  private boolean isSetupOpen(Reader reader) {
    return settings.passwords() && !grants.isOwned(reader);
  }

  private boolean putSetupCode(String node, String code) {
    return store(new StoredCode(node, SetupCode.digest(code)));
  }

  private boolean store(StoredCode code) {
    boolean stored =
        database.write(
            tx -> {
              grants.lock(tx);
              if (!isSetupOpen(tx)) {
                return false;
              }
              sessions.putSetupCode(tx, code.node(), code.digest());
              return true;
            });
    setupCode = stored ? code : null;
    return stored;
  }

  /** The setup code of this node, as it is stored. */
  private record StoredCode(String node, String digest) {}

  private Done checkSetupCode(ConsoleCommand.CheckSetupCode check) {
    if (!isSetupOpen(database)) {
      throw Refused.conflict("setup_closed");
    }
    String key = "console setup:" + ClientNetwork.of(check.browser().address());
    long waitMs = counters.tryAttempt(key, SETUP_CODES).await();
    if (waitMs > 0) {
      throw new Refused(new Refusal.Limited("too_many_attempts", Duration.ofMillis(waitMs)));
    }
    if (!sessions.hasSetupCode(database, SetupCode.digest(check.code()), clock.millis())) {
      refused.increment();
      throw Refused.denied("invalid_code");
    }
    counters.takeBack(key).await();
    return Done.DONE;
  }

  /** Called each minute on a thread that may block. */
  void everyMinute() {
    try {
      recordLeftOut();
      StoredCode own = setupCode;
      if (own != null) {
        boolean open = store(own);
        LOG.debug("the setup code is {}", open ? "renewed" : "used");
      }
    } catch (Refused away) {
      LOG.debug("the database cannot be written now: {}", away.refusal());
    }
  }

  /** Records what was done, or was refused unless the admin had too many requests refused. */
  private Done recordBounded(AuditedChange change, String result) {
    recordLeftOut();
    Actor actor = change.actor();
    PlayerId admin = actor.player();
    if (admin != null
        && !result.equals(AuditEntry.DONE)
        && !refusedEntries.admit(admin, actor, clock.millis())) {
      leftOut.increment();
      return Done.DONE;
    }
    return record(change, result);
  }

  /** Writes one entry for all that got none in a minute that has ended. */
  private void recordLeftOut() {
    for (RefusedEntries.LeftOut one : refusedEntries.takeEnded(clock.millis())) {
      var change =
          new AuditedChange(
              one.actor(),
              "console_refused",
              "admins/" + one.actor().player(),
              Map.of("requests", one.count(), "recorded", RefusedEntries.PER_MINUTE));
      record(change, "too_many_refused");
    }
  }

  private Done record(AuditedChange change, String result) {
    return write(tx -> audit.record(tx, change, result));
  }

  private void sweep() {
    write(sessions::sweep);
    write(oidc::sweep);
    long untilMs = clock.millis() - settings.auditKeptFor().toMillis();
    int removed;
    do {
      removed =
          database.write(tx -> audit.store().removeBefore(tx, untilMs, AUDIT_REMOVED_AT_ONCE));
    } while (removed >= AUDIT_REMOVED_AT_ONCE);
  }
}
