package dev.rookery.auth;

import dev.rookery.auth.AdminOidcFlowStore.Flow;
import dev.rookery.auth.ProviderSignIns.SignInResult;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.console.Actor;
import dev.rookery.console.AuditedChange;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.Grants;
import dev.rookery.console.OidcSignIns;
import dev.rookery.console.RoleTemplate;
import dev.rookery.console.SignInCounter;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.Sweep;
import dev.rookery.lease.SweptTable;
import dev.rookery.player.Credentials;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.Provider;
import dev.rookery.player.ProviderLinks;
import dev.rookery.player.VerifiedProfile;
import dev.rookery.provider.AuthorizationRequest;
import dev.rookery.provider.IssuerIdentity;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@link AdminOidcCommand}, on virtual threads. The groups of an admin are read at each
 * sign-in, and decide about their role: they give it in place of another one, and take it when none
 * gives one any more. The last owner stays one whatever the groups say.
 *
 * <p>Each refused sign-in is in the audit log; the throttle of passwords applies.
 */
public final class AdminOidcVerticle extends VerticleBase {
  private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(1);
  private static final Duration FRESH_FOR = Duration.ofMinutes(5);
  private static final String METHOD = "oidc";
  private static final String LAST_OWNER = "last_owner";

  private final Bus bus;
  private final Database database;
  private final AuthDependencies parts;
  private final @Nullable AdminOidcSettings settings;
  private final ClusterScheduler scheduler;
  private final ProviderLinks links;
  private final ProviderSignIns signIns;
  private final TokenIssuer tokens;
  private final Grants grants;
  private final OidcSignIns oidc = new OidcSignIns();
  private final AdminOidcFlowStore flows = new AdminOidcFlowStore();
  private final SignInCounter counter;

  /**
   * @param settings null on a server without an identity provider of admins
   */
  public AdminOidcVerticle(
      Bus bus,
      Database database,
      AuthDependencies parts,
      @Nullable AdminOidcSettings settings,
      ClusterScheduler scheduler) {
    this.bus = bus;
    this.database = database;
    this.parts = parts;
    this.grants = new Grants(parts.clock());
    this.settings = settings;
    this.scheduler = scheduler;
    var identities =
        new Credentials(parts.clock(), parts.ids(), null, parts.settings().firstPlayerAdmin());
    this.links = new ProviderLinks(identities, parts.clock(), parts.ids());
    var sessionOpener =
        new SessionOpener(bus, new SessionStore(parts.clock()), parts.settings(), parts.clock());
    this.signIns = new ProviderSignIns(database, parts, identities, links, sessionOpener);
    this.tokens = new TokenIssuer(parts);
    this.counter = new SignInCounter(database.registry());
  }

  @Override
  public Future<?> start() {
    scheduler.scheduleSweep(
        Sweep.every(
            SWEEP_INTERVAL,
            "expired sign-ins of admins",
            SweptTable.expired("console_oidc_flow", "expires_ms")),
        _ -> database.write(flows::sweep));
    return bus.<AdminOidcCommand<?>>serve(AdminOidcCommand.ADDRESS, this::handle);
  }

  private Object handle(AdminOidcCommand<?> command) {
    AdminOidcSettings provider = settings;
    if (provider == null) {
      if (command instanceof AdminOidcCommand.ListGroupRoles) {
        return List.of();
      }
      throw ProviderErrors.refused("provider_not_configured");
    }
    return switch (command) {
      case AdminOidcCommand.Start start -> start(start, provider);
      case AdminOidcCommand.Finish finish -> recorded(finish, provider);
      case AdminOidcCommand.ListGroupRoles _ -> groupRoles(provider);
    };
  }

  private List<AdminOidcCommand.GroupRole> groupRoles(AdminOidcSettings provider) {
    return provider.roles().entrySet().stream()
        .map(
            entry ->
                new AdminOidcCommand.GroupRole(
                    entry.getKey(),
                    entry.getValue(),
                    grants.findRole(database, entry.getValue()).isPresent()))
        .toList();
  }

