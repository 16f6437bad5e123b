package dev.rookery.auth;

import dev.rookery.auth.ProviderSignIns.SignInResult;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweptTable;
import dev.rookery.player.Credentials;
import dev.rookery.player.Provider;
import dev.rookery.player.ProviderLinks;
import dev.rookery.player.VerifiedProfile;
import dev.rookery.provider.Discord;
import dev.rookery.provider.Profile;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves sign-in with identity providers, on virtual threads: a slow provider delays only those who
 * sign in with it.
 */
public final class ProviderVerticle extends VerticleBase {
  private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(1);
  private static final int SWEEP_BATCH_MAX = 500;
  private static final int SWEEPS_MAX = 20;

  private final Bus bus;
  private final Database database;
  private final IdentityProviders providers;
  private final ClusterScheduler scheduler;
  private final MeterRegistry meters;
  private final ProviderLinks links;
  private final ProviderSignIns signIns;
  private final ProviderFlows flows;
  private final FlowResults results;
  private final TokenIssuer tokens;

  public ProviderVerticle(
      Bus bus,
      Database database,
      AuthDependencies parts,
      IdentityProviders providers,
      ClusterScheduler scheduler,
      MeterRegistry meters) {
    this.bus = bus;
    this.database = database;
    this.providers = providers;
    this.scheduler = scheduler;
    this.meters = meters;
    var identities =
        new Credentials(parts.clock(), parts.ids(), null, parts.settings().firstPlayerAdmin());
    this.links = new ProviderLinks(identities, parts.clock(), parts.ids());
    var sessionOpener =
        new SessionOpener(bus, new SessionStore(parts.clock()), parts.settings(), parts.clock());
    this.signIns = new ProviderSignIns(database, parts, identities, links, sessionOpener);
    this.flows = new ProviderFlows(database, parts, providers, signIns);
    this.results = new FlowResults(database, parts, identities);
    this.tokens = new TokenIssuer(parts);
  }

  @Override
  public Future<?> start() {
    scheduler.scheduleSweep(
        Sweep.every(
            SWEEP_INTERVAL,
            "expired provider flows",
            SweptTable.expired("provider_flow", "expires_ms")),
        _ -> sweep());
    return bus.<ProviderCommand<?>>serve(ProviderCommand.ADDRESS, this::handle);
  }

  private Object handle(ProviderCommand<?> command) {
    return switch (command) {
      case ProviderCommand.ListConfigured _ -> configured();
      case ProviderCommand.StartFlow(var provider, var linkTo, var client) ->
          started(provider, flows.start(provider, linkTo, null, null, client));
      case ProviderCommand.StartFlowOnPage(
              var provider,
              var linkTo,
              var browser,
              var to,
              var client) ->
          started(provider, flows.start(provider, linkTo, browser, to, client));
      case ProviderCommand.HandleCallback callback -> flows.handleCallback(callback, this::count);
      case ProviderCommand.GetFlowState(var session) -> results.state(session);
      case ProviderCommand.FinishFlow finish -> finish(finish);
      case ProviderCommand.ExchangeCode(var provider, var code, var linkTo, var client) ->
          signInOrLink(provider, () -> exchange(provider, code), linkTo, client);
      case ProviderCommand.ExchangeAppleAppCode(var code, var linkTo, var client) ->
          signInOrLink(
              Provider.APPLE,
              () -> providers.appleApp().exchange(code, providers.redirectUri(Provider.APPLE)),
              linkTo,
              client);
      case ProviderCommand.VerifyGoogleToken(var token, var linkTo, var client) ->
          signInOrLink(Provider.GOOGLE, () -> verifyGoogle(token), linkTo, client);
      case ProviderCommand.SignInWithDiscordToken(var token, var client) ->
          counted(Provider.DISCORD, () -> signInWithDiscord(token, client));
      case ProviderCommand.FindProviderId(var player, var provider) ->
          links.findProviderId(database, player, provider);
    };
  }

  private List<Provider> configured() {
    return Arrays.stream(Provider.values()).filter(providers.configured()::contains).toList();
  }

  private StartedFlow started(Provider provider, StartedFlow flow) {
    count(provider, "begun");
    return flow;
  }

  private ProviderOutcome finish(ProviderCommand.FinishFlow finish) {
    var flow = results.take(finish);
    return counted(
        flow.profile().provider(),
        () -> signInOrLink(flow.profile(), flow.linkTo(), finish.client()));
  }

  private Profile exchange(Provider provider, String code) {
    return flows.provider(provider).exchange(code, providers.redirectUri(provider));
  }

  private Profile verifyGoogle(String token) {
    if (providers.googleClientIds().isEmpty()) {
      throw new Refused(new Refusal.Unavailable("google_not_configured"));
    }
    return providers.google().verify(token, providers.googleClientIds());
  }

  private ProviderOutcome signInOrLink(
      Provider provider, Supplier<Profile> request, @Nullable PlayerId linkTo, Client client) {
    return counted(
        provider,
        () ->
            signInOrLink(signIns.verified(provider, ProviderErrors.call(request)), linkTo, client));
  }

  private ProviderOutcome signInOrLink(
      VerifiedProfile profile, @Nullable PlayerId linkTo, Client client) {
    Provider provider = profile.provider();
    if (linkTo != null) {
      signIns.link(linkTo, profile, _ -> {});
      count(provider, "linked");
      return new ProviderOutcome.Linked(provider);
    }
    SignInResult signedIn = signIns.signIn(profile, client, (_, _) -> {});
    count(provider, signedIn.created() ? "created" : "in");
    return new ProviderOutcome.SignedIn(tokens.issue(signedIn.session(), signedIn.player()));
  }

  private DiscordSignIn signInWithDiscord(String token, Client client) {
    Discord.User user = ProviderErrors.call(() -> providers.discord().user(token));
    var profile =
        signIns.verified(
            Provider.DISCORD, new Profile(user.id(), "", user.username(), user.avatar()));
    SignInResult signedIn = signIns.signIn(profile, client, (_, _) -> {});
    count(Provider.DISCORD, signedIn.created() ? "created" : "in");
    return new DiscordSignIn(
        tokens.issueLongLived(signedIn.session(), signedIn.player(), user.id()),
        user.id(),
        profile.name(),
        user.avatar());
  }

  private <T> T counted(Provider provider, Supplier<T> work) {
    try {
      return work.get();
    } catch (Refused no) {
      count(provider, no.refusal().code());
      throw no;
    }
  }

  private void count(Provider provider, String outcome) {
    Counter.builder("rookery.sign.in.provider")
        .description("Sign-ins with identity providers, by outcome")
        .tag("provider", provider.name().toLowerCase(Locale.ROOT))
        .tag("outcome", outcome)
        .register(meters)
        .increment();
  }

  private long sweep() {
    long removed = 0;
    for (int sweeps = 0; sweeps < SWEEPS_MAX; sweeps++) {
      int some = flows.sweep(SWEEP_BATCH_MAX);
      removed += some;
      if (some < SWEEP_BATCH_MAX) {
        break;
      }
    }
    return removed;
  }
}
