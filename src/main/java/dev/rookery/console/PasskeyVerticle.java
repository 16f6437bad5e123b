package dev.rookery.console;

import dev.rookery.base.ClientNetwork;
import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.VisibleText;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.cache.SharedCounters.BackOff;
import dev.rookery.console.PasskeyStore.Challenge;
import dev.rookery.console.PasskeyStore.Purpose;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweptTable;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Serves {@link PasskeyCommand}, on virtual threads. */
public final class PasskeyVerticle extends VerticleBase {
  private static final Duration SWEEP_EVERY = Duration.ofMinutes(10);
  private static final int CHALLENGE_BYTES = 32;
  private static final int NAME_MAX = 60;
  private static final String DEFAULT_NAME = "Passkey";
  private static final String INVALID = "invalid_passkey";
  private static final String COPIED = "passkey_copied";
  private static final Set<String> REFUSED = Set.of(INVALID, COPIED);

  /** Signatures cannot be guessed; what is bounded is how often strangers have them checked. */
  private static final BackOff ATTEMPTS =
      new BackOff(20, Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofHours(1));

  private final Bus bus;
  private final Database database;
  private final AuditLog audit;
  private final SecondFactors factors;
  private final ConsoleSignIns signIns;
  private final CodeAttempts attempts;
  private final ClusterScheduler scheduler;
  private final Ids ids;
  private final Supplier<String> publicUrl;
  private final GrantStore grants = new GrantStore();
  private final ConsoleSessionStore sessions = new ConsoleSessionStore();
  private final PasskeyStore passkeys = new PasskeyStore();
  private final PasskeyVerifier verifier = new PasskeyVerifier();

  /**
   * @param publicUrl of this server, as browsers reach it
   */
  public PasskeyVerticle(
      Bus bus,
      Database database,
      AuditLog audit,
      ConsoleSettings settings,
      FactorCipher cipher,
      ClusterScheduler scheduler,
      InstantSource clock,
      Ids ids,
      Supplier<String> publicUrl) {
    this.bus = bus;
    this.database = database;
    this.audit = audit;
    this.scheduler = scheduler;
    this.ids = ids;
    this.publicUrl = publicUrl;
    this.attempts = new CodeAttempts(database);
    this.factors = new SecondFactors(database, audit, settings, cipher, attempts, clock, ids);
    this.signIns = new ConsoleSignIns(database, audit, settings, factors, clock, ids);
  }

  @Override
  public Future<?> start() {
    scheduler.scheduleSweep(
        Sweep.every(
            SWEEP_EVERY,
            "challenges of passkeys",
            SweptTable.expired("console_challenge", "expires_ms")),
        _ -> database.write(passkeys::sweep));
    return bus.<PasskeyCommand<?>>serve(PasskeyCommand.ADDRESS, this::handle);
  }

  private Object handle(PasskeyCommand<?> command) {
    return switch (command) {
      case PasskeyCommand.BeginRegistration(var player, var browser, var from) ->
          begin(Purpose.REGISTER, player, browser, from);
      case PasskeyCommand.BeginUse(var player, var browser, var from) ->
          begin(Purpose.USE, player, browser, from);
      case PasskeyCommand.Register register -> register(register);
      case PasskeyCommand.SignIn signIn -> limited(signIn.from(), () -> signIn(signIn));
      case PasskeyCommand.StepUp stepUp -> limited(stepUp.from(), () -> stepUp(stepUp));
      case PasskeyCommand.ListPasskeys(var player) -> passkeys.list(database, player);
      case PasskeyCommand.Remove remove -> remove(remove);
    };
  }

  private RelyingParty party() {
    return RelyingParty.of(publicUrl.get())
        .orElseThrow(() -> new Refused(new Refusal.Unavailable("passkeys_not_possible")));
  }

  private PasskeyCommand.Options begin(
      Purpose purpose, @Nullable PlayerId player, String browser, ConsoleCommand.Browser from) {
    RelyingParty party = party();
    List<String> known =
        player == null
            ? List.of()
            : passkeys.list(database, player).stream().map(Passkey::id).toList();
    if (purpose == Purpose.REGISTER && known.size() >= PasskeyStore.PER_PLAYER_MAX) {
      throw Refused.conflict("too_many_passkeys");
    }
    String value = ids.token(CHALLENGE_BYTES);
    String network = ClientNetwork.of(from.address());
    boolean stored =
        database.write(
            tx -> passkeys.put(tx, new Challenge(value, browser, purpose, player), network));
    if (!stored) {
      throw new Refused(new Refusal.Limited("too_many_attempts", PasskeyStore.CHALLENGE_VALID_FOR));
    }
    return new PasskeyCommand.Options(
        value, party, player == null ? "" : userHandle(player), PasskeyVerifier.ALGORITHMS, known);
  }

  private static String userHandle(PlayerId player) {
    String digest = ConsoleSessions.digest("passkey user " + player.value());
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(digest.substring(0, CHALLENGE_BYTES).getBytes(StandardCharsets.US_ASCII));
  }

  /** Uses the challenge up, whatever comes of the answer. */
  private String take(Purpose purpose, String value, String browser, @Nullable PlayerId player) {
    var challenge = new Challenge(value, browser, purpose, player);
    if (!database.write(tx -> passkeys.take(tx, challenge))) {
      throw Refused.denied(INVALID);
    }
    return value;
  }

