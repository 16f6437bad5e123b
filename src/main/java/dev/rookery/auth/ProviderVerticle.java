package dev.rookery.auth;

import dev.rookery.auth.ProviderSignIns.SignInResult;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.lease.ClusterScheduler;
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

/** Ways in over providers, on virtual threads: a provider that takes its time holds up nobody. */
public final class ProviderVerticle extends VerticleBase {
  private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);
  private static final int SWEPT_AT_ONCE_MAX = 500;
  private static final int SWEEPS_MAX = 20;

  private final Bus bus;
  private final Database database;
  private final IdentityProviders providers;
  private final ClusterScheduler duties;
  private final MeterRegistry meters;
  private final ProviderLinks links;
  private final ProviderSignIns signIns;
  private final ProviderFlows flows;
  private final FlowResults results;
  private final TokenIssuer pairs;

  public ProviderVerticle(
      Bus bus,
      Database database,
      AuthDependencies parts,
      IdentityProviders providers,
      ClusterScheduler duties,
      MeterRegistry meters) {
    this.bus = bus;
    this.database = database;
    this.providers = providers;
    this.duties = duties;
    this.meters = meters;
    var identities = new Credentials(parts.clock(), parts.ids());
    this.links = new ProviderLinks(identities, parts.clock(), parts.ids());
    var entrance =
        new Entrance(bus, new SessionStore(parts.clock()), parts.settings(), parts.clock());
    this.signIns = new ProviderSignIns(database, parts, identities, links, entrance);
    this.flows = new ProviderFlows(database, parts, providers, signIns);
    this.results = new FlowResults(database, parts, identities);
    this.pairs = new TokenIssuer(parts);
  }

  @Override
  public Future<?> start() {
    duties.every("expired provider flows", SWEEP_EVERY, _ -> sweep());
    return bus.<ProviderCommand<?>>serve(ProviderCommand.ADDRESS, this::handle);
  }

  private Object handle(ProviderCommand<?> command) {
    return switch (command) {
      case ProviderCommand.ListConfigured _ -> configured();
      case ProviderCommand.StartFlow(var provider, var linkTo, var client) ->
          begun(provider, flows.start(provider, linkTo, null, null, client));
      case ProviderCommand.StartFlowOnPage(
              var provider,
              var linkTo,
              var browser,
              var to,
              var client) ->
          begun(provider, flows.start(provider, linkTo, browser, to, client));
      case ProviderCommand.HandleCallback back -> flows.handleCallback(back, this::count);
      case ProviderCommand.GetFlowState(var session) -> results.state(session);
      case ProviderCommand.FinishFlow finish -> finish(finish);
      case ProviderCommand.ExchangeCode(var provider, var code, var linkTo, var client) ->
          arrive(provider, () -> exchanged(provider, code), linkTo, client);
      case ProviderCommand.ExchangeAppleAppCode(var code, var linkTo, var client) ->
          arrive(
              Provider.APPLE,
              () -> providers.appleApp().exchange(code, providers.redirectUri(Provider.APPLE)),
              linkTo,
              client);
      case ProviderCommand.VerifyGoogleToken(var token, var linkTo, var client) ->
          arrive(Provider.GOOGLE, () -> read(token), linkTo, client);
      case ProviderCommand.SignInWithDiscordToken(var token, var client) ->
          counted(Provider.DISCORD, () -> byDiscord(token, client));
      case ProviderCommand.FindProviderId(var player, var provider) ->
          links.findProviderId(database, player, provider);
    };
  }

  private List<Provider> configured() {
    return Arrays.stream(Provider.values()).filter(providers.configured()::contains).toList();
  }

  private StartedFlow begun(Provider provider, StartedFlow begun) {
    count(provider, "begun");
    return begun;
  }

  private ProviderOutcome finish(ProviderCommand.FinishFlow finish) {
    var taken = results.take(finish);
    return counted(
        taken.profile().provider(), () -> arrive(taken.profile(), taken.linkTo(), finish.client()));
  }

  private Profile exchanged(Provider provider, String code) {
    return flows.provider(provider).exchange(code, providers.redirectUri(provider));
  }

  private Profile read(String token) {
    if (providers.googleClientIds().isEmpty()) {
      throw new Refused(new Refusal.Unavailable("google_not_configured"));
    }
    return providers.google().verify(token, providers.googleClientIds());
  }

  private ProviderOutcome arrive(
      Provider provider, Supplier<Profile> asked, @Nullable PlayerId linkTo, Client client) {
    return counted(
        provider,
        () -> arrive(signIns.verified(provider, ProviderErrors.call(asked)), linkTo, client));
  }

  private ProviderOutcome arrive(
      VerifiedProfile profile, @Nullable PlayerId linkTo, Client client) {
    Provider provider = profile.provider();
    if (linkTo != null) {
      signIns.link(linkTo, profile, _ -> {});
      count(provider, "linked");
      return new ProviderOutcome.Linked(provider);
    }
    SignInResult entered = signIns.signIn(profile, client, (_, _) -> {});
    count(provider, entered.created() ? "created" : "in");
    return new ProviderOutcome.SignedIn(pairs.issue(entered.session(), 0, entered.player()));
  }

  private DiscordSignIn byDiscord(String token, Client client) {
    Discord.User user = ProviderErrors.call(() -> providers.discord().user(token));
    var profile =
        signIns.verified(
            Provider.DISCORD, new Profile(user.id(), "", user.username(), user.avatar()));
    SignInResult entered = signIns.signIn(profile, client, (_, _) -> {});
    count(Provider.DISCORD, entered.created() ? "created" : "in");
    return new DiscordSignIn(
        pairs.issueLongLived(entered.session(), entered.player(), user.id()),
        user.id(),
        user.username(),
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
        .description("Sign-ins over providers, by what came of them")
        .tag("provider", provider.name().toLowerCase(Locale.ROOT))
        .tag("outcome", outcome)
        .register(meters)
        .increment();
  }

  private void sweep() {
    for (int sweeps = 0; sweeps < SWEEPS_MAX; sweeps++) {
      if (flows.sweep(SWEPT_AT_ONCE_MAX) < SWEPT_AT_ONCE_MAX) {
        return;
      }
    }
  }
}
