package dev.rookery.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.SessionId;
import dev.rookery.player.Credentials;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.PlayerVerticle;
import dev.rookery.player.Provider;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Roles, the first owner, sessions of the console and the second factor. */
@ExtendWith(VertxExtension.class)
final class ConsoleCommandsTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final String CODE = "ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YZ";
  private static final ConsoleCommand.Browser BROWSER =
      new ConsoleCommand.Browser("127.0.0.1", "Test/1", "request");

  private static final String SIGN_IN =
      """
      INSERT INTO session (id, player_id, kind, created_ms, used_ms, expires_ms, user_agent, address)
      VALUES ($1, $2, 'device', $3, $3, $4, '', '')
      ON CONFLICT (id) DO NOTHING
      """;

  private TestStore store;
  private TestBus bus;
  private ConsoleVerticle console;

  @ParameterizedTest
  @MethodSource(ALL)
  void makesTheFirstOwnerWithTheSetupCodeAndThenNeverAgain(TestStore given, Vertx vertx) {
    open(given, vertx, false);
    PlayerId ann = player("ann");
    PlayerId bob = player("bob");
    assertThat(bus.ask(new ConsoleCommand.IsSetupOpen())).isTrue();
    assertThat(bus.ask(new ConsoleCommand.PutSetupCode("a", CODE))).isTrue();
    assertThat(code(bus.refusal(new ConsoleCommand.CheckSetupCode("ABCD", BROWSER))))
        .isEqualTo("invalid_code");
    assertThat(code(bus.refusal(new PlayerCommand.BecomeOwner(bob, "ABCD"))))
        .isEqualTo("invalid_code");
    // However it is typed.
    String typed = "abcdefghijklmnopqrstuvwxyz";
    bus.ask(new ConsoleCommand.CheckSetupCode(typed, BROWSER));
    assertThat(bus.ask(new PlayerCommand.BecomeOwner(ann, typed)).player().admin()).isTrue();
    assertThat(role(ann)).isEqualTo(RoleTemplate.OWNER);

    assertThat(bus.ask(new ConsoleCommand.IsSetupOpen())).isFalse();
    assertThat(bus.ask(new ConsoleCommand.PutSetupCode("a", CODE))).isFalse();
    assertThat(code(bus.refusal(new ConsoleCommand.CheckSetupCode(CODE, BROWSER))))
        .isEqualTo("setup_closed");
    assertThat(code(bus.refusal(new PlayerCommand.BecomeOwner(bob, CODE))))
        .isEqualTo("setup_closed");
    assertThat(role(bob)).isNull();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void endsTheSetupCodeOfANodeThatIsGone(TestStore given, Vertx vertx) {
    open(given, vertx, false);
    PlayerId ann = player("ann");
    bus.ask(new ConsoleCommand.PutSetupCode("a", CODE));
    for (int minute = 0; minute < 20; minute++) {
      store.clock().advance(Duration.ofMinutes(1));
      console.everyMinute();
    }
    bus.ask(new ConsoleCommand.CheckSetupCode(CODE, BROWSER));

    store.clock().advance(Duration.ofMinutes(15));
    assertThat(code(bus.refusal(new ConsoleCommand.CheckSetupCode(CODE, BROWSER))))
        .isEqualTo("invalid_code");
    assertThat(code(bus.refusal(new PlayerCommand.BecomeOwner(ann, CODE))))
        .isEqualTo("invalid_code");
    console.everyMinute();
    bus.ask(new PlayerCommand.BecomeOwner(ann, CODE));
    console.everyMinute();
    assertThat(store.database().read("SELECT node FROM console_setup_code LIMIT 1").isEmpty())
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void delaysAttemptsToGuessTheSetupCode(TestStore given, Vertx vertx) {
    open(given, vertx, false);
    bus.ask(new ConsoleCommand.PutSetupCode("a", CODE));
    Refusal last = null;
    for (int i = 0; i < 20; i++) {
      last = bus.refusal(new ConsoleCommand.CheckSetupCode("wrong " + i, BROWSER));
    }
    assertThat(last).isInstanceOf(Refusal.Limited.class);
    assertThat(bus.refusal(new ConsoleCommand.CheckSetupCode(CODE, BROWSER)))
        .isInstanceOf(Refusal.Limited.class);
    var other = new ConsoleCommand.Browser("192.0.2.1", "", "");
    bus.ask(new ConsoleCommand.CheckSetupCode(CODE, other));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void givesAndTakesRolesByTheirRank(TestStore given, Vertx vertx) {
    open(given, vertx, false);
    PlayerId owner = owner();
    PlayerId admin = player("admin");
    PlayerId moderator = player("moderator");
    PlayerId player = player("player");
    bus.ask(new PlayerCommand.SetRole(owner, admin, RoleTemplate.ADMIN.name()));
    assertThat(bus.ask(new PlayerCommand.SetRole(admin, moderator, RoleTemplate.MODERATOR.name())))
        .satisfies(account -> assertThat(account.player().admin()).isFalse());

    assertThat(refused(admin, owner, null)).isEqualTo("role_not_grantable");
    assertThat(refused(admin, player, RoleTemplate.OWNER.name())).isEqualTo("role_not_grantable");
    assertThat(refused(moderator, player, RoleTemplate.VIEWER.name()))
        .isEqualTo("role_not_grantable");
    assertThat(refused(player, player("other"), RoleTemplate.VIEWER.name()))
        .isEqualTo("role_not_grantable");
    assertThat(refused(owner, owner, null)).isEqualTo("cannot_demote_self");
    assertThat(refused(null, owner, null)).isEqualTo("last_owner");
    assertThat(code(bus.refusal(new ConsoleCommand.BeginRemoval(owner)))).isEqualTo("last_owner");

    // The flag of the API is the role of an admin.
    bus.ask(new PlayerCommand.Update(admin, player, true, null, null));
    assertThat(role(player)).isEqualTo(RoleTemplate.ADMIN);
    bus.ask(new PlayerCommand.Update(admin, player, false, null, null));
    assertThat(role(player)).isNull();
    // Without an admin's role there is nothing to take.
    bus.ask(new PlayerCommand.Update(admin, moderator, false, null, null));
    assertThat(role(moderator)).isEqualTo(RoleTemplate.MODERATOR);
    assertThat(code(bus.refusal(new PlayerCommand.Update(admin, owner, false, null, null))))
        .isEqualTo("role_not_grantable");

    assertThat(bus.ask(new ConsoleCommand.ListGrants()))
        .extracting(Grant::role)
        .containsExactly("owner", "admin", "moderator");
    bus.ask(new PlayerCommand.SetRole(owner, player, RoleTemplate.OWNER.name()));
    bus.ask(new PlayerCommand.SetRole(player, owner, null));
    assertThat(role(owner)).isNull();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void takesAPlayerWhoHasTheFlagAloneForAnAdmin(TestStore given, Vertx vertx) {
    open(given, vertx, false);
    PlayerId ann = player("ann");
    store.database().write(tx -> tx.run("UPDATE player SET admin = 1 WHERE id = $1", ann.value()));
    assertThat(role(ann)).isEqualTo(RoleTemplate.ADMIN);
    bus.ask(new PlayerCommand.Update(owner(), ann, false, null, null));
    assertThat(role(ann)).isNull();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void opensSessionsThatEndWithTimeAndRights(TestStore given, Vertx vertx) {
    open(given, vertx, false);
    PlayerId owner = owner();
    PlayerId ann = player("ann");
    assertThat(code(bus.refusal(opening(ann, "")))).isEqualTo("no_role");
    bus.ask(new PlayerCommand.SetRole(owner, ann, RoleTemplate.MODERATOR.name()));
    String session = session(ann);
    assertThat(find(session).role()).isEqualTo(RoleTemplate.MODERATOR);
    assertThat(bus.ask(new ConsoleCommand.ListSessions(ann)))
        .singleElement()
        .satisfies(one -> assertThat(one.userAgent()).isEqualTo("Test/1"));

    // A request prolongs it, up to its end.
    for (int i = 0; i < 11; i++) {
      store.clock().advance(Duration.ofMinutes(59));
      assertThat(find(session)).isNotNull();
    }
    store.clock().advance(Duration.ofMinutes(61));
    assertThat(find(session)).isNull();
    String second = session(ann);
    bus.ask(new ConsoleCommand.EndSession(owner, second));
    assertThat(find(second)).isNotNull();
    bus.ask(new PlayerCommand.SetRole(owner, ann, RoleTemplate.VIEWER.name()));
    assertThat(find(second)).isNull();
    String third = session(ann);
    bus.ask(new ConsoleCommand.EndSession(ann, third));
    assertThat(find(third)).isNull();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void endsIdleSessionsAlthoughSocketsAreOpen(TestStore given, Vertx vertx) {
    open(given, vertx, false);
    String session = session(owner());
    var ofSocket = new ConsoleCommand.FindSession(session, false);
    for (int i = 0; i < 11; i++) {
      store.clock().advance(Duration.ofMinutes(5));
      assertThat(bus.ask(ofSocket)).isPresent();
    }
    store.clock().advance(Duration.ofMinutes(6));
    assertThat(bus.ask(ofSocket)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void letsSessionsSetUpAFactorThatIsRequiredSinceTheyWereOpened(TestStore given, Vertx vertx) {
    open(given, vertx, false);
    String session = session(owner());
    long now = store.clock().millis();
    var sessions = new ConsoleSessionStore();
    assertThat(sessions.find(store.database(), session, now, false))
        .hasValueSatisfying(found -> assertThat(found.session().enrolling()).isFalse());
    assertThat(sessions.find(store.database(), session, now, true))
        .hasValueSatisfying(found -> assertThat(found.session().enrolling()).isTrue());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void findsNoSessionOfABannedAdmin(TestStore given, Vertx vertx) {
    open(given, vertx, false);
    PlayerId owner = owner();
    String session = session(owner);
    long until = store.clock().millis() + 60_000;
    store.database().write(tx -> credentials("").ban(tx, owner, "test", until));
    assertThat(find(session)).isNull();
    store.clock().advance(Duration.ofMinutes(2));
    assertThat(find(session)).isNotNull();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void keepsAdminsFromChangingThoseOfAHigherRole(TestStore given, Vertx vertx) {
    open(given, vertx, false);
    PlayerId owner = owner();
    PlayerId admin = player("admin");
    bus.ask(new PlayerCommand.SetRole(owner, admin, RoleTemplate.ADMIN.name()));
    var commands =
        List.<PlayerCommand<?>>of(
            new PlayerCommand.Update(admin, owner, null, "Mallory", null),
            new PlayerCommand.UnlinkDevice(owner),
            new PlayerCommand.UnlinkProvider(owner, Provider.STEAM));
    for (PlayerCommand<?> command : commands) {
      assertThat(code(TestBus.refusal(bus.bus().ask(command, change(admin)))))
          .isEqualTo("role_not_grantable");
    }
    TestBus.await(
        bus.bus().ask(new PlayerCommand.Update(owner, admin, null, "Ann", null), change(owner)));
    TestBus.await(
        bus.bus().ask(new PlayerCommand.Update(owner, owner, null, "Bob", null), change(owner)));
  }

  private static AuditedChange change(PlayerId by) {
    var actor = new Actor(Actor.Kind.API, by, "", "", "", Permission.PLAYERS_EDIT, "");
    return new AuditedChange(actor, "test", "users/1", Map.of());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void asksForACodeThatIsGoodOneTime(TestStore given, Vertx vertx) {
    open(given, vertx, true);
    PlayerId owner = owner();
    var opened = bus.ask(opening(owner, ""));
    assertThat(opened.enrolling()).isTrue();
    String session = ConsoleSessions.digest(opened.token());
    String other = session(owner);
    assertThat(find(session).enrolling()).isTrue();
    assertThat(code(bus.refusal(new ConsoleCommand.StepUp(owner, session, "123456", BROWSER))))
        .isEqualTo("no_factor");
    String secret = bus.ask(new ConsoleCommand.BeginFactor(owner)).secret();
    assertThat(bus.ask(new ConsoleCommand.BeginFactor(owner)).secret()).isEqualTo(secret);
    assertThat(secret).hasSize(32);
    store.clock().advance(Duration.ofMinutes(11));
    String fresher = bus.ask(new ConsoleCommand.BeginFactor(owner)).secret();
    assertThat(fresher).isNotEqualTo(secret);
    secret = fresher;
    assertThat(
            code(bus.refusal(new ConsoleCommand.ConfirmFactor(owner, session, "no code", BROWSER))))
        .isEqualTo("invalid_code");
    List<String> codes =
        bus.ask(new ConsoleCommand.ConfirmFactor(owner, session, totp(secret), BROWSER));
    assertThat(Set.copyOf(codes)).hasSize(10);
    assertThat(find(session).enrolling()).isFalse();
    assertThat(find(session).factorMs()).isEqualTo(store.clock().millis());
    assertThat(find(other)).isNull();
    assertThat(code(bus.refusal(new ConsoleCommand.BeginFactor(owner)))).isEqualTo("factor_exists");

    assertThat(refusedSignIn(owner, "")).isEqualTo("factor_required");
    assertThat(refusedSignIn(owner, totp(secret))).isEqualTo("invalid_code");
    store.clock().advance(Duration.ofSeconds(30));
    String fresh = totp(secret);
    assertThat(bus.ask(opening(owner, fresh)).enrolling()).isFalse();
    assertThat(refusedSignIn(owner, fresh)).isEqualTo("invalid_code");
    String recovery = codes.get(3).toLowerCase(Locale.ROOT);
    bus.ask(opening(owner, recovery));
    assertThat(refusedSignIn(owner, recovery)).isEqualTo("invalid_code");
    assertThat(bus.ask(new ConsoleCommand.FindFactor(owner)))
        .isEqualTo(new ConsoleCommand.FactorState(true, 0, true, 9));

    store.clock().advance(Duration.ofMinutes(10));
    bus.ask(new ConsoleCommand.StepUp(owner, session, totp(secret), BROWSER));
    assertThat(find(session).factorMs()).isEqualTo(store.clock().millis());
    assertThat(audited())
        .contains("console_sign_in done", "console_sign_in invalid_code", "console_step_up done");

    // Admins keep their own last one; the server removes it.
    assertThat(code(bus.refusal(new ConsoleCommand.RemoveFactor(owner, owner))))
        .isEqualTo("last_factor");
    assertThat(bus.ask(new ConsoleCommand.FindFactor(owner)).confirmed()).isTrue();
    bus.ask(new ConsoleCommand.RemoveFactor(null, owner));
    assertThat(find(session)).isNull();
    assertThat(bus.ask(new ConsoleCommand.FindFactor(owner)).confirmed()).isFalse();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void countsNoAttemptWhereAnotherFactorComesFirst(TestStore given, Vertx vertx) {
    open(given, vertx, true);
    PlayerId owner = owner();
    String session = session(owner);
    var passkey = new PasskeyCredential("passkey", "", 0, false);
    assertThat(
            store
                .database()
                .<Boolean>write(tx -> new PasskeyStore().insert(tx, owner, "Laptop", passkey)))
        .isTrue();
    String secret = bus.ask(new ConsoleCommand.BeginFactor(owner)).secret();
    for (int i = 0; i < 10; i++) {
      var confirm = new ConsoleCommand.ConfirmFactor(owner, session, totp(secret), BROWSER);
      assertThat(code(bus.refusal(confirm))).isEqualTo("step_up_required");
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void delaysAttemptsToGuessCodes(TestStore given, Vertx vertx) {
    open(given, vertx, false);
    PlayerId owner = owner();
    String session = session(owner);
    String secret = bus.ask(new ConsoleCommand.BeginFactor(owner)).secret();
    bus.ask(new ConsoleCommand.ConfirmFactor(owner, session, totp(secret), BROWSER));
    Refusal last = null;
    for (int i = 0; i < 10; i++) {
      last = bus.refusal(opening(owner, "wrong " + i));
    }
    assertThat(last).isInstanceOf(Refusal.Limited.class);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void findsAdminsWithoutAFactorAndTheOneWhoCameFirst(TestStore given, Vertx vertx) {
    open(given, vertx, false);
    var automatic = new Credentials(store.clock(), new SeededIds(1), TestStore.DIGESTS, true);
    PlayerId first =
        store
            .database()
            .write(tx -> automatic.findOrCreateByDevice(tx, Set.of("first")))
            .get("first")
            .player();
    PlayerId owner = owner();
    PlayerId moderator = player("moderator");
    bus.ask(new PlayerCommand.SetRole(owner, moderator, RoleTemplate.MODERATOR.name()));
    assertThat(findings()).containsExactly(first + " no factor, first", owner + " no factor");

    addFactor(owner);
    assertThat(findings()).containsExactly(first + " no factor, first");
    addFactor(first);
    assertThat(findings()).containsExactly(first + ", first");
    bus.ask(new PlayerCommand.SetRole(owner, first, null));
    assertThat(findings()).isEmpty();
    bus.ask(new PlayerCommand.SetRole(owner, first, RoleTemplate.ADMIN.name()));
    assertThat(findings()).isEmpty();
  }

  private List<String> findings() {
    return bus.ask(new ConsoleCommand.CheckAdmins()).stream()
        .map(
            admin ->
                admin.player()
                    + (admin.factor() ? "" : " no factor")
                    + (admin.automatic() ? ", first" : ""))
        .toList();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void remembersTheStepsOfTheSetupThatWereSeen(TestStore given, Vertx vertx) {
    open(given, vertx, false);
    assertThat(bus.ask(new ConsoleCommand.ReadSetup(Set.of()))).isEmpty();
    // The console knows itself whether there is an owner, and a factor.
    var seen = Set.of(SetupStep.OWNER, SetupStep.FACTOR, SetupStep.LOBBY);
    assertThat(bus.ask(new ConsoleCommand.ReadSetup(seen))).containsExactly(SetupStep.LOBBY);
    assertThat(bus.ask(new ConsoleCommand.IsSetupOpen())).isTrue();
    addFactor(owner());
    bus.ask(new ConsoleCommand.ReadSetup(Set.of(SetupStep.SOCKET, SetupStep.LOBBY)));
    assertThat(bus.ask(new ConsoleCommand.ReadSetup(Set.of())))
        .containsExactlyInAnyOrder(
            SetupStep.OWNER, SetupStep.SOCKET, SetupStep.LOBBY, SetupStep.FACTOR);
  }

  private void addFactor(PlayerId player) {
    String session = session(player);
    String secret = bus.ask(new ConsoleCommand.BeginFactor(player)).secret();
    bus.ask(new ConsoleCommand.ConfirmFactor(player, session, totp(secret), BROWSER));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void boundsTheEntriesOfRefusedRequests(TestStore given, Vertx vertx) {
    open(given, vertx, false);
    PlayerId ann = player("ann");
    PlayerId bob = player("bob");
    for (int i = 0; i < RefusedEntries.PER_MINUTE + 30; i++) {
      bus.ask(new ConsoleCommand.Record(change(ann), "forbidden"));
    }
    bus.ask(new ConsoleCommand.Record(change(bob), "forbidden"));
    bus.ask(new ConsoleCommand.Record(change(ann), AuditEntry.DONE));
    assertThat(entriesOf(ann, false)).hasSize(RefusedEntries.PER_MINUTE);
    assertThat(entriesOf(ann, true)).hasSize(1);
    assertThat(entriesOf(bob, false)).hasSize(1);

    store.clock().advance(Duration.ofMinutes(1));
    bus.ask(new ConsoleCommand.Record(change(ann), "forbidden"));
    List<AuditEntry> entries = entriesOf(ann, false);
    assertThat(entries).hasSize(RefusedEntries.PER_MINUTE + 2);
    assertThat(entries.get(1).result()).isEqualTo("too_many_refused");
    assertThat(new JsonObject(entries.get(1).details()).getInteger("requests")).isEqualTo(30);
    assertThat(entries.getFirst().result()).isEqualTo("forbidden");
  }

  private List<AuditEntry> entriesOf(PlayerId player, boolean done) {
    var filter = new AuditEntry.Filter(player, null, null, done, null, null);
    return bus.ask(new ConsoleCommand.ListAudit(filter, null, 1_000));
  }

  private void open(TestStore given, Vertx vertx, boolean required) {
    store = given;
    bus = new TestBus(vertx);
    var member = TestClusterMember.join(store, "node");
    bus.deploy(
        new PlayerVerticle(
            bus.bus(), store.database(), store.clock(), Limits.DEFAULTS, TestStore.DIGESTS));
    console =
        new ConsoleVerticle(
            bus.bus(),
            store.database(),
            new AuditLog(member::run),
            new ConsoleSettings(
                required,
                Duration.ofHours(1),
                Duration.ofHours(12),
                Duration.ofDays(400),
                true,
                null),
            new FactorCipher("a secret of tests", List.of()),
            member.scheduler(),
            store.clock(),
            new SeededIds(3));
    bus.deploy(console);
  }

  private PlayerId player(String device) {
    return store
        .database()
        .write(tx -> credentials(device).findOrCreateByDevice(tx, Set.of(device)))
        .get(device)
        .player();
  }

  private Credentials credentials(String seed) {
    return new Credentials(store.clock(), new SeededIds(seed.hashCode()), TestStore.DIGESTS, false);
  }

  private PlayerId owner() {
    PlayerId owner = player("the owner");
    bus.ask(new PlayerCommand.SetRole(null, owner, RoleTemplate.OWNER.name()));
    return owner;
  }

  private @Nullable RoleTemplate role(PlayerId player) {
    return new Grants(store.clock()).find(store.database(), player).orElse(null);
  }

  private String refused(@Nullable PlayerId by, PlayerId player, @Nullable String role) {
    return code(bus.refusal(new PlayerCommand.SetRole(by, player, role)));
  }

  /** With a session of the player that is open for a year. */
  private ConsoleCommand.OpenSession opening(PlayerId player, String code) {
    var signIn = new SessionId("sign-in of " + player);
    long now = store.clock().millis();
    store
        .database()
        .write(
            tx ->
                tx.run(
                    SIGN_IN,
                    signIn.value(),
                    player.value(),
                    now,
                    now + Duration.ofDays(365).toMillis()));
    return new ConsoleCommand.OpenSession(player, signIn, code, BROWSER);
  }

  private String session(PlayerId player) {
    return ConsoleSessions.digest(bus.ask(opening(player, "")).token());
  }

  private String refusedSignIn(PlayerId player, String code) {
    return code(bus.refusal(opening(player, code)));
  }

  private ConsoleCommand.@Nullable FoundSession find(String session) {
    return bus.ask(new ConsoleCommand.FindSession(session, true)).orElse(null);
  }

  private String totp(String secret) {
    return Totp.code(Totp.bytes(secret), Totp.step(store.clock().millis()));
  }

  private List<String> audited() {
    return bus.ask(new ConsoleCommand.ListAudit(AuditEntry.Filter.NONE, null, 100)).stream()
        .map(entry -> entry.action() + " " + entry.result())
        .toList();
  }

  private static String code(Refusal refusal) {
    return refusal.code();
  }
}
