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
import dev.rookery.store.Transaction;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves {@link ConsoleCommand}, on virtual threads. */
public final class ConsoleVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleVerticle.class);
  private static final int TOKEN_BYTES = 32;
  private static final int RECOVERY_CODES = 10;
  private static final int RECOVERY_BYTES = 10;
  private static final int CHAINS_CHECKED_MAX = 100;
  private static final int AUDIT_PAGE_MAX = 1_000;
  private static final int AUDIT_REMOVED_AT_ONCE = 500;
  private static final int TEXT_MAX = 200;

  /** Whoever saw a secret that was not confirmed must not know the one that is set up later. */
  private static final Duration UNCONFIRMED_FOR = Duration.ofMinutes(10);

  private static final Duration USED_EVERY = Duration.ofMinutes(1);
  private static final Duration CHECK_AGAIN_AFTER = Duration.ofSeconds(10);
  private static final Duration SWEEP_EVERY = Duration.ofHours(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** A code has a million values: five attempts at once, and then up to an hour for each. */
  private static final BackOff CODES =
      new BackOff(5, Duration.ofSeconds(2), Duration.ofHours(1), Duration.ofHours(6));

  private static final BackOff SETUP_CODES =
      new BackOff(10, Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofHours(1));

  private final Bus bus;
  private final Database database;
  private final AuditLog audit;
  private final ConsoleSettings settings;
  private final FactorCipher cipher;
  private final SharedCounters counters;
  private final ClusterScheduler scheduler;
  private final InstantSource clock;
  private final Ids ids;
  private final GrantStore grants = new GrantStore();
  private final ConsoleSessionStore sessions = new ConsoleSessionStore();
  private final FactorStore factors = new FactorStore();
  private final SetupStore setup = new SetupStore();
  private final AtomicBoolean checking = new AtomicBoolean();
  private final RefusedEntries refusedEntries = new RefusedEntries();
  private final Counter signIns;
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
    this.cipher = cipher;
    this.counters = counters;
    this.scheduler = scheduler;
    this.clock = clock;
    this.ids = ids;
    this.signIns =
        Counter.builder("rookery.console.sign.ins")
            .description("Sessions of the console that were opened")
            .register(database.registry());
    this.refused =
        Counter.builder("rookery.console.codes.refused")
            .description("Codes of second factors and of the set-up that were wrong")
            .register(database.registry());
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
      case ConsoleCommand.OpenSession open -> open(open);
      case ConsoleCommand.FindSession(var digest, var used) -> find(digest, used);
      case ConsoleCommand.EndSession(var player, var session) ->
          write(tx -> sessions.end(tx, player, session));
      case ConsoleCommand.ListSessions(var player) ->
          sessions.list(database, player, clock.millis());
      case ConsoleCommand.StepUp stepUp -> stepUp(stepUp);
      case ConsoleCommand.FindFactor(var player) -> factor(player);
      case ConsoleCommand.BeginFactor(var player) -> begin(player);
      case ConsoleCommand.ConfirmFactor confirm -> confirm(confirm);
      case ConsoleCommand.RemoveFactor(var by, var player) -> removeFactor(by, player);
      case ConsoleCommand.BeginRemoval(var player) -> beginRemoval(player);
      case ConsoleCommand.CheckAdmins() -> grants.checkAdmins(database);
      case ConsoleCommand.ReadSetup(var seen) -> readSetup(seen);
      case ConsoleCommand.ListGrants() -> grants.list(database, clock.millis());
      case ConsoleCommand.IsSetupOpen() -> !grants.isOwned(database);
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

  private ConsoleCommand.OpenedSession open(ConsoleCommand.OpenSession open) {
    PlayerId player = open.player();
    var browser = cut(open.browser());
    if (grants.find(database, player).isEmpty()) {
      throw Refused.denied("no_role");
    }
    Optional<FactorStore.Factor> factor =
        factors.find(database, player).filter(FactorStore.Factor::confirmed);
    if (factor.isPresent() && open.code().isBlank()) {
      throw Refused.denied("factor_required");
    }
    var change = change(player, "", browser, "console_sign_in");
    if (factor.isPresent()) {
      attempt(player);
    }
    boolean enrolling = factor.isEmpty() && settings.factorRequired();
    String token = ids.token(TOKEN_BYTES);
    boolean opened =
        database.write(
            tx -> {
              requireOpenable(tx, open, factor.isPresent());
              if (factor.isPresent() && !accept(tx, player, factor.get(), open.code())) {
                return false;
              }
              sessions.insert(
                  tx,
                  ConsoleSessions.digest(token),
                  player,
                  settings,
                  browser,
                  factor.isPresent(),
                  enrolling);
              audit.record(tx, change, AuditEntry.DONE);
              return true;
            });
    if (!opened) {
      throw wrongCode(change);
    }
    succeeded(player);
    signIns.increment();
    return new ConsoleCommand.OpenedSession(token, enrolling);
  }

  /**
   * Checks again what may have changed, with the row of the player locked: a command that ends
   * their sessions, takes their role or adds a factor comes before this transaction or after it.
   */
  private void requireOpenable(
      Transaction tx, ConsoleCommand.OpenSession open, boolean withFactor) {
    PlayerId player = open.player();
    grants.lockPlayer(tx, player);
    if (!sessions.isSignedIn(tx, player, open.signIn())) {
      throw Refused.denied("sign_in_ended");
    }
    if (grants.find(tx, player).isEmpty()) {
      throw Refused.denied("no_role");
    }
    if (!withFactor && factors.find(tx, player).filter(FactorStore.Factor::confirmed).isPresent()) {
      throw Refused.denied("factor_required");
    }
  }

  /** Accepts a code of the app or a recovery code, each of which is good for one time. */
  private boolean accept(Transaction tx, PlayerId player, FactorStore.Factor factor, String typed) {
    byte[] secret = Totp.bytes(cipher.decrypt(factor.secret()));
    OptionalLong step = Totp.findStep(secret, typed.strip(), tx.now().toEpochMilli());
    return step.isPresent()
        ? factors.useStep(tx, player, step.getAsLong(), factor.secret())
        : factors.useCode(tx, player, recoveryDigest(player, typed));
  }

  private static String recoveryDigest(PlayerId player, String code) {
    String plain = code.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "");
    return ConsoleSessions.digest("recovery " + player.value() + " " + plain);
  }

  private void attempt(PlayerId player) {
    long waitMs = counters.tryAttempt(attempts(player), CODES).await();
    if (waitMs > 0) {
      throw new Refused(new Refusal.Limited("too_many_attempts", Duration.ofMillis(waitMs)));
    }
  }

  private void succeeded(PlayerId player) {
    counters.reset(attempts(player)).await();
  }

  private static String attempts(PlayerId player) {
    return "console code:" + player.value();
  }

  private Refused wrongCode(AuditedChange change) {
    refused.increment();
    record(change, "invalid_code");
    return Refused.denied("invalid_code");
  }

  private Optional<ConsoleCommand.FoundSession> find(String digest, boolean used) {
    long now = clock.millis();
    Optional<ConsoleSessionStore.Stored> found =
        sessions.find(database, digest, now, settings.factorRequired());
    if (used && found.isPresent() && now - found.get().usedMs() > USED_EVERY.toMillis()) {
      write(tx -> sessions.used(tx, digest));
    }
    return found.map(ConsoleSessionStore.Stored::session);
  }

  private Done stepUp(ConsoleCommand.StepUp stepUp) {
    PlayerId player = stepUp.player();
    var change = change(player, stepUp.session(), cut(stepUp.browser()), "console_step_up");
    FactorStore.Factor factor =
        factors
            .find(database, player)
            .filter(FactorStore.Factor::confirmed)
            .orElseThrow(() -> Refused.conflict("no_factor"));
    attempt(player);
    boolean accepted =
        database.write(
            tx -> {
              if (!accept(tx, player, factor, stepUp.code())
                  || !sessions.factorGiven(tx, stepUp.session(), player)) {
                return false;
              }
              audit.record(tx, change, AuditEntry.DONE);
              return true;
            });
    if (!accepted) {
      throw wrongCode(change);
    }
    succeeded(player);
    return Done.DONE;
  }

  private ConsoleCommand.FactorState factor(PlayerId player) {
    return new ConsoleCommand.FactorState(
        factors.find(database, player).filter(FactorStore.Factor::confirmed).isPresent(),
        settings.factorRequired(),
        factors.codesLeft(database, player));
  }

  private ConsoleCommand.NewFactor begin(PlayerId player) {
    long oldest = clock.millis() - UNCONFIRMED_FOR.toMillis();
    Optional<FactorStore.Factor> begun =
        factors
            .find(database, player)
            .filter(factor -> !factor.confirmed() && factor.createdMs() > oldest);
    if (begun.isPresent()) {
      return new ConsoleCommand.NewFactor(cipher.decrypt(begun.get().secret()));
    }
    String secret = Totp.base32(Base64.getUrlDecoder().decode(ids.token(Totp.SECRET_BYTES)));
    String encrypted = cipher.encrypt(secret);
    boolean stored = database.write(tx -> factors.put(tx, player, encrypted));
    if (!stored) {
      throw Refused.conflict("factor_exists");
    }
    return new ConsoleCommand.NewFactor(secret);
  }

  private List<String> confirm(ConsoleCommand.ConfirmFactor confirm) {
    PlayerId player = confirm.player();
    var change = change(player, confirm.session(), cut(confirm.browser()), "console_add_factor");
    FactorStore.Factor factor =
        factors
            .find(database, player)
            .filter(found -> !found.confirmed())
            .orElseThrow(() -> Refused.conflict("no_factor"));
    attempt(player);
    byte[] secret = Totp.bytes(cipher.decrypt(factor.secret()));
    OptionalLong step = Totp.findStep(secret, confirm.code().strip(), clock.millis());
    List<String> codes = IntStream.range(0, RECOVERY_CODES).mapToObj(_ -> recoveryCode()).toList();
    boolean confirmed =
        step.isPresent()
            && database.write(
                tx -> {
                  grants.lockPlayer(tx, player);
                  if (!factors.useStep(tx, player, step.getAsLong(), factor.secret())
                      || !sessions.factorGiven(tx, confirm.session(), player)) {
                    return false;
                  }
                  sessions.endOthers(tx, player, confirm.session());
                  var digests = new ArrayList<String>();
                  codes.forEach(code -> digests.add(recoveryDigest(player, code)));
                  factors.replaceCodes(tx, player, digests);
                  audit.record(tx, change, AuditEntry.DONE);
                  return true;
                });
    if (!confirmed) {
      throw wrongCode(change);
    }
    succeeded(player);
    return codes;
  }

  private String recoveryCode() {
    String text = Totp.base32(Base64.getUrlDecoder().decode(ids.token(RECOVERY_BYTES)));
    return text.substring(0, text.length() / 2) + "-" + text.substring(text.length() / 2);
  }

  private Done removeFactor(@Nullable PlayerId by, PlayerId player) {
    return write(
        tx -> {
          grants.lockPlayer(tx, player);
          grants.lock(tx);
          if (by != null && !by.equals(player) && !mayGrantRoleOf(tx, by, player)) {
            throw Refused.denied("role_not_grantable");
          }
          factors.remove(tx, player);
          grants.endSessions(tx, player);
        });
  }

  private boolean mayGrantRoleOf(Transaction tx, PlayerId by, PlayerId player) {
    Optional<RoleTemplate> role = grants.find(tx, player);
    return role.isPresent()
        && grants.find(tx, by).filter(giver -> giver.mayGrant(role.get())).isPresent();
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

  private boolean putSetupCode(String node, String code) {
    return store(new StoredCode(node, SetupCode.digest(code)));
  }

  private boolean store(StoredCode code) {
    boolean stored =
        database.write(
            tx -> {
              grants.lock(tx);
              if (grants.isOwned(tx)) {
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
    if (grants.isOwned(database)) {
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

  private static AuditedChange change(
      PlayerId player, String session, ConsoleCommand.Browser browser, String action) {
    var actor =
        new Actor(
            Actor.Kind.CONSOLE, player, session, browser.address(), browser.requestId(), null, "");
    return new AuditedChange(actor, action, "admins/" + player, Map.of());
  }

  private static ConsoleCommand.Browser cut(ConsoleCommand.Browser browser) {
    String agent = browser.userAgent().replaceAll("\\p{Cntrl}", "?");
    return new ConsoleCommand.Browser(
        browser.address(),
        agent.length() > TEXT_MAX ? agent.substring(0, TEXT_MAX) : agent,
        browser.requestId());
  }

  private void sweep() {
    write(sessions::sweep);
    long untilMs = clock.millis() - settings.auditKeptFor().toMillis();
    int removed;
    do {
      removed =
          database.write(tx -> audit.store().removeBefore(tx, untilMs, AUDIT_REMOVED_AT_ONCE));
    } while (removed >= AUDIT_REMOVED_AT_ONCE);
  }
}
