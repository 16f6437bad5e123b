package dev.rookery.auth;

import dev.rookery.auth.ProviderSignIns.Entered;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.player.Credentials;
import dev.rookery.player.Provider;
import dev.rookery.player.ProviderLinks;
import dev.rookery.player.Vouched;
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
  private final ProviderParts providers;
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
      ProviderParts providers,
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
      case ProviderCommand.Begin(var provider, var linkTo, var client) ->
          begun(provider, flows.begin(provider, linkTo, null, null, client));
      case ProviderCommand.BeginOnPage(var provider, var linkTo, var browser, var to, var client) ->
          begun(provider, flows.begin(provider, linkTo, browser, to, client));
      case ProviderCommand.Return back -> flows.returned(back, this::count);
      case ProviderCommand.Look(var session) -> results.look(session);
      case ProviderCommand.Finish finish -> finish(finish);
      case ProviderCommand.Exchange(var provider, var code, var linkTo, var client) ->
          arrive(provider, () -> exchanged(provider, code), linkTo, client);
      case ProviderCommand.ExchangeApplePhone(var code, var linkTo, var client) ->
          arrive(
              Provider.APPLE,
              () -> providers.applePhone().exchange(code, providers.redirectUri(Provider.APPLE)),
              linkTo,
              client);
      case ProviderCommand.ReadGoogleToken(var token, var linkTo, var client) ->
          arrive(Provider.GOOGLE, () -> read(token), linkTo, client);
      case ProviderCommand.SignInByDiscord(var token, var client) ->
          counted(Provider.DISCORD, () -> byDiscord(token, client));
      case ProviderCommand.IdOf(var player, var provider) ->
          links.findProviderId(database, player, provider);
    };
  }

  private List<Provider> configured() {
    return Arrays.stream(Provider.values()).filter(providers.configured()::contains).toList();
  }

  private Begun begun(Provider provider, Begun begun) {
    count(provider, "begun");
    return begun;
  }

  private Arrival finish(ProviderCommand.Finish finish) {
    var taken = results.take(finish);
    return counted(
        taken.vouched().provider(), () -> arrive(taken.vouched(), taken.linkTo(), finish.client()));
  }

  private Profile exchanged(Provider provider, String code) {
    return flows.at(provider).exchange(code, providers.redirectUri(provider));
  }

  private Profile read(String token) {
    if (providers.googleClients().isEmpty()) {
      throw new Refused(new Refusal.Unavailable("google_not_configured"));
    }
    return providers.google().read(token, providers.googleClients());
  }

  private Arrival arrive(
      Provider provider, Supplier<Profile> asked, @Nullable PlayerId linkTo, Client client) {
    return counted(
        provider, () -> arrive(signIns.vouched(provider, Vouching.ask(asked)), linkTo, client));
  }

  private Arrival arrive(Vouched vouched, @Nullable PlayerId linkTo, Client client) {
    Provider provider = vouched.provider();
    if (linkTo != null) {
      signIns.link(linkTo, vouched, _ -> {});
      count(provider, "linked");
      return new Arrival.Linked(provider);
    }
    Entered entered = signIns.enter(vouched, client, (_, _) -> {});
    count(provider, entered.created() ? "created" : "in");
    return new Arrival.In(pairs.issue(entered.session(), 0, entered.player()));
  }

  private DiscordArrival byDiscord(String token, Client client) {
    Discord.User user = Vouching.ask(() -> providers.discord().user(token));
    var vouched =
        signIns.vouched(
            Provider.DISCORD, new Profile(user.id(), "", user.username(), user.avatar()));
    Entered entered = signIns.enter(vouched, client, (_, _) -> {});
    count(Provider.DISCORD, entered.created() ? "created" : "in");
    return new DiscordArrival(
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