  private String start(AdminOidcCommand.Start start, AdminOidcSettings provider) {
    var request =
        new AuthorizationRequest(
            parts.ids().token(ProviderFlow.SECRET_BYTES),
            parts.ids().token(ProviderFlow.SECRET_BYTES),
            parts.ids().token(ProviderFlow.SECRET_BYTES),
            provider.redirectUri());
    var parameters = new HashMap<String, String>();
    if (!provider.factorAcr().isEmpty()) {
      parameters.put("acr_values", String.join(" ", provider.factorAcr()));
    }
    if (start.fresh()) {
      parameters.put("prompt", "login");
      parameters.put("max_age", "0");
    }
    String url =
        ProviderErrors.call(() -> provider.provider().authorizationUrl(request, parameters));
    var flow = new Flow(request.codeVerifier(), request.nonce(), start.returnTo(), start.fresh());
    boolean inserted =
        database.write(
            tx -> flows.insert(tx, request.state(), flow, start.browser(), start.client()));
    if (!inserted) {
      throw new Refused(new Refusal.Limited("too_many_flows", AdminOidcFlowStore.LIFETIME));
    }
    return url;
  }

  /** Finishes a sign-in; one that is refused is counted and recorded. */
  private AdminOidcCommand.SignedIn recorded(
      AdminOidcCommand.Finish finish, AdminOidcSettings provider) {
    var attempt = new Attempt();
    try {
      return finish(finish, provider, attempt);
    } catch (Refused no) {
      String result = no.refusal().code();
      counter.count(METHOD, result);
      if (attempt.begun) {
        bus.ask(
                new ConsoleCommand.Record(
                    change(finish, attempt.player, "console_sign_in"), result))
            .await();
      }
      throw no;
    }
  }

  /** What is known of a sign-in that may be refused; one that nobody began is not recorded. */
  private static final class Attempt {
    private boolean begun;
    private @Nullable PlayerId player;
    private Optional<String> earlierRole = Optional.empty();
  }

  private AdminOidcCommand.SignedIn finish(
      AdminOidcCommand.Finish finish, AdminOidcSettings provider, Attempt attempt) {
    // Codes cannot be guessed; what is bounded is how often others make the provider be asked.
    parts.throttle().beginAttempt("console oidc", finish.client(), () -> true);
    String state = finish.parameters().getOrDefault("state", "");
    Flow flow =
        database
            .write(tx -> flows.take(tx, state, finish.browser()))
            .orElseThrow(() -> Refused.denied("invalid_state"));
    attempt.begun = true;
    if (!finish.parameters().containsKey("code")) {
      throw Refused.denied("cancelled");
    }
    var request =
        new AuthorizationRequest(state, flow.verifier(), flow.nonce(), provider.redirectUri());
    IssuerIdentity identity =
        ProviderErrors.call(
            () ->
                provider.provider().identify(finish.parameters(), request, provider.groupsClaim()));
    requireFresh(flow, identity);
    VerifiedProfile profile = signIns.verified(Provider.OPENID, identity.profile());
    List<String> names = provider.rolesOf(identity.groups());
    Optional<RoleTemplate> role = mostRights(names);
    if (role.isEmpty()) {
      takeRole(finish, profile, attempt);
      throw names.isEmpty() ? Refused.denied("no_group") : noSuchRole(names);
    }
    OidcSignIns.Factor factor = factor(identity, provider);
    SignInResult signedIn =
        signIns.signIn(
            profile,
            finish.client(),
            (tx, result) -> record(tx, result, role.get(), factor, attempt));
    PlayerId player = signedIn.player().player();
    attempt.player = player;
    setRole(finish, player, role.get(), attempt);
    parts.throttle().recordSuccess("console oidc", finish.client());
    return new AdminOidcCommand.SignedIn(
        player, tokens.issue(signedIn.session(), signedIn.player()), flow.returnTo());
  }

