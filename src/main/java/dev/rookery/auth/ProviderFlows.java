package dev.rookery.auth;

import dev.rookery.auth.ProviderFlow.Status;
import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.player.Provider;
import dev.rookery.player.VerifiedProfile;
import dev.rookery.provider.AuthorizationRequest;
import dev.rookery.provider.IdentityProvider;
import dev.rookery.provider.Profile;
import dev.rookery.provider.ProviderException;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Flows over a browser. A state leads back to its row once, on whichever node; what comes of it is
 * kept for those who began it, an app that knows the state or the page whose browser has its
 * cookie.
 */
final class ProviderFlows {
  /** Under which a session's id stands in what came of a flow. */
  static final String SESSION = "session";

  private final Database database;
  private final IdentityProviders providers;
  private final ProviderSignIns signIns;
  private final ProviderFlowStore flows;
  private final Ids ids;

  ProviderFlows(
      Database database,
      AuthDependencies parts,
      IdentityProviders providers,
      ProviderSignIns signIns) {
    this.database = database;
    this.providers = providers;
    this.signIns = signIns;
    this.flows = new ProviderFlowStore(parts.clock());
    this.ids = parts.ids();
  }

  StartedFlow start(
      Provider provider,
      @Nullable PlayerId linkTo,
      @Nullable String browser,
      @Nullable String returnTo,
      Client client) {
    var ticket =
        new AuthorizationRequest(
            ids.token(ProviderFlow.SECRET_BYTES),
            ids.token(ProviderFlow.SECRET_BYTES),
            ids.token(ProviderFlow.SECRET_BYTES),
            providers.redirectUri(provider));
    String address = address(provider(provider), ticket);
    var flow =
        new ProviderFlow(
            provider,
            ticket.codeVerifier(),
            ticket.nonce(),
            linkTo,
            returnTo,
            Status.PENDING,
            "{}");
    boolean kept = database.write(tx -> flows.insert(tx, ticket.state(), flow, browser, client));
    if (!kept) {
      throw new Refused(new Refusal.Limited("too_many_flows", ProviderFlow.LIFETIME));
    }
    return new StartedFlow(address, ticket.state());
  }

  /** An issuer that does not tell where it is. */
  private static String address(IdentityProvider provider, AuthorizationRequest ticket) {
    try {
      return provider.authorizationUrl(ticket);
    } catch (ProviderException no) {
      throw new Refused(new Refusal.Unavailable("provider_away"));
    }
  }

  IdentityProvider provider(Provider provider) {
    IdentityProvider found = providers.flows().get(provider);
    if (found == null) {
      throw Refused.missing("provider_not_found");
    }
    return found;
  }

  /**
   * @param counted told what came of it
   */
  RedirectTarget handleCallback(ProviderCommand.HandleCallback command, Counting counted) {
    Provider provider = command.provider();
    IdentityProvider at = provider(provider);
    String state = command.parameters().getOrDefault("state", "");
    if (!at.isGranted(command.parameters())) {
      counted.add(provider, "cancelled");
      return cancelled(provider, state);
    }
    ProviderFlow flow =
        database
            .write(tx -> flows.claim(tx, provider, state))
            .orElseThrow(ProviderFlows::invalidState);
    var ticket =
        new AuthorizationRequest(
            state, flow.verifier(), flow.nonce(), providers.redirectUri(provider));
    try {
      Profile said = ProviderErrors.call(() -> at.authenticate(command.parameters(), ticket));
      arrive(state, flow, signIns.verified(provider, said), command.client(), counted);
    } catch (Refused no) {
      counted.add(provider, no.refusal().code());
      finish(state, Status.ERROR, error(no.refusal()));
    }
    return flow.returnTo() == null
        ? new RedirectTarget.SuccessPage(state)
        : new RedirectTarget.ReturnPage(flow.returnTo(), state);
  }

  /** An app's flow waits on: its user may change his mind. A page is told. */
  private RedirectTarget cancelled(Provider provider, String state) {
    var known = flows.find(database, state).filter(flow -> flow.provider() == provider);
    String returnTo = known.map(ProviderFlow::returnTo).orElse(null);
    if (returnTo == null) {
      return new RedirectTarget.SignInPage();
    }
    if (database.write(tx -> flows.claim(tx, provider, state)).isEmpty()) {
      throw invalidState();
    }
    finish(state, Status.ERROR, error(new Refusal.Denied("cancelled")));
    return new RedirectTarget.ReturnPage(returnTo, state);
  }

  private void arrive(
      String state, ProviderFlow flow, VerifiedProfile profile, Client client, Counting counted) {
    PlayerId linkTo = flow.player();
    if (flow.returnTo() != null) {
      finish(state, Status.RETURNED, ProviderErrors.toJson(profile));
      counted.add(profile.provider(), "returned");
    } else if (linkTo == null) {
      var entered =
          signIns.signIn(
              profile,
              client,
              (tx, in) ->
                  end(
                      tx,
                      state,
                      Status.COMPLETED,
                      JsonObject.of(SESSION, in.session().value()),
                      in.player().player()));
      counted.add(profile.provider(), entered.created() ? "created" : "in");
    } else {
      var linked = JsonObject.of("linked", true);
      signIns.link(linkTo, profile, tx -> end(tx, state, Status.COMPLETED, linked, null));
      counted.add(profile.provider(), "linked");
    }
  }

  private void finish(String state, Status status, JsonObject outcome) {
    database.write(
        tx -> {
          end(tx, state, status, outcome, null);
          return status;
        });
  }

  private void end(
      Transaction tx, String state, Status status, JsonObject outcome, @Nullable PlayerId player) {
    if (!flows.finish(tx, state, status, outcome.encode(), player)) {
      throw invalidState();
    }
  }

  private static JsonObject error(Refusal refusal) {
    var error = JsonObject.of("code", refusal.code());
    if (refusal instanceof Refusal.Denied(_, var details) && details.get("message") != null) {
      error.put("message", details.get("message"));
    }
    return error;
  }

  /** Counts what came of sign-ins. */
  @FunctionalInterface
  interface Counting {
    void add(Provider provider, String outcome);
  }

  private static Refused invalidState() {
    return Refused.denied("invalid_state");
  }

  /** Forgets expired flows, and says how many. */
  int sweep(int max) {
    return database.write(tx -> flows.sweep(tx, max));
  }
}
