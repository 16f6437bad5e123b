package dev.rookery.console;

import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.store.Database;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Opens and finds sessions of the console. Where sign-in with passwords is closed, and for players
 * whose role comes from their groups, only a session of the player that has just begun at the
 * identity provider of admins opens one.
 */
final class ConsoleSignIns {
  private static final int TOKEN_BYTES = 32;
  private static final Duration USED_EVERY = Duration.ofMinutes(1);

  /** How long after a sign-in at the identity provider the console is opened by it. */
  private static final Duration OIDC_FRESH_FOR = Duration.ofMinutes(5);

  private final Database database;
  private final AuditLog audit;
  private final ConsoleSettings settings;
  private final SecondFactors factors;
  private final InstantSource clock;
  private final Ids ids;
  private final GrantStore grants = new GrantStore();
  private final ConsoleSessionStore sessions = new ConsoleSessionStore();
  private final OidcSignIns oidc = new OidcSignIns();
  private final SignInCounter signIns;

  ConsoleSignIns(
      Database database,
      AuditLog audit,
      ConsoleSettings settings,
      SecondFactors factors,
      InstantSource clock,
      Ids ids) {
    this.database = database;
    this.audit = audit;
    this.settings = settings;
    this.factors = factors;
    this.clock = clock;
    this.ids = ids;
    this.signIns = new SignInCounter(database.registry());
  }

  ConsoleCommand.OpenedSession open(ConsoleCommand.OpenSession open) {
    return counted(
        admission(open.player(), open.signIn(), SignInMethod.PASSWORD), how -> open(open, how));
  }

  /**
   * Opens a session for a player who has used a passkey, which is both factors.
   *
   * @param signIn the session of the player in the browser; null if there is none
   * @param use uses the passkey in the same transaction, or refuses
   */
  ConsoleCommand.OpenedSession openByPasskey(
      PlayerId player,
      @Nullable SessionId signIn,
      ConsoleCommand.Browser browser,
      Consumer<Transaction> use) {
    return counted(
        admission(player, signIn, SignInMethod.PASSKEY),
        how -> {
          var change = change(player, browser, how);
          String token = ids.token(TOKEN_BYTES);
          database.write(
              tx -> {
                grants.lockPlayer(tx, player);
                requireRole(tx, player);
                requireAdmitted(tx, player, how.method);
                use.accept(tx);
                insert(tx, token, player, how, browser, true, false);
                audit.record(tx, change, AuditEntry.DONE);
                return token;
              });
          return new ConsoleCommand.OpenedSession(token, false);
        });
  }

  private ConsoleCommand.OpenedSession counted(
      Admission how, Function<Admission, ConsoleCommand.OpenedSession> open) {
    String method = how.method.text();
    try {
      ConsoleCommand.OpenedSession opened = open.apply(how);
      signIns.count(method, SignInCounter.DONE);
      return opened;
    } catch (Refused no) {
      signIns.count(method, no.refusal().code());
      throw no;
    }
  }

  /**
   * How a session of the console is opened.
   *
   * @param untilMs when it ends at the latest
   * @param factorNow whether the identity provider has asked for a second factor just now
   */
  private record Admission(SignInMethod method, long untilMs, boolean factorNow) {}

  private Admission admission(
      PlayerId player, @Nullable SessionId session, SignInMethod otherwise) {
    long now = clock.millis();
    long until = now + settings.sessionFor().toMillis();
    Optional<OidcSignIns.SignIn> signIn =
        session == null ? Optional.empty() : oidc.find(database, player, session);
    return signIn
        .filter(found -> found.atMs() + OIDC_FRESH_FOR.toMillis() > now)
        .map(
            found ->
                new Admission(
                    found.hasFactor() ? SignInMethod.OIDC_FACTOR : SignInMethod.OIDC,
                    Math.min(until, found.atMs() + OidcSignIns.VALID_FOR.toMillis()),
                    found.factor() == OidcSignIns.Factor.ASKED_NOW))
        .orElse(new Admission(otherwise, until, false));
  }

