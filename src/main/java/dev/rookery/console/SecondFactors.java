package dev.rookery.console;

import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.cache.SharedCounters.BackOff;
import dev.rookery.store.Database;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The second factors of admins: an authenticator app or passkeys, and recovery codes. Each code is
 * good for one time.
 */
final class SecondFactors {
  private static final int RECOVERY_CODES = 10;
  private static final int RECOVERY_BYTES = 10;
  private static final int API_CODE_BYTES = 16;

  /**
   * How long an unconfirmed secret is shown again. After that a new one is created, so that a
   * secret that somebody saw long ago is not the one that is set up.
   */
  private static final Duration UNCONFIRMED_FOR = Duration.ofMinutes(10);

  /** A code has a million values: five attempts at once, and then up to an hour for each. */
  private static final BackOff CODES =
      new BackOff(5, Duration.ofSeconds(2), Duration.ofHours(1), Duration.ofHours(6));

  private final Database database;
  private final AuditLog audit;
  private final ConsoleSettings settings;
  private final FactorCipher cipher;
  private final CodeAttempts attempts;
  private final InstantSource clock;
  private final Ids ids;
  private final GrantStore grants = new GrantStore();
  private final ConsoleSessionStore sessions = new ConsoleSessionStore();
  private final FactorStore factors = new FactorStore();
  private final PasskeyStore passkeys = new PasskeyStore();
  private final ApiCodeStore apiCodes = new ApiCodeStore();
  private final FailureStore failures = new FailureStore();
  private final OidcSignIns oidc = new OidcSignIns();
  private final Counter refused;

  SecondFactors(
      Database database,
      AuditLog audit,
      ConsoleSettings settings,
      FactorCipher cipher,
      CodeAttempts attempts,
      InstantSource clock,
      Ids ids) {
    this.database = database;
    this.audit = audit;
    this.settings = settings;
    this.cipher = cipher;
    this.attempts = attempts;
    this.clock = clock;
    this.ids = ids;
    this.refused = refusedCounter(database);
  }

  static Counter refusedCounter(Database database) {
    return Counter.builder("rookery.console.codes.refused")
        .description("Codes of second factors and of the set-up that were wrong")
        .register(database.registry());
  }

  /** Whether the player has an app or a passkey. */
  boolean isSetUp(Reader reader, PlayerId player) {
    return findApp(reader, player).isPresent() || passkeys.count(reader, player) > 0;
  }

  private Optional<FactorStore.Factor> findApp(Reader reader, PlayerId player) {
    return factors.find(reader, player).filter(FactorStore.Factor::confirmed);
  }

  ConsoleCommand.FactorState state(PlayerId player) {
    return new ConsoleCommand.FactorState(
        findApp(database, player).isPresent(),
        passkeys.count(database, player),
        settings.factorRequired(),
        factors.codesLeft(database, player));
  }

  /** Accepts a code of the app or a recovery code, each of which is good for one time. */
  boolean accept(Transaction tx, PlayerId player, String typed) {
    Optional<FactorStore.Factor> app = findApp(tx, player);
    OptionalLong step =
        app.isEmpty()
            ? OptionalLong.empty()
            : Totp.findStep(
                Totp.bytes(cipher.decrypt(app.get().secret())),
                typed.strip(),
                tx.now().toEpochMilli());
    return step.isPresent()
        ? factors.useStep(tx, player, step.getAsLong(), app.orElseThrow().secret())
        : factors.useCode(tx, player, recoveryDigest(player, typed));
  }

  /**
   * Checks that a player who has a factor gave it lately in a session of the console: {@code
   * Denied("step_up_required")}. The row of the player is locked.
   *
   * @return whether the player has no factor yet
   */
  boolean requireFresh(Transaction tx, PlayerId player, String session) {
    if (!isSetUp(tx, player)) {
      return true;
    }
    long oldest = tx.now().minus(ConsoleSettings.STEP_UP).toEpochMilli();
    if (sessions.factorMs(tx, player, session) < oldest) {
      throw Refused.denied("step_up_required");
    }
    return false;
  }

