package dev.rookery.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refusal.Denied;
import dev.rookery.base.Refusal.Invalid;
import dev.rookery.base.Refusal.Missing;
import dev.rookery.base.SessionId;
import dev.rookery.cache.LocalCounters;
import dev.rookery.email.EmailQueue;
import dev.rookery.email.PreviewEmailSender;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.PlayerVerticle;
import dev.rookery.session.Sessions;
import dev.rookery.session.Tokens;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestPasswords;
import dev.rookery.testkit.TestStore;
import dev.rookery.translation.Translations;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sign-in, registration, refresh and sign-out, on both databases. */
@ExtendWith(VertxExtension.class)
final class AuthTest {
  private static final Client CLIENT = new Client("127.0.0.1", "a browser");
  private static final String SECRET =
      "a secret of at least sixty-four bytes, as the algorithm has it.....";

  private TestBus node;
  private final SeededIds ids = new SeededIds(7);
  private final PasswordHasher passwordHasher = new PasswordHasher(ids, 2, TestPasswords.COST);
  private Tokens tokens;
  private Sessions sessions;

  @BeforeEach
  void start(Vertx vertx) {
    node = new TestBus(vertx);
  }

  private void open(TestStore store) {
    open(store, true);
  }

  private void open(TestStore store, boolean deviceSignIn) {
    tokens = new Tokens(node.vertx(), SECRET, store.clock(), ids);
    sessions = new Sessions(node.vertx(), node.bus(), tokens, store.clock());
    node.deploy(
        new PlayerVerticle(
            node.bus(), store.database(), store.clock(), Limits.DEFAULTS, TestStore.DIGESTS));
    var meters = new SimpleMeterRegistry();
    var dependencies =
        new AuthDependencies(
            tokens,
            passwordHasher,
            new SignInThrottle(new LocalCounters(store.clock()), meters),
            new EmailQueue(
                node.vertx(), new PreviewEmailSender(false), meters, InstantSource.system()),
            TestStore.DIGESTS,
            new AuthSettings(
                Limits.DEFAULTS,
                deviceSignIn,
                100,
                Duration.ofDays(365),
                "Rookery",
                () -> "",
                true,
                new Translations("en", new SimpleMeterRegistry())),
            store.clock(),
            ids);
    node.deploy(new AuthVerticle(node.bus(), store.database(), dependencies));
    var duties = TestClusterMember.join(store, "node").scheduler();
    node.deploy(
        new SessionVerticle(
            node.bus(), store.database(), sessions, store.clock(), ids, duties, true));
  }

