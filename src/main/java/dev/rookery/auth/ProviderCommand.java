package dev.rookery.auth;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.player.Provider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sign-in with identity providers, and linking of their accounts. Commands that ask a provider fail
 * with
 *
 * <ul>
 *   <li>{@code Denied("not_vouched")}: the provider refuses, or a signature is not valid;
 *   <li>{@code Denied("profile_incomplete")}: the profile lacks an id or a required field;
 *   <li>{@code Denied("token_audience")}, {@code token_issuer}, {@code token_expired}: the ID token
 *       is not for this server, not of this issuer, or not valid now;
 *   <li>{@code Unavailable("provider_away")}: the provider does not answer, or not as specified;
 *   <li>{@code Unavailable("provider_not_configured")}: it has no credentials in the configuration.
 * </ul>
 *
 * <p>A sign-in may fail with {@code Denied("account_banned")}; a link with {@code
 * Conflict("provider_already_linked")}, if the account is another player's, or {@code
 * Missing("player_not_found")}.
 *
 * <p>Codes and tokens are secrets: these records never print them.
 */
public sealed interface ProviderCommand<R> extends Command<R> {
  String ADDRESS = "auth/provider";

  @Override
  default String address() {
    return ADDRESS;
  }

  @Override
  default boolean isFromStranger() {
    return switch (this) {
      case StartFlow flow -> flow.linkTo() == null;
      case StartFlowOnPage flow -> flow.linkTo() == null;
      case FinishFlow flow -> flow.player() == null;
      case ExchangeCode code -> code.linkTo() == null;
      case ExchangeAppleAppCode code -> code.linkTo() == null;
      case VerifyGoogleToken token -> token.linkTo() == null;
      case HandleCallback _, SignInWithDiscordToken _ -> true;
      default -> false;
    };
  }

  /** The providers that have credentials in the configuration, in the order of the enumeration. */
  record ListConfigured() implements ProviderCommand<List<Provider>> {}

  /**
   * Starts a flow for an app, which opens the URL in a browser and then asks for the {@link
   * GetFlowState state}. {@code Limited("too_many_flows")} if too many flows of one network are
   * pending.
   *
   * @param linkTo null to sign in
   */
  record StartFlow(Provider provider, @Nullable PlayerId linkTo, Client client)
      implements ProviderCommand<StartedFlow> {}

  /**
   * Starts a flow for a page of this server. The browser is sent to the URL, and after the callback
   * to {@code returnTo} with {@code flow=} in the query, for {@link FinishFlow}. Nothing is linked
   * and nobody is signed in before that.
   *
   * @param linkTo null to sign in
   * @param browser a secret in a cookie of this browser
   * @param returnTo a path of this server, without a query
   */
  record StartFlowOnPage(
      Provider provider, @Nullable PlayerId linkTo, String browser, String returnTo, Client client)
      implements ProviderCommand<StartedFlow> {
    @Override
    public String toString() {
      return "StartFlowOnPage[" + provider + "]";
    }
  }

  /**
   * Handles the provider's callback. {@code Denied("invalid_state")} if no pending flow of that
   * provider has this state: it is forged, expired or used.
   *
   * @param parameters of the callback, from its query or form
   */
  record HandleCallback(Provider provider, Map<String, String> parameters, Client client)
      implements ProviderCommand<RedirectTarget> {
    @Override
    public String toString() {
      return "HandleCallback[" + provider + "]";
    }
  }

  /** The state of an app's flow. {@code Missing("session_not_found")} after it has expired. */
  record GetFlowState(String session) implements ProviderCommand<FlowState> {
    @Override
    public String toString() {
      return "GetFlowState";
    }
  }

  /**
   * Finishes a page's flow, once. {@code Denied("invalid_state")} if the flow was started in
   * another browser, has expired, or links another player; {@code Denied("cancelled")} if the
   * player cancelled; or the refusal that the callback led to.
   *
   * @param player who is signed in on the page; null if nobody is
   */
  record FinishFlow(String flow, String browser, @Nullable PlayerId player, Client client)
      implements ProviderCommand<ProviderOutcome> {
    @Override
    public String toString() {
      return "FinishFlow";
    }
  }

  /**
   * Exchanges an authorization code that an app obtained itself, or a session ticket of Steam.
   *
   * @param linkTo null to sign in
   */
  record ExchangeCode(Provider provider, String code, @Nullable PlayerId linkTo, Client client)
      implements ProviderCommand<ProviderOutcome> {
    @Override
    public String toString() {
      return "ExchangeCode[" + provider + "]";
    }
  }

  /** Exchanges an authorization code that an iOS app obtained itself. */
  record ExchangeAppleAppCode(String code, @Nullable PlayerId linkTo, Client client)
      implements ProviderCommand<ProviderOutcome> {
    @Override
    public String toString() {
      return "ExchangeAppleAppCode";
    }
  }

  /**
   * Verifies an ID token of Google that an app obtained itself. {@code
   * Unavailable("google_not_configured")} without a client id.
   */
  record VerifyGoogleToken(String idToken, @Nullable PlayerId linkTo, Client client)
      implements ProviderCommand<ProviderOutcome> {
    @Override
    public String toString() {
      return "VerifyGoogleToken";
    }
  }

  /** Signs in with an access token of Discord that an app obtained itself. */
  record SignInWithDiscordToken(String token, Client client)
      implements ProviderCommand<DiscordSignIn> {
    @Override
    public String toString() {
      return "SignInWithDiscordToken";
    }
  }

  /** The player's id at a provider; empty if none is linked. */
  record FindProviderId(PlayerId player, Provider provider)
      implements ProviderCommand<Optional<String>> {}
}