  /** The one with the most rights of those that exist. */
  private Optional<RoleTemplate> mostRights(List<String> names) {
    return names.stream()
        .flatMap(name -> grants.findRole(database, name).stream())
        .min(RoleTemplate.BY_RIGHTS);
  }

  private static Refused noSuchRole(List<String> names) {
    return new Refused(
        new Refusal.Denied("no_group_role", Map.of("roles", String.join(", ", names))));
  }

  /** Records the role as one of the groups, unless the player has that role already. */
  private void record(
      Transaction tx,
      SignInResult result,
      RoleTemplate role,
      OidcSignIns.Factor factor,
      Attempt attempt) {
    PlayerId player = result.player().player();
    if (result.created() || !grants.find(tx, player).equals(Optional.of(role))) {
      attempt.earlierRole = oidc.recordRole(tx, player, role);
    }
    oidc.recordSession(tx, player, result.session(), factor);
  }

  private void requireFresh(Flow flow, IssuerIdentity identity) {
    if (flow.fresh() && !isFresh(identity)) {
      throw Refused.denied("not_fresh");
    }
  }

  private boolean isFresh(IssuerIdentity identity) {
    Instant authenticated = identity.authenticated();
    return authenticated != null
        && !authenticated.isBefore(parts.clock().instant().minus(FRESH_FOR));
  }

  private OidcSignIns.Factor factor(IssuerIdentity identity, AdminOidcSettings provider) {
    if (!provider.hasFactor(identity)) {
      return OidcSignIns.Factor.NONE;
    }
    return isFresh(identity) ? OidcSignIns.Factor.ASKED_NOW : OidcSignIns.Factor.ASKED;
  }

  /** Takes the role that a group gave to the player before. */
  private void takeRole(AdminOidcCommand.Finish finish, VerifiedProfile profile, Attempt attempt) {
    Optional<PlayerId> linked =
        database.write(tx -> links.findLinked(tx, profile).map(found -> found.player()));
    if (linked.isEmpty()) {
      return;
    }
    PlayerId player = linked.get();
    attempt.player = player;
    if (oidc.hasRole(database, player) && !changeRole(finish, player, null)) {
      return;
    }
    database.write(
        tx -> {
          oidc.forget(tx, player);
          return Done.DONE;
        });
  }

  private void setRole(
      AdminOidcCommand.Finish finish, PlayerId player, RoleTemplate role, Attempt attempt) {
    if (!grants.find(database, player).equals(Optional.of(role))
        && !changeRole(finish, player, role)) {
      database.write(
          tx -> {
            oidc.restoreRole(tx, player, attempt.earlierRole);
            return Done.DONE;
          });
    }
  }

  /** Returns false if the player keeps their role as the last owner. */
  private boolean changeRole(
      AdminOidcCommand.Finish finish, PlayerId player, @Nullable RoleTemplate role) {
    String action = role == null ? "console_group_role_removed" : "console_group_role";
    var values = new HashMap<String, @Nullable Object>();
    if (role != null) {
      values.put("role", role.name());
    }
    var change = change(finish, player, action, values);
    try {
      String name = role == null ? null : role.name();
      bus.ask(new PlayerCommand.SetRole(null, player, name), change).await();
      return true;
    } catch (Refused no) {
      if (!no.refusal().code().equals(LAST_OWNER)) {
        throw no;
      }
      bus.ask(new ConsoleCommand.Record(change, LAST_OWNER)).await();
      return false;
    }
  }

  private static AuditedChange change(
      AdminOidcCommand.Finish finish, @Nullable PlayerId player, String action) {
    return change(finish, player, action, Map.of("method", METHOD));
  }

  private static AuditedChange change(
      AdminOidcCommand.Finish finish,
      @Nullable PlayerId player,
      String action,
      Map<String, @Nullable Object> values) {
    var actor =
        new Actor(
            Actor.Kind.CONSOLE,
            player,
            "",
            finish.client().address(),
            finish.requestId(),
            null,
            "");
    String target = player == null ? "admins" : "admins/" + player;
    return new AuditedChange(actor, action, target, values);
  }
}
