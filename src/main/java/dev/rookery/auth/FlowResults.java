package dev.rookery.auth;

import dev.rookery.auth.ProviderFlow.Status;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.player.Credentials;
import dev.rookery.player.Provider;
import dev.rookery.player.VerifiedProfile;
import dev.rookery.store.Database;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Results of flows, for the app or the page that started them. A verified profile that waits for
 * its page is stored as JSON in the flow's row.
 */
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

  /** Tokens of the one session of the flow: a refresh token that was used stays used. */
  private FlowState in(ProviderFlow flow, String session) {
    var identity =
        identities
            .find(database, Objects.requireNonNull(flow.player()))
            .orElseThrow(() -> Refused.missing("session_not_found"));
    return new FlowState.SignedIn(pairs.issue(new SessionId(session), identity));
  }

  /** Ends a page's flow and returns its verified profile. */
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
    return new FinishedFlow(flow.player(), fromJson(flow.provider(), outcome));
  }

  static JsonObject toJson(VerifiedProfile profile) {
    return new JsonObject()
        .put("id", profile.id())
        .put("email", profile.email())
        .put("name", profile.name())
        .put("picture", profile.picture());
  }

  private static VerifiedProfile fromJson(Provider provider, JsonObject stored) {
    return new VerifiedProfile(
        provider,
        stored.getString("id"),
        stored.getString("email"),
        stored.getString("name"),
        stored.getString("picture"));
  }

  /**
   * @param linkTo null to sign in
   */
  record FinishedFlow(@Nullable PlayerId linkTo, VerifiedProfile profile) {}
}