  /**
   * After the first factor of a player: ends their other sessions of the console, and returns their
   * recovery codes.
   */
  List<String> begunWith(Transaction tx, PlayerId player, String session) {
    if (!sessions.factorGiven(tx, session, player)) {
      throw Refused.denied("sign_in_ended");
    }
    sessions.endOthers(tx, player, session);
    List<String> codes = IntStream.range(0, RECOVERY_CODES).mapToObj(_ -> recoveryCode()).toList();
    factors.replaceCodes(
        tx, player, codes.stream().map(code -> recoveryDigest(player, code)).toList());
    return codes;
  }

  /**
   * After a factor was removed: {@code Conflict("last_factor")} if it was the last one and one is
   * required. Recovery codes go with it.
   */
  void requireLeft(Transaction tx, PlayerId player) {
    if (!isSetUp(tx, player)) {
      if (settings.factorRequired()) {
        throw Refused.conflict("last_factor");
      }
      factors.remove(tx, player);
    }
  }

  private static String recoveryDigest(PlayerId player, String code) {
    String plain = code.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "");
    return ConsoleSessions.digest("recovery " + player.value() + " " + plain);
  }

  /** Counts an attempt with a code. {@code Limited("too_many_attempts")}. */
  void attempt(PlayerId player) {
    attempts.begin(name(player), CODES);
  }

  void succeeded(PlayerId player) {
    attempts.reset(name(player));
  }

  private static String name(PlayerId player) {
    return "factor:" + player.value();
  }

  /** Records a wrong code, and returns the refusal. */
  Refused wrongCode(AuditedChange change) {
    refused.increment();
    database.write(
        tx -> {
          audit.record(tx, change, "invalid_code");
          PlayerId player = change.actor().player();
          if (player != null) {
            failures.add(tx, player);
          }
          return Done.DONE;
        });
    return Refused.denied("invalid_code");
  }

  /** Counts a password that was wrong, if the account is that of an admin. */
  Done countFailure(String email) {
    failures.findAdmin(database, email).ifPresent(this::addFailure);
    return Done.DONE;
  }

  /** Counts a passkey that was refused, if the player is an admin. */
  void countFailure(PlayerId player) {
    grants.find(database, player, clock.millis()).ifPresent(_ -> addFailure(player));
  }

  private void addFailure(PlayerId admin) {
    database.write(
        tx -> {
          failures.add(tx, admin);
          return Done.DONE;
        });
  }

  List<FailedSignIns> listFailures() {
    return failures.list(database, clock.millis());
  }

  /** Requires a factor that was given lately in a session of the API, where one is required. */
  Done prove(ConsoleCommand.ProveFactor prove) {
    PlayerId player = prove.player();
    String session = prove.session().value();
    long oldest = clock.millis() - ConsoleSettings.STEP_UP.toMillis();
    if (!settings.factorRequired()
        || factors.isFresh(database, session, player, oldest)
        || oidc.find(database, player, prove.session())
            .filter(found -> found.factor() == OidcSignIns.Factor.ASKED_NOW)
            .filter(found -> found.atMs() > oldest)
            .isPresent()) {
      return Done.DONE;
    }
    if (!isSetUp(database, player)) {
      throw Refused.denied("admin_factor_required");
    }
    if (prove.code().isBlank()) {
      throw Refused.denied("admin_code_required");
    }
    var change = prove.browser().change(player, session, "admin_step_up", Map.of());
    attempt(player);
    boolean accepted =
        database.write(
            tx -> {
              if (!accept(tx, player, prove.code())
                  && !apiCodes.take(tx, player, apiCodeDigest(player, prove.code()))) {
                return false;
              }
              factors.given(tx, session, player);
              audit.record(tx, change, AuditEntry.DONE);
              return true;
            });
    succeededOrThrow(player, accepted, change);
    return Done.DONE;
  }

  /** The caller has given a factor lately, and so may give it to the API. */
  ConsoleCommand.ApiCode createApiCode(ConsoleCommand.CreateApiCode create) {
    PlayerId player = create.player();
    String code = ids.token(API_CODE_BYTES);
    long expiresMs = clock.millis() + ConsoleCommand.ApiCode.VALID_FOR.toMillis();
    var change =
        create.browser().change(player, create.session(), "console_create_api_code", Map.of());
    database.write(
        tx -> {
          grants.lockPlayer(tx, player);
          if (requireFresh(tx, player, create.session())) {
            throw Refused.conflict("no_factor");
          }
          apiCodes.put(tx, player, apiCodeDigest(player, code), create.session(), expiresMs);
          audit.record(tx, change, AuditEntry.DONE);
          return Done.DONE;
        });
    return new ConsoleCommand.ApiCode(code, expiresMs);
  }

  private static String apiCodeDigest(PlayerId player, String code) {
    return ConsoleSessions.digest("api code " + player.value() + " " + code.strip());
  }

  /** Forgets where a factor was given too long ago to count, and failures of yesterday. */
  int sweep(Transaction tx) {
    return factors.sweepGiven(tx, clock.millis() - ConsoleSettings.STEP_UP.toMillis())
        + apiCodes.sweep(tx)
        + failures.sweep(tx);
  }

  Done stepUp(ConsoleCommand.StepUp stepUp) {
    PlayerId player = stepUp.player();
    var change = stepUp.browser().change(player, stepUp.session(), "console_step_up", Map.of());
    if (!isSetUp(database, player)) {
      throw Refused.conflict("no_factor");
    }
    attempt(player);
    boolean accepted =
        database.write(
            tx -> {
              if (!accept(tx, player, stepUp.code())
                  || !sessions.factorGiven(tx, stepUp.session(), player)) {
                return false;
              }
              audit.record(tx, change, AuditEntry.DONE);
              return true;
            });
    succeededOrThrow(player, accepted, change);
    return Done.DONE;
  }

  ConsoleCommand.NewFactor begin(PlayerId player) {
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

  List<String> confirm(ConsoleCommand.ConfirmFactor confirm) {
    PlayerId player = confirm.player();
    var change =
        confirm.browser().change(player, confirm.session(), "console_add_factor", Map.of());
    FactorStore.Factor factor =
        factors
            .find(database, player)
            .filter(found -> !found.confirmed())
            .orElseThrow(() -> Refused.conflict("no_factor"));
    // A session that must give another factor first uses up no attempt.
    database.write(tx -> requireFresh(tx, player, confirm.session()));
    attempt(player);
    byte[] secret = Totp.bytes(cipher.decrypt(factor.secret()));
    OptionalLong step = Totp.findStep(secret, confirm.code().strip(), clock.millis());
    Optional<List<String>> codes =
        step.isEmpty()
            ? Optional.empty()
            : database.write(
                tx -> {
                  grants.lockPlayer(tx, player);
                  boolean first = requireFresh(tx, player, confirm.session());
                  if (!factors.useStep(tx, player, step.getAsLong(), factor.secret())) {
                    return Optional.empty();
                  }
                  List<String> created =
                      first ? begunWith(tx, player, confirm.session()) : List.of();
                  audit.record(tx, change, AuditEntry.DONE);
                  return Optional.of(created);
                });
    succeededOrThrow(player, codes.isPresent(), change);
    return codes.orElseThrow();
  }

  private void succeededOrThrow(PlayerId player, boolean succeeded, AuditedChange change) {
    if (!succeeded) {
      throw wrongCode(change);
    }
    succeeded(player);
  }

  private String recoveryCode() {
    String text = Totp.base32(Base64.getUrlDecoder().decode(ids.token(RECOVERY_BYTES)));
    return text.substring(0, text.length() / 2) + "-" + text.substring(text.length() / 2);
  }

  Done remove(@Nullable PlayerId by, PlayerId player) {
    return database.write(
        tx -> {
          grants.lockPlayer(tx, player);
          grants.lock(tx);
          if (by != null && !by.equals(player) && !mayGrantRoleOf(tx, by, player)) {
            throw Refused.denied("role_not_grantable");
          }
          factors.remove(tx, player);
          passkeys.removeAll(tx, player);
          apiCodes.forget(tx, player);
          if (player.equals(by)) {
            requireLeft(tx, player);
          }
          grants.endSessions(tx, player);
          return Done.DONE;
        });
  }

  private boolean mayGrantRoleOf(Transaction tx, PlayerId by, PlayerId player) {
    Optional<RoleTemplate> role = grants.find(tx, player);
    return role.isPresent()
        && AuditedChange.narrowed(grants.find(tx, by))
            .filter(giver -> giver.mayGrant(role.get()))
            .isPresent();
  }
}