  private List<String> register(PasskeyCommand.Register register) {
    PlayerId player = register.player();
    var change =
        register.from().change(player, register.session(), "console_add_passkey", Map.of());
    return recorded(
        change,
        () -> {
          PasskeyVerifier.NewAnswer answer = verifier.readNew(register.response());
          String challenge = take(Purpose.REGISTER, answer.challenge(), register.browser(), player);
          PasskeyCredential credential = verifier.register(answer, party(), challenge);
          String typed = VisibleText.clean(register.name(), NAME_MAX);
          String name = typed.isEmpty() ? DEFAULT_NAME : typed;
          return database.write(
              tx -> {
                grants.lockPlayer(tx, player);
                boolean first = factors.requireFresh(tx, player, register.session());
                if (passkeys.count(tx, player) >= PasskeyStore.PER_PLAYER_MAX) {
                  throw Refused.conflict("too_many_passkeys");
                }
                if (!passkeys.insert(tx, player, name, credential)) {
                  throw Refused.conflict("passkey_exists");
                }
                List<String> codes =
                    first ? factors.begunWith(tx, player, register.session()) : List.of();
                audit.record(tx, change, AuditEntry.DONE);
                return codes;
              });
        });
  }

  /** Counts an attempt of a network, unless the passkey is accepted. */
  private <T> T limited(ConsoleCommand.Browser from, Supplier<T> use) {
    String network = "passkey:" + ClientNetwork.of(from.address());
    attempts.begin(network, ATTEMPTS);
    T accepted = use.get();
    attempts.takeBack(network);
    return accepted;
  }

  private ConsoleCommand.OpenedSession signIn(PasskeyCommand.SignIn signIn) {
    PasskeyVerifier.Answer answer = verifier.read(signIn.response());
    String challenge = take(Purpose.USE, answer.challenge(), signIn.browser(), signIn.player());
    PlayerId signedIn = signIn.player();
    PasskeyStore.Stored stored =
        signedIn == null ? find(answer, null) : counted(signedIn, () -> find(answer, signedIn));
    PlayerId player = stored.player();
    var change = signIn.from().change(player, "", "console_sign_in", Map.of("method", "passkey"));
    return used(
        change,
        player,
        () -> {
          long counter = verifier.use(answer, stored.credential(), party(), challenge);
          return signIns.openByPasskey(
              player,
              signIn.signIn(),
              signIn.from(),
              tx -> requireUsed(tx, stored.credential(), counter));
        });
  }

  private Done stepUp(PasskeyCommand.StepUp stepUp) {
    PlayerId player = stepUp.player();
    var change =
        stepUp
            .from()
            .change(player, stepUp.session(), "console_step_up", Map.of("method", "passkey"));
    return used(
        change,
        player,
        () -> {
          PasskeyVerifier.Answer answer = verifier.read(stepUp.response());
          String challenge = take(Purpose.USE, answer.challenge(), stepUp.browser(), player);
          PasskeyStore.Stored stored = find(answer, player);
          long counter = verifier.use(answer, stored.credential(), party(), challenge);
          return write(
              tx -> {
                requireUsed(tx, stored.credential(), counter);
                if (!sessions.factorGiven(tx, stepUp.session(), player)) {
                  throw Refused.denied("sign_in_ended");
                }
                audit.record(tx, change, AuditEntry.DONE);
              });
        });
  }

  /**
   * The passkey of an answer.
   *
   * @param player whose it must be; null for anybody
   */
  private PasskeyStore.Stored find(PasskeyVerifier.Answer answer, @Nullable PlayerId player) {
    return passkeys
        .find(database, answer.credentialId())
        .filter(found -> player == null || found.player().equals(player))
        .orElseThrow(() -> Refused.denied(INVALID));
  }

  private void requireUsed(Transaction tx, PasskeyCredential credential, long counter) {
    if (!passkeys.used(tx, credential, counter)) {
      throw Refused.denied(COPIED);
    }
  }

  private Done remove(PasskeyCommand.Remove remove) {
    PlayerId player = remove.player();
    var change =
        remove
            .from()
            .change(player, remove.session(), "console_remove_passkey", Map.of("id", remove.id()));
    return recorded(
        change,
        () ->
            write(
                tx -> {
                  grants.lockPlayer(tx, player);
                  factors.requireFresh(tx, player, remove.session());
                  if (!passkeys.remove(tx, player, remove.id())) {
                    throw Refused.missing("not_found");
                  }
                  factors.requireLeft(tx, player);
                  audit.record(tx, change, AuditEntry.DONE);
                }));
  }

  /** Counts a passkey that is refused as a failed sign-in of the player. */
  private <T> T counted(PlayerId player, Supplier<T> use) {
    try {
      return use.get();
    } catch (Refused no) {
      if (REFUSED.contains(no.refusal().code())) {
        factors.countFailure(player);
      }
      throw no;
    }
  }

  /** Counts and records what is refused. */
  private <T> T used(AuditedChange change, PlayerId player, Supplier<T> use) {
    return recorded(change, () -> counted(player, use));
  }

  /** Records what is refused. */
  private <T> T recorded(AuditedChange change, Supplier<T> work) {
    try {
      return work.get();
    } catch (Refused no) {
      bus.ask(new ConsoleCommand.Record(change, no.refusal().code())).await();
      throw no;
    }
  }

  private Done write(Consumer<Transaction> work) {
    return database.write(
        tx -> {
          work.accept(tx);
          return Done.DONE;
        });
  }
}
