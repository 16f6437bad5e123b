package dev.rookery.console;

import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves {@link ConsoleCommand}, on virtual threads. */
public final class ConsoleVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleVerticle.class);
  private static final int AUDIT_PAGE_MAX = 1_000;
  private static final Duration SWEEP_EVERY = Duration.ofHours(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Bus bus;
  private final Database database;
  private final AuditLog audit;
  private final ConsoleSettings settings;
  private final ClusterScheduler scheduler;
  private final InstantSource clock;
  private final GrantStore grants = new GrantStore();
  private final ConsoleSessionStore sessions = new ConsoleSessionStore();
  private final SetupStore setup = new SetupStore();
  private final OidcSignIns oidc = new OidcSignIns();
  private final SecondFactors factors;
  private final ConsoleSignIns signIns;
  private final AuditRecorder recorder;
  private final SetupCodes setupCodes;
  private final CodeAttempts attempts;
  private final Roles roles;
  private final Invites invites;

  /**
   * @param database that records commands in a scope; sign-ins have none and are recorded here
   */
  public ConsoleVerticle(
      Bus bus,
      Database database,
      AuditLog audit,
      ConsoleSettings settings,
      FactorCipher cipher,
      ClusterScheduler scheduler,
      InstantSource clock,
      Ids ids) {
    this.bus = bus;
    this.database = database;
    this.audit = audit;
    this.settings = settings;
    this.scheduler = scheduler;
    this.clock = clock;
    this.attempts = new CodeAttempts(database);
    this.factors = new SecondFactors(database, audit, settings, cipher, attempts, clock, ids);
    this.signIns = new ConsoleSignIns(database, audit, settings, factors, clock, ids);
    this.recorder = new AuditRecorder(database, audit, clock);
    this.setupCodes =
        new SetupCodes(database, settings, attempts, clock, SecondFactors.refusedCounter(database));
    this.roles = new Roles(database);
    this.invites = new Invites(database, clock, ids);
  }

  @Override
  public Future<?> start() {
    scheduler.scheduleSweep(ConsoleSweep.of(SWEEP_EVERY, settings.auditKeptFor()), _ -> sweep());
    scheduler.sweeps().register(ConsoleSweep.byWriters());
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
      case ConsoleCommand.ProveFactor prove -> factors.prove(prove);
      case ConsoleCommand.CreateApiCode create -> factors.createApiCode(create);
      case ConsoleCommand.FindFactor(var player) -> factors.state(player);
      case ConsoleCommand.BeginFactor(var player) -> factors.begin(player);
      case ConsoleCommand.ConfirmFactor confirm -> factors.confirm(confirm);
      case ConsoleCommand.RemoveFactor(var by, var player) -> factors.remove(by, player);
      case ConsoleCommand.BeginRemoval(var player) -> beginRemoval(player);
      case ConsoleCommand.RequireRank(var player) -> {
        new Grants(clock).requireRank(database, player);
        yield Done.DONE;
      }
      case ConsoleCommand.CheckAdmins() -> grants.checkAdmins(database);
      case ConsoleCommand.ReadSetup(var seen) -> readSetup(seen);
      case ConsoleCommand.ListExpiredGrants() -> grants.listExpired(database, clock.millis());
      case ConsoleCommand.ListRoles() -> roles.list();
      case ConsoleCommand.PutRole put -> roles.put(put);
      case ConsoleCommand.DeleteRole(var by, var name) -> roles.delete(by, name);
      case ConsoleCommand.CreateInvite create -> invites.create(create);
      case ConsoleCommand.ListInvites() -> invites.list();
      case ConsoleCommand.FindInvite(var token) -> invites.find(token);
      case ConsoleCommand.CancelInvite(var invite) -> invites.cancel(invite);
      case ConsoleCommand.CountFailedSignIn(var email) -> factors.countFailure(email);
      case ConsoleCommand.ListFailedSignIns() -> factors.listFailures();
      case ConsoleCommand.ListGrants() -> grants.list(database, clock.millis());
      case ConsoleCommand.IsSetupOpen() -> setupCodes.isOpen();
      case ConsoleCommand.PutSetupCode(var node, var code) -> setupCodes.put(node, code);
      case ConsoleCommand.CheckSetupCode check -> setupCodes.check(check);
      case ConsoleCommand.Record(var change, var result) -> recorder.recordBounded(change, result);
      case ConsoleCommand.ListAudit(var filter, var before, var size) ->
          audit.store().list(database, filter, before, Math.clamp(size, 1, AUDIT_PAGE_MAX));
      case ConsoleCommand.FindAudit(var run, var number) ->
          audit.store().find(database, run, number).orElseThrow(() -> Refused.missing("not_found"));
      case ConsoleCommand.CheckAudit() -> recorder.check();
    };
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
    new Grants(clock).requireRank(database, player);
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

  /** Called each minute on a thread that may block. */
  void everyMinute() {
    try {
      recorder.recordLeftOut();
      setupCodes.renew();
    } catch (Refused away) {
      LOG.debug("the database cannot be written now: {}", away.refusal());
    }
  }

  private long sweep() {
    long removed = 0;
    removed += database.write(sessions::sweep);
    removed += database.write(oidc::sweep);
    removed += database.write(factors::sweep);
    removed += attempts.sweep();
    removed += invites.sweep();
    return removed + recorder.removeBefore(clock.millis() - settings.auditKeptFor().toMillis());
  }
}
