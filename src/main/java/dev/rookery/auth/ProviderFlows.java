package dev.rookery.auth;

import dev.rookery.auth.ProviderFlow.Status;
import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.player.Provider;
import dev.rookery.player.Vouched;
import dev.rookery.provider.IdentityProvider;
import dev.rookery.provider.Profile;
import dev.rookery.provider.Ticket;
import dev.rookery.provider.Unconvinced;
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
  private final ProviderParts providers;
  private final ProviderSignIns signIns;
  private final ProviderFlowStore flows;
  private final Ids ids;

  ProviderFlows(
      Database database, AuthDependencies parts, ProviderParts providers, ProviderSignIns signIns) {
    this.database = database;
    this.providers = providers;
    this.signIns = signIns;
    this.flows = new ProviderFlowStore(parts.clock());
    this.ids = parts.ids();
  }

  Begun begin(
      Provider provider,
      @Nullable PlayerId linkTo,
      @Nullable String browser,
      @Nullable String returnTo,
      Client client) {
    var ticket =
        new Ticket(
            ids.token(ProviderFlow.BYTES),
            ids.token(ProviderFlow.BYTES),
            ids.token(ProviderFlow.BYTES),
            providers.redirectUri(provider));
    String address = address(at(provider), ticket);
    var flow =
        new ProviderFlow(
            provider, ticket.verifier(), ticket.nonce(), linkTo, returnTo, Status.PENDING, "{}");
    boolean kept = database.write(tx -> flows.insert(tx, ticket.state(), flow, browser, client));
    if (!kept) {
      throw new Refused(new Refusal.Limited("too_many_flows", ProviderFlow.LASTS));
    }
    return new Begun(address, ticket.state());
  }

  /** An issuer that does not tell where it is. */
  private static String address(IdentityProvider provider, Ticket ticket) {
    try {
      return provider.authorizeUrl(ticket);
    } catch (Unconvinced no) {
      throw new Refused(new Refusal.Unavailable("provider_away"));
    }
  }

  IdentityProvider at(Provider provider) {
    IdentityProvider found = providers.flows().get(provider);
    if (found == null) {
      throw Refused.missing("provider_not_found");
    }
    return found;
  }

  /**
   * @param counted told what came of it
   */
  Whereto returned(ProviderCommand.Return command, Counting counted) {
    Provider provider = command.provider();
    IdentityProvider at = at(provider);
    String state = command.brought().getOrDefault("state", "");
    if (!at.isAnswer(command.brought())) {
      counted.add(provider, "cancelled");
      return cancelled(provider, state);
    }
    ProviderFlow flow =
        database
            .write(tx -> flows.spend(tx, provider, state))
            .orElseThrow(ProviderFlows::invalidState);
    var ticket = new Ticket(state, flow.verifier(), flow.nonce(), providers.redirectUri(provider));
    try {
      Profile said = Vouching.ask(() -> at.returned(command.brought(), ticket));
      arrive(state, flow, signIns.vouched(provider, said), command.client(), counted);
    } catch (Refused no) {
      counted.add(provider, no.refusal().code());
      finish(state, Status.ERROR, error(no.refusal()));
    }
    return flow.returnTo() == null
        ? new Whereto.App(state)
        : new Whereto.Page(flow.returnTo(), state);
  }

  /** An app's flow waits on: its user may change his mind. A page is told. */
  private Whereto cancelled(Provider provider, String state) {
    var known = flows.find(database, state).filter(flow -> flow.provider() == provider);
    String returnTo = known.map(ProviderFlow::returnTo).orElse(null);
    if (returnTo == null) {
      return new Whereto.Cancelled();
    }
    if (database.write(tx -> flows.spend(tx, provider, state)).isEmpty()) {
      throw invalidState();
    }
    finish(state, Status.ERROR, error(new Refusal.Denied("cancelled")));
    return new Whereto.Page(returnTo, state);
  }

  private void arrive(
      String state, ProviderFlow flow, Vouched vouched, Client client, Counting counted) {
    PlayerId linkTo = flow.player();
    if (flow.returnTo() != null) {
      finish(state, Status.RETURNED, Vouching.stored(vouched));
      counted.add(vouched.provider(), "returned");
    } else if (linkTo == null) {
      var entered =
          signIns.enter(
              vouched,
              client,
              (tx, in) ->
                  end(
                      tx,
                      state,
                      Status.COMPLETED,
                      JsonObject.of(SESSION, in.session().value()),
                      in.player().player()));
      counted.add(vouched.provider(), entered.created() ? "created" : "in");
    } else {
      var linked = JsonObject.of("linked", true);
      signIns.link(linkTo, vouched, tx -> end(tx, state, Status.COMPLETED, linked, null));
      counted.add(vouched.provider(), "linked");
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