  @AfterEach
  void close() {
    passwordHasher.close();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void unknownDeviceCreatesPlayerAndKnownDeviceFindsIt(TestStore store) {
    open(store);
    var first = signInByDevice("Phone");
    var again = signInByDevice("Phone");
    var other = signInByDevice("phone");

    assertThat(again.player()).isEqualTo(first.player());
    assertThat(other.player()).isNotEqualTo(first.player());
    assertThat(find(first.player()).hasDevice()).isTrue();
    assertThat(find(first.player()).lastSeenMs()).isEqualTo(store.clock().millis());
    assertThat(authenticated(first)).isEqualTo(first.player());
    assertThat(authenticated(again)).isEqualTo(first.player());
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void concurrentSignInsOfOneNewDeviceCreateOnePlayer(TestStore store) {
    open(store);
    List<Future<TokenPair>> all =
        IntStream.range(0, 200)
            .mapToObj(i -> node.bus().ask(new AuthCommand.SignInByDevice("d" + i % 3, CLIENT)))
            .toList();
    TestBus.await(Future.all(all));

    var players = new HashSet<PlayerId>();
    var refreshTokens = new HashSet<String>();
    all.forEach(one -> players.add(one.result().player()));
    all.forEach(one -> refreshTokens.add(one.result().refreshToken()));
    assertThat(players).hasSize(3);
    assertThat(refreshTokens).hasSize(200);
    assertThat(count(store, "SELECT COUNT(*) AS n FROM player")).isEqualTo(3);
    assertThat(count(store, "SELECT COUNT(*) AS n FROM session")).isEqualTo(200);
    assertThat(count(store, "SELECT COUNT(*) AS n FROM player WHERE admin = 1")).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void onlyFirstPlayerBecomesAdmin(TestStore store) {
    open(store);
    var first = signInByDevice("first");
    assertThat(find(first.player()).admin()).isTrue();
    node.ask(new PlayerCommand.Remove(first.player()));

    assertThat(find(signInByDevice("second").player()).admin()).isFalse();
    assertThat(find(register("x@example.org", "long enough").player()).admin()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void rejectsInvalidDeviceIds(TestStore store) {
    open(store);
    assertThat(invalidFields(new AuthCommand.SignInByDevice("  ", CLIENT)))
        .isEqualTo(Map.of("device_id", List.of("can't be blank")));
    assertThat(invalidFields(new AuthCommand.SignInByDevice("x".repeat(257), CLIENT)))
        .isEqualTo(Map.of("device_id", List.of("should be at most 256 character(s)")));
    assertThat(invalidFields(new AuthCommand.SignInByDevice("a\0b", CLIENT)))
        .isEqualTo(Map.of("device_id", List.of("is invalid")));
    assertThat(signInByDevice("'; DROP TABLE player; --").player()).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void refusesDeviceSignInWhenDisabled(TestStore store) {
    open(store, false);
    assertThat(node.refusal(new AuthCommand.SignInByDevice("phone", CLIENT)))
        .isEqualTo(new Denied("device_auth_disabled"));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void signInIgnoresCaseAndSpacesOfEmail(TestStore store) {
    open(store);
    var registered =
        node.ask(
                new AuthCommand.Register(
                    " Ann@Example.org ", "correct horse", "correct horse", "Ann", null, CLIENT))
            .tokens();

    var signedIn = signInByPassword("ANN@example.ORG", "correct horse");
    assertThat(signedIn.player()).isEqualTo(registered.player());
    assertThat(signedIn.displayName()).isEqualTo("Ann");
    assertThat(find(registered.player()).email()).isEqualTo("ann@example.org");
    assertThat(find(registered.player()).hasPassword()).isTrue();
    assertThat(authenticated(signedIn)).isEqualTo(registered.player());
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void allWrongCredentialsGetTheSameAnswer(TestStore store) {
    open(store);
    register("ann@example.org", "correct horse");
    signInByDevice("phone");
    var no = new Denied("invalid_credentials");

    assertThat(node.refusal(signInCommand("ann@example.org", "wrong horse"))).isEqualTo(no);
    assertThat(node.refusal(signInCommand("ann@example.org", ""))).isEqualTo(no);
    assertThat(node.refusal(signInCommand("ann@example.org", "x".repeat(5_000)))).isEqualTo(no);
    assertThat(node.refusal(signInCommand("bob@example.org", "correct horse"))).isEqualTo(no);
    assertThat(node.refusal(signInCommand("", "correct horse"))).isEqualTo(no);
    assertThat(node.refusal(signInCommand("a\0@example.org", "correct horse"))).isEqualTo(no);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_6_2_1_registrationReportsAllInvalidFields(TestStore store) {
    open(store);
    register("ann@example.org", "correct horse");
    signInByDevice("phone");

    assertThat(
            invalidFields(
                new AuthCommand.Register(
                    "no address", "short", "other", "n".repeat(81), "", CLIENT)))
        .isEqualTo(
            Map.of(
                "email", List.of("must have the @ sign and no spaces"),
                "password", List.of("should be at least 8 character(s)"),
                "password_confirmation", List.of("does not match password"),
                "display_name", List.of("should be at most 80 character(s)"),
                "device_id", List.of("can't be blank")));
    assertThat(invalidFields(registerCommand("", "")))
        .isEqualTo(
            Map.of("email", List.of("can't be blank"), "password", List.of("can't be blank")));
    assertThat(invalidFields(registerCommand("a@b@c", "\u00e9".repeat(40))))
        .isEqualTo(
            Map.of(
                "email", List.of("must have the @ sign and no spaces"),
                "password", List.of("should be at most 72 byte(s)")));
    assertThat(invalidFields(registerCommand("a@b", "x".repeat(73))))
        .isEqualTo(Map.of("password", List.of("should be at most 72 character(s)")));
    assertThat(
            invalidFields(
                new AuthCommand.Register(
                    "ANN@example.org", "long enough", null, null, "phone", CLIENT)))
        .isEqualTo(
            Map.of(
                "email", List.of("has already been taken"),
                "device_id", List.of("has already been taken")));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void concurrentRegistrationsOfOneEmailCreateOnePlayer(TestStore store) {
    open(store);
    List<Future<RegistrationResult>> all =
        IntStream.range(0, 6)
            .mapToObj(_ -> node.bus().ask(registerCommand("ann@example.org", "correct horse")))
            .toList();
    TestBus.await(Future.join(all).otherwiseEmpty());

    assertThat(all.stream().filter(Future::succeeded)).hasSize(1);
    assertThat(count(store, "SELECT COUNT(*) AS n FROM player")).isEqualTo(1);
    assertThat(count(store, "SELECT COUNT(*) AS n FROM session")).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void passwordSignInLinksDeviceUnlessTaken(TestStore store) {
    open(store);
    var ann = register("ann@example.org", "correct horse");
    var bob = register("bob@example.org", "correct horse");

    node.ask(new AuthCommand.SignInByPassword("ann@example.org", "correct horse", "tv", CLIENT));
    node.ask(new AuthCommand.SignInByPassword("bob@example.org", "correct horse", "tv", CLIENT));
    assertThat(signInByDevice("tv").player()).isEqualTo(ann.player());
    assertThat(find(bob.player()).hasDevice()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_7_3_1_timelyRefreshesExtendTheSession(TestStore store) {
    open(store);
    var last = signInByDevice("phone");
    for (int month = 0; month < 3; month++) {
      store.clock().advance(Duration.ofDays(29));
      last = refresh(last.refreshToken());
    }
    assertThat(authenticated(last)).isEqualTo(last.player());

    store.clock().advance(Tokens.REFRESH_LIFETIME);
    assertThat(node.refusal(new AuthCommand.Refresh(last.refreshToken(), CLIENT)))
        .isEqualTo(new Denied("invalid_token"));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_7_2_1_endedSessionIsRefusedOnceCachedCheckIsStale(TestStore store) {
    open(store);
    var phone = signInByDevice("phone");
    var tablet = signInByDevice("phone");
    authenticated(phone);
    node.ask(new AuthCommand.SignOut(sessionId(phone)));
    node.ask(new AuthCommand.SignOut(sessionId(phone)));

    store.clock().advance(Sessions.CACHE_TTL);
    assertThat(TestBus.refusal(sessions.authenticate(phone.accessToken())))
        .isEqualTo(new Denied("session_ended"));
    assertThat(node.refusal(new AuthCommand.Refresh(phone.refreshToken(), CLIENT)))
        .isEqualTo(new Denied("invalid_token"));
    assertThat(authenticated(tablet)).isEqualTo(phone.player());
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void asvs_7_4_3_changingPasswordEndsAllOtherSessions(TestStore store) {
    open(store);
    var old = register("ann@example.org", "correct horse");
    var current = signInByPassword("ann@example.org", "correct horse");
    node.ask(
        new AuthCommand.ChangePassword(
            current.player(), sessionId(current), null, "battery staple", "battery staple"));

    store.clock().advance(Sessions.CACHE_TTL);
    assertThat(TestBus.refusal(sessions.authenticate(old.accessToken())))
        .isEqualTo(new Denied("session_ended"));
    assertThat(authenticated(current)).isEqualTo(current.player());
    assertThat(node.refusal(signInCommand("ann@example.org", "correct horse")))
        .isEqualTo(new Denied("invalid_credentials"));
    assertThat(signInByPassword("ann@example.org", "battery staple").player())
        .isEqualTo(current.player());
    assertThat(
            invalidFields(
                new AuthCommand.ChangePassword(
                    current.player(), sessionId(current), null, "short", "x")))
        .containsOnlyKeys("password", "password_confirmation");
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void tokensOfDeletedPlayerAreRefusedAsPlayerNotFound(TestStore store) {
    open(store);
    var deleted = signInByDevice("phone");
    node.ask(new PlayerCommand.Remove(deleted.player()));
    node.ask(new AuthCommand.SignOutAll(deleted.player(), null));

    assertThat(TestBus.refusal(sessions.authenticate(deleted.accessToken())))
        .isEqualTo(new Missing("player_not_found"));
    assertThat(node.refusal(new AuthCommand.Refresh(deleted.refreshToken(), CLIENT)))
        .isEqualTo(new Missing("player_not_found"));
    assertThat(signInByDevice("phone").player()).isNotEqualTo(deleted.player());
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void sessionEndLostByTheBusIsPolled(TestStore store) {
    open(store);
    var signedIn = signInByDevice("phone");
    var other = signInByDevice("phone");
    var notified = io.vertx.core.Promise.<SessionId>promise();
    sessions.onEnd(sessionId(signedIn), () -> notified.complete(sessionId(signedIn)));
    sessions.onEnd(sessionId(other), () -> notified.fail("the other session ended"));

    // As another node would, but without the broadcast.
    store
        .database()
        .write(
            tx ->
                tx.run(
                    "UPDATE session SET ended_ms = $1 WHERE id = $2",
                    store.clock().millis() - 1_000,
                    sessionId(signedIn).value()));

    assertThat(TestBus.await(notified.future())).isEqualTo(sessionId(signedIn));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void sessionEndListenerRunsOnItsOwnContext(TestStore store) {
    open(store);
    var signedIn = signInByDevice("phone");
    var context = node.vertx().getOrCreateContext();
    var notified = io.vertx.core.Promise.<Boolean>promise();
    context.runOnContext(
        _ ->
            sessions.onEnd(
                sessionId(signedIn),
                () -> notified.complete(context == io.vertx.core.Vertx.currentContext())));
    node.ask(new AuthCommand.SignOutAll(signedIn.player(), null));

    assertThat(TestBus.await(notified.future())).isTrue();
  }

  private TokenPair signInByDevice(String device) {
    return node.ask(new AuthCommand.SignInByDevice(device, CLIENT));
  }

  private TokenPair signInByPassword(String email, String password) {
    return node.ask(signInCommand(email, password));
  }

  private static AuthCommand.SignInByPassword signInCommand(String email, String password) {
    return new AuthCommand.SignInByPassword(email, password, null, CLIENT);
  }

  private TokenPair register(String email, String password) {
    return node.ask(registerCommand(email, password)).tokens();
  }

  private static AuthCommand.Register registerCommand(String email, String password) {
    return new AuthCommand.Register(email, password, null, null, null, CLIENT);
  }

  private TokenPair refresh(String token) {
    return node.ask(new AuthCommand.Refresh(token, CLIENT));
  }

  private PlayerId authenticated(TokenPair tokenPair) {
    return TestBus.await(sessions.authenticate(tokenPair.accessToken())).player();
  }

  private SessionId sessionId(TokenPair tokenPair) {
    return tokens.readAccess(tokenPair.accessToken()).session();
  }

  private Player find(PlayerId player) {
    return node.ask(new PlayerCommand.Find(player));
  }

  private Map<String, List<String>> invalidFields(AuthCommand<?> command) {
    Refusal refusal = node.refusal(command);
    assertThat(refusal).isInstanceOf(Invalid.class);
    return ((Invalid) refusal).fields();
  }

  private static long count(TestStore store, String sql) {
    return store.database().read(sql).row(0).number("n");
  }
}
