package dev.rookery.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.auth.ProviderFlow.Status;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refusal.Conflict;
import dev.rookery.base.Refusal.Denied;
import dev.rookery.base.Refusal.Limited;
import dev.rookery.base.Refusal.Missing;
import dev.rookery.base.Refused;
import dev.rookery.email.SmtpEmailSender;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.Provider;
import dev.rookery.testkit.ProviderServer;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestMailServer;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Flows over a provider, as pages and apps start and finish them. */
final class ProviderFlowTest {
  private static final String BROWSER = "what this browser alone knows";
  private static final String EMAIL = "ann@example.com";
  private static final String PAGE = "/users/log-in/back";
  private static final Refusal INVALID = new Denied("invalid_state");

  private final ProviderServer providers = ProviderServer.start();
  private AuthNode node;

  @AfterEach
  void close() {
    node.close();
    providers.close();
  }

  private void start(TestStore store) {
    node = new AuthNode(store, 11, 100, Duration.ofDays(365)).withProviders(providers);
    node.signInByDevice("admin");
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void signsInOnPageOnlyInTheBrowserThatStarted(TestStore store) {
    start(store);
    assertThat(node.ask(new ProviderCommand.ListConfigured()))
        .containsExactly(Provider.DISCORD, Provider.STEAM);
    StartedFlow begun = startOnPage(null);
    var back = (RedirectTarget.ReturnPage) handleCallback(begun);
    assertThat(back.returnTo()).isEqualTo(PAGE);
    assertThat(node.refusal(new ProviderCommand.GetFlowState(begun.session())))
        .isEqualTo(new Missing("session_not_found"));

    // An attacker sends this URL to somebody, to sign them in to the account of the attacker.
    assertThat(node.refusal(finish(back, "another browser", null))).isEqualTo(INVALID);
    assertThat(players(store)).isEqualTo(1);

    var in = (ProviderOutcome.SignedIn) node.ask(finish(back, BROWSER, null));
    assertThat(node.authenticated(in.tokens())).isEqualTo(in.tokens().player());
    assertThat(in.tokens().displayName()).isEqualTo("Ann");
    assertThat(node.refusal(finish(back, BROWSER, null))).isEqualTo(INVALID);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void linksOnPageOnlyThePlayerWhoStarted(TestStore store) {
    start(store);
    var bob = node.signInByDevice("bob");
    var eve = node.signInByDevice("eve");
    var wrong = (RedirectTarget.ReturnPage) handleCallback(startOnPage(bob.player()));
    assertThat(node.refusal(finish(wrong, BROWSER, eve.player()))).isEqualTo(INVALID);
    assertThat(node.ask(new PlayerCommand.Find(bob.player())).linked()).isEmpty();

    var right = (RedirectTarget.ReturnPage) handleCallback(startOnPage(bob.player()));
    assertThat(node.ask(finish(right, BROWSER, bob.player())))
        .isEqualTo(new ProviderOutcome.Linked(Provider.DISCORD));
    assertThat(node.ask(new PlayerCommand.Find(bob.player())).linked())
        .containsExactly(Provider.DISCORD);

    var taken = (RedirectTarget.ReturnPage) handleCallback(startOnPage(eve.player()));
    assertThat(node.refusal(finish(taken, BROWSER, eve.player())))
        .isEqualTo(new Conflict("provider_already_linked"));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void tellsPageWhyTheFlowFailed(TestStore store) {
    start(store);
    StartedFlow begun = startOnPage(null);
    var cancelled =
        (RedirectTarget.ReturnPage)
            node.ask(
                new ProviderCommand.HandleCallback(
                    Provider.DISCORD,
                    Map.of("state", begun.session(), "error", "access_denied"),
                    AuthNode.CLIENT));
    assertThat(node.refusal(finish(cancelled, BROWSER, null))).isEqualTo(new Denied("cancelled"));

    providers.respondWith("/oauth2/token", 400, "{}");
    var refused = (RedirectTarget.ReturnPage) handleCallback(startOnPage(null));
    assertThat(node.refusal(finish(refused, BROWSER, null))).isEqualTo(new Denied("not_vouched"));
    providers.respondWith("/oauth2/token", 502, "{}");
    var away = (RedirectTarget.ReturnPage) handleCallback(startOnPage(null));
    assertThat(node.refusal(finish(away, BROWSER, null)))
        .isEqualTo(new Refusal.Unavailable("provider_away"));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void deletesExpiredFlows(TestStore store) {
    start(store);
    StartedFlow late = start();
    StartedFlow done = start();
    handleCallback(done);
    assertThat(state(done)).isInstanceOf(FlowState.SignedIn.class);
    store.clock().advance(ProviderFlow.RESULT_LIFETIME);
    assertThat(node.refusal(new ProviderCommand.GetFlowState(done.session())))
        .isEqualTo(new Missing("session_not_found"));
    assertThat(state(late)).isEqualTo(new FlowState.Pending(null));

    Map<String, String> brought = callbackParameters(late);
    store.clock().advance(ProviderFlow.LIFETIME.minus(ProviderFlow.RESULT_LIFETIME));
    assertThat(
            node.refusal(
                new ProviderCommand.HandleCallback(Provider.DISCORD, brought, AuthNode.CLIENT)))
        .isEqualTo(INVALID);
    store.clock().advance(Duration.ofMillis(1));
    var flows = new ProviderFlowStore(store.clock());
    int swept = store.database().write(tx -> flows.sweep(tx, 1));
    swept += store.database().write(tx -> flows.sweep(tx, 100));
    assertThat(swept).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void limitsPendingFlowsPerNetwork(TestStore store) {
    start(store);
    var flows = new ProviderFlowStore(store.clock());
    var flow = new ProviderFlow(Provider.DISCORD, "v", "n", null, null, Status.PENDING, "{}");
    store
        .database()
        .write(
            tx -> {
              for (int i = 0; i < ProviderFlowStore.PER_NETWORK_MAX; i++) {
                assertThat(flows.insert(tx, "state " + i, flow, null, AuthNode.CLIENT)).isTrue();
              }
              return flow;
            });
    assertThat(node.refusal(new ProviderCommand.StartFlow(Provider.DISCORD, null, AuthNode.CLIENT)))
        .isEqualTo(new Limited("too_many_flows", ProviderFlow.LIFETIME));
    node.ask(new ProviderCommand.StartFlow(Provider.DISCORD, null, new Client("192.0.2.7", null)));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void acceptsStateOnceAmongConcurrentCallbacks(TestStore store) {
    start(store);
    StartedFlow begun = start();
    var brought = callbackParameters(begun);
    var all =
        IntStream.range(0, 8)
            .mapToObj(
                _ ->
                    node.bus()
                        .bus()
                        .ask(
                            new ProviderCommand.HandleCallback(
                                Provider.DISCORD, brought, AuthNode.CLIENT)))
            .toList();
    assertThat(all.stream().filter(ProviderFlowTest::succeeds)).hasSize(1);
    assertThat(state(begun)).isInstanceOf(FlowState.SignedIn.class);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void createsOnePlayerForConcurrentSignIns(TestStore store) {
    start(store);
    List<Future<ProviderOutcome>> all =
        IntStream.range(0, 12)
            .mapToObj(
                _ ->
                    node.bus()
                        .bus()
                        .ask(
                            new ProviderCommand.ExchangeCode(
                                Provider.DISCORD, providers.code(ann()), null, AuthNode.CLIENT)))
            .toList();
    var players = new HashSet<PlayerId>();
    all.forEach(
        in -> players.add(((ProviderOutcome.SignedIn) TestBus.await(in)).tokens().player()));
    assertThat(players).hasSize(1);
    assertThat(players(store)).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void rejectsBannedPlayer(TestStore store) {
    start(store);
    var exchange =
        new ProviderCommand.ExchangeCode(
            Provider.DISCORD, providers.code(ann()), null, AuthNode.CLIENT);
    PlayerId player = ((ProviderOutcome.SignedIn) node.ask(exchange)).tokens().player();
    node.ask(new AuthCommand.Ban(player, new PlayerId(1), "cheating", null));

    StartedFlow begun = start();
    handleCallback(begun);
    assertThat(state(begun)).isEqualTo(new FlowState.Failed("account_banned", "cheating"));
    assertThat(
            node.refusal(
                new ProviderCommand.SignInWithDiscordToken(
                    providers.token(ann()), AuthNode.CLIENT)))
        .isInstanceOfSatisfying(
            Denied.class, no -> assertThat(no.code()).isEqualTo("account_banned"));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void emailsPlayerAboutNewLinkedProvider(TestStore store) {
    try (var mail = TestMailServer.start()) {
      node =
          new AuthNode(
              store, vertx -> new SmtpEmailSender(vertx, mail.config(), "game@example.com"));
      node.withProviders(providers);
      PlayerId bob = node.signInByDevice("bob").player();
      store
          .database()
          .write(
              tx ->
                  tx.run(
                          "UPDATE player SET email = $1, email_confirmed_ms = 1 WHERE id = $2"
                              + " RETURNING id",
                          EMAIL,
                          bob.value())
                      .size());
      // The verified address matches the player, who is told by email.
      var known =
          new ProviderCommand.ExchangeCode(
              Provider.DISCORD, providers.code(ann()), null, AuthNode.CLIENT);
      assertThat(((ProviderOutcome.SignedIn) node.ask(known)).tokens().player()).isEqualTo(bob);
      assertThat(mail.await(EMAIL, 1).text()).contains("A Discord account was linked");

      providers.nextUser(JsonObject.of("steamid", "76561198000000001"));
      var linked =
          new ProviderCommand.ExchangeCode(
              Provider.STEAM, "14000000deadbeef", bob, AuthNode.CLIENT);
      node.ask(linked);
      assertThat(mail.await(EMAIL, 2).text()).contains("A Steam account was linked");

      // A repeated link changes nothing and sends no email.
      node.ask(linked);
      node.ask(new EmailCommand.RequestMagicLink(EMAIL, AuthNode.CLIENT));
      assertThat(mail.await(EMAIL, 3).subject()).isEqualTo("Sign in to Rookery");
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void storesNoSecretOfAFlowInPlainText(TestStore store) {
    start(store);
    StartedFlow begun = start();
    handleCallback(begun);
    var in = (FlowState.SignedIn) state(begun);
    String row =
        store
            .database()
            .read("SELECT digest, outcome FROM provider_flow")
            .first(kept -> kept.text("digest") + kept.text("outcome"))
            .orElseThrow();
    assertThat(row)
        .doesNotContain(begun.session(), in.tokens().accessToken(), in.tokens().refreshToken());
    assertThat(begun.toString() + new ProviderCommand.GetFlowState(begun.session()) + in)
        .doesNotContain(begun.session(), in.tokens().accessToken());
  }

  private StartedFlow start() {
    return node.ask(new ProviderCommand.StartFlow(Provider.DISCORD, null, AuthNode.CLIENT));
  }

  private StartedFlow startOnPage(PlayerId linkTo) {
    return node.ask(
        new ProviderCommand.StartFlowOnPage(
            Provider.DISCORD, linkTo, BROWSER, PAGE, AuthNode.CLIENT));
  }

  /** Parameters of the callback after Ann has signed in at the provider. */
  private Map<String, String> callbackParameters(StartedFlow begun) {
    providers.nextUser(ann());
    return new HashMap<>(
        ProviderServer.fields(ProviderServer.openInBrowser(begun.authorizationUrl())));
  }

  private RedirectTarget handleCallback(StartedFlow begun) {
    return node.ask(
        new ProviderCommand.HandleCallback(
            Provider.DISCORD, callbackParameters(begun), AuthNode.CLIENT));
  }

  private FlowState state(StartedFlow begun) {
    return node.ask(new ProviderCommand.GetFlowState(begun.session()));
  }

  private static ProviderCommand.FinishFlow finish(
      RedirectTarget.ReturnPage page, String browser, PlayerId me) {
    return new ProviderCommand.FinishFlow(page.flow(), browser, me, AuthNode.CLIENT);
  }

  private static boolean succeeds(Future<?> asked) {
    try {
      TestBus.await(asked);
      return true;
    } catch (Refused refused) {
      assertThat(refused.refusal()).isEqualTo(INVALID);
      return false;
    }
  }

  private static long players(TestStore store) {
    return store.database().read("SELECT COUNT(*) AS n FROM player").row(0).number("n");
  }

  private static JsonObject ann() {
    return JsonObject.of(
        "id", "d1", "username", "ann", "global_name", "Ann", "email", EMAIL, "verified", true);
  }
}