  private ConsoleCommand.OpenedSession open(ConsoleCommand.OpenSession open, Admission how) {
    PlayerId player = open.player();
    requireRole(database, player);
    requireAdmitted(database, player, how.method);
    boolean asked = isAsked(database, player, how.method);
    if (asked && open.code().isBlank()) {
      throw Refused.denied("factor_required");
    }
    var change = change(player, open.browser(), how);
    if (asked) {
      factors.attempt(player);
    }
    boolean enrolling =
        !asked && how.method != SignInMethod.OIDC_FACTOR && settings.factorRequired();
    String token = ids.token(TOKEN_BYTES);
    boolean opened =
        database.write(
            tx -> {
              requireOpenable(tx, open, how.method, asked);
              if (asked && !factors.accept(tx, player, open.code())) {
                return false;
              }
              insert(tx, token, player, how, open.browser(), asked || how.factorNow, enrolling);
              audit.record(tx, change, AuditEntry.DONE);
              return true;
            });
    if (!opened) {
      throw factors.wrongCode(change);
    }
    factors.succeeded(player);
    return new ConsoleCommand.OpenedSession(token, enrolling);
  }

  private static AuditedChange change(
      PlayerId player, ConsoleCommand.Browser browser, Admission how) {
    return browser.change(player, "", "console_sign_in", Map.of("method", how.method.text()));
  }

  private void insert(
      Transaction tx,
      String token,
      PlayerId player,
      Admission how,
      ConsoleCommand.Browser browser,
      boolean factor,
      boolean enrolling) {
    var session =
        new ConsoleSessionStore.NewSession(
            ConsoleSessions.digest(token), player, how.method, how.untilMs, factor, enrolling);
    sessions.insert(tx, session, settings.sessionIdle(), browser);
  }

  /** Whether a code must be given: not where the identity provider has asked for a factor. */
  private boolean isAsked(Reader reader, PlayerId player, SignInMethod method) {
    return method != SignInMethod.OIDC_FACTOR && factors.isSetUp(reader, player);
  }

  private void requireRole(Reader reader, PlayerId player) {
    if (grants.find(reader, player, clock.millis()).isEmpty()) {
      throw Refused.denied("no_role");
    }
  }

  private void requireAdmitted(Reader reader, PlayerId player, SignInMethod method) {
    if (!isAdmitted(reader, player, method, oidc.hasRole(reader, player))) {
      throw Refused.denied("oidc_required");
    }
  }

  /** Whether a player may use a session that was opened so; a recovered owner always may. */
  private boolean isAdmitted(
      Reader reader, PlayerId player, SignInMethod method, boolean roleByGroups) {
    if (method.isOidc() || (settings.passwords() && !roleByGroups)) {
      return true;
    }
    String recovered = settings.recoveredEmail();
    return recovered != null && grants.hasEmail(reader, player, recovered);
  }

  /**
   * Checks again what may have changed, with the row of the player locked: a command that ends
   * their sessions, takes their role or adds a factor comes before this transaction or after it.
   */
  private void requireOpenable(
      Transaction tx, ConsoleCommand.OpenSession open, SignInMethod method, boolean withFactor) {
    PlayerId player = open.player();
    grants.lockPlayer(tx, player);
    if (!sessions.isSignedIn(tx, player, open.signIn())) {
      throw Refused.denied("sign_in_ended");
    }
    requireRole(tx, player);
    requireAdmitted(tx, player, method);
    if (!withFactor && isAsked(tx, player, method)) {
      throw Refused.denied("factor_required");
    }
  }

  Optional<ConsoleCommand.FoundSession> find(String digest, boolean used) {
    long now = clock.millis();
    Optional<ConsoleSessionStore.Stored> found =
        sessions
            .find(database, digest, now, settings.factorRequired())
            .filter(
                stored ->
                    isAdmitted(
                        database,
                        stored.session().player(),
                        stored.method(),
                        stored.roleByGroups()));
    if (used && found.isPresent() && now - found.get().usedMs() > USED_EVERY.toMillis()) {
      database.write(
          tx -> {
            sessions.used(tx, digest);
            return found;
          });
    }
    return found.map(ConsoleSessionStore.Stored::session);
  }
}
