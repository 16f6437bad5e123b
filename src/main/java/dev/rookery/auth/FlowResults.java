package dev.rookery.auth;

import dev.rookery.auth.ProviderFlow.Status;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.player.Credentials;
import dev.rookery.player.VerifiedProfile;
import dev.rookery.store.Database;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What came of flows, for those who began them. */
final class FlowResults {
  private final Database database;
  private final Credentials identities;
  private final ProviderFlowStore flows;
  private final TokenIssuer pairs;

  FlowResults(Database database, AuthDependencies parts, Credentials identities) {
    this.database = database;
    this.identities = identities;
    this.flows = new ProviderFlowStore(parts.clock());
    this.pairs = new TokenIssuer(parts);
  }

  FlowState state(String session) {
    ProviderFlow flow =
        flows
            .find(database, session)
            .filter(found -> found.returnTo() == null)
            .orElseThrow(() -> Refused.missing("session_not_found"));
    var outcome = new JsonObject(flow.outcome());
    return switch (flow.status()) {
      case PENDING, UNDERWAY, RETURNED -> new FlowState.Pending(flow.player());
      case ERROR ->
          new FlowState.Failed(outcome.getString("code"), outcome.getString("message", ""));
      case COMPLETED ->
          outcome.containsKey(ProviderFlows.SESSION)
              ? in(flow, outcome.getString(ProviderFlows.SESSION))
              : new FlowState.Linked(flow.provider());
    };
  }

  /** The same session, whoever asks how often: what is spent of it stays spent. */
  private FlowState in(ProviderFlow flow, String session) {
    var identity =
        identities
            .find(database, Objects.requireNonNull(flow.player()))
            .orElseThrow(() -> Refused.missing("session_not_found"));
    return new FlowState.SignedIn(pairs.issue(new SessionId(session), 0, identity));
  }

  /** For whom the provider vouches in a page's flow, which is over with it. */
  FinishedFlow take(ProviderCommand.FinishFlow command) {
    ProviderFlow flow =
        database
            .write(tx -> flows.take(tx, command.flow(), command.browser()))
            .filter(
                taken -> taken.player() == null || Objects.equals(taken.player(), command.player()))
            .orElseThrow(() -> Refused.denied("invalid_state"));
    var outcome = new JsonObject(flow.outcome());
    if (flow.status() == Status.ERROR) {
      throw ProviderErrors.refused(outcome.getString("code"));
    }
    return new FinishedFlow(flow.player(), ProviderErrors.fromJson(flow.provider(), outcome));
  }

  /**
   * @param linkTo null to sign in
   */
  record FinishedFlow(@Nullable PlayerId linkTo, VerifiedProfile profile) {}
}
