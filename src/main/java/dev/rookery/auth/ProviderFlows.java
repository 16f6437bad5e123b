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
 * Starts flows over a browser and handles their callbacks, which any node may receive. A state is
 * accepted once. The result is kept for the client that started the flow: an app that knows the
 * state, or a page whose browser has the cookie.
 */
final class ProviderFlows {
  /** The field of a flow's outcome that holds the id of the session. */
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
    var request =
        new AuthorizationRequest(
            ids.token(ProviderFlow.SECRET_BYTES),
            ids.token(ProviderFlow.SECRET_BYTES),
            ids.token(ProviderFlow.SECRET_BYTES),
            providers.redirectUri(provider));
    String url = authorizationUrl(provider(provider), request);
    var flow =
        new ProviderFlow(
            provider,
            request.codeVerifier(),
            request.nonce(),
            linkTo,
            returnTo,
            Status.PENDING,
            "{}");
    boolean inserted =
        database.write(tx -> flows.insert(tx, request.state(), flow, browser, client));
    if (!inserted) {
      throw new Refused(new Refusal.Limited("too_many_flows", ProviderFlow.LIFETIME));
    }
    return new StartedFlow(url, request.state());
  }

  private static String authorizationUrl(IdentityProvider provider, AuthorizationRequest request) {
    try {
      return provider.authorizationUrl(request);
    } catch (ProviderException _) {
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
   * @param outcomes counts what the callback led to
   */
  RedirectTarget handleCallback(ProviderCommand.HandleCallback command, OutcomeCounter outcomes) {
    Provider provider = command.provider();
    IdentityProvider at = provider(provider);
    String state = command.parameters().getOrDefault("state", "");
    if (!at.isGranted(command.parameters())) {
      outcomes.add(provider, "cancelled");
      return cancelled(provider, state);
    }
    ProviderFlow flow =
        database
            .write(tx -> flows.claim(tx, provider, state))
            .orElseThrow(ProviderFlows::invalidState);
    var request =
        new AuthorizationRequest(
            state, flow.verifier(), flow.nonce(), providers.redirectUri(provider));
    try {
      Profile profile = ProviderErrors.call(() -> at.authenticate(command.parameters(), request));
      complete(state, flow, signIns.verified(provider, profile), command.client(), outcomes);
    } catch (Refused no) {
      outcomes.add(provider, no.refusal().code());
      finish(state, Status.ERROR, error(no.refusal()));
    }
    return flow.returnTo() == null
        ? new RedirectTarget.SuccessPage(state)
        : new RedirectTarget.ReturnPage(flow.returnTo(), state);
  }

  /** An app's flow stays pending, so that the player can try again; a page's flow ends. */
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

  private void complete(
      String state,
      ProviderFlow flow,
      VerifiedProfile profile,
      Client client,
      OutcomeCounter outcomes) {
    PlayerId linkTo = flow.player();
    if (flow.returnTo() != null) {
      finish(state, Status.RETURNED, FlowResults.toJson(profile));
      outcomes.add(profile.provider(), "returned");
    } else if (linkTo == null) {
      var signedIn =
          signIns.signIn(
              profile,
              client,
              (tx, result) ->
                  end(
                      tx,
                      state,
                      Status.COMPLETED,
                      JsonObject.of(SESSION, result.session().value()),
                      result.player().player()));
      outcomes.add(profile.provider(), signedIn.created() ? "created" : "in");
    } else {
      var linked = JsonObject.of("linked", true);
      signIns.link(linkTo, profile, tx -> end(tx, state, Status.COMPLETED, linked, null));
      outcomes.add(profile.provider(), "linked");
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

  /** Counts outcomes of sign-ins and links. */
  @FunctionalInterface
  interface OutcomeCounter {
    void add(Provider provider, String outcome);
  }

  private static Refused invalidState() {
    return Refused.denied("invalid_state");
  }

  /** Deletes at most {@code max} expired flows and returns how many. */
  int sweep(int max) {
    return database.write(tx -> flows.sweep(tx, max));
  }
}
