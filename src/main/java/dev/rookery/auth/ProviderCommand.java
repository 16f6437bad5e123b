package dev.rookery.auth;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.player.Provider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Ways in over services that vouch for people. Where a provider is asked, {@code
 * Denied("not_vouched")} when it does not vouch, {@code Denied("profile_incomplete")} when it does
 * not say for whom, {@code Unavailable("provider_away")} when it does not answer as it should,
 * {@code Unavailable("provider_not_configured")} when it does not know us. Who comes in may be
 * {@code Denied("account_banned")}; who links, {@code Conflict("provider_already_linked")} if that
 * account opens another player's, or {@code Missing("player_not_found")}.
 *
 * <p>Codes and tokens in here are secrets: these records never print them.
 */
public sealed interface ProviderCommand<R> extends Command<R> {
  String ADDRESS = "auth/provider";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** Which providers players of this server can come in by, in the order of the enumeration. */
  record ListConfigured() implements ProviderCommand<List<Provider>> {}

  /**
   * Begins a flow for an app, which opens the address in a browser and then {@link GetFlowState
   * looks} what has come of it. {@code Limited("too_many_flows")} if too many are under way from
   * one network.
   *
   * @param linkTo null to sign in
   */
  record StartFlow(Provider provider, @Nullable PlayerId linkTo, Client client)
      implements ProviderCommand<StartedFlow> {}

  /**
   * Begins a flow for a page of this server: the browser is sent to the address, and at the end to
   * {@code returnTo} with {@code flow=} in the query, which {@link FinishFlow} takes. Nothing is
   * linked and nobody signed in before that.
   *
   * @param linkTo null to sign in
   * @param browser a secret that this browser alone has, in a cookie
   * @param returnTo a path of this server, without a query
   */
  record StartFlowOnPage(
      Provider provider, @Nullable PlayerId linkTo, String browser, String returnTo, Client client)
      implements ProviderCommand<StartedFlow> {
    @Override
    public String toString() {
      return "BeginOnPage[" + provider + "]";
    }
  }

  /**
   * A browser came back with what the provider gave it. {@code Denied("invalid_state")} if no flow
   * of that provider waits for it: forged, expired, or here before.
   */
  record HandleCallback(Provider provider, Map<String, String> parameters, Client client)
      implements ProviderCommand<RedirectTarget> {
    @Override
    public String toString() {
      return "Return[" + provider + "]";
    }
  }

  /** What has come of an app's flow; {@code Missing("session_not_found")} once it has expired. */
  record GetFlowState(String session) implements ProviderCommand<FlowState> {
    @Override
    public String toString() {
      return "Look";
    }
  }

  /**
   * Ends a flow that began on a page; once. {@code Denied("invalid_state")} if it is not this
   * browser's, has expired, or was begun to link another player; {@code Denied("cancelled")}, and
   * what the provider's answer came to.
   *
   * @param player who is signed in there; null for nobody
   */
  record FinishFlow(String flow, String browser, @Nullable PlayerId player, Client client)
      implements ProviderCommand<ProviderOutcome> {
    @Override
    public String toString() {
      return "Finish";
    }
  }

  /**
   * A code that an app got by itself: of a browser, or a session ticket of Steam.
   *
   * @param linkTo null to sign in
   */
  record ExchangeCode(Provider provider, String code, @Nullable PlayerId linkTo, Client client)
      implements ProviderCommand<ProviderOutcome> {
    @Override
    public String toString() {
      return "Exchange[" + provider + "]";
    }
  }

  /** A code that an app on a phone of Apple's got by itself. */
  record ExchangeAppleAppCode(String code, @Nullable PlayerId linkTo, Client client)
      implements ProviderCommand<ProviderOutcome> {
    @Override
    public String toString() {
      return "ExchangeApplePhone";
    }
  }

  /**
   * An identity token of Google's that an app got by itself. {@code Denied("token_audience")},
   * {@code Denied("token_issuer")}, {@code Denied("token_expired")}; {@code
   * Unavailable("google_not_configured")}.
   */
  record VerifyGoogleToken(String idToken, @Nullable PlayerId linkTo, Client client)
      implements ProviderCommand<ProviderOutcome> {
    @Override
    public String toString() {
      return "ReadGoogleToken";
    }
  }

  /** An access token of Discord's that an app got by itself; for one token that lasts. */
  record SignInWithDiscordToken(String token, Client client)
      implements ProviderCommand<DiscordSignIn> {
    @Override
    public String toString() {
      return "SignInByDiscord";
    }
  }

  /** What the provider calls the player, if he is linked. */
  record FindProviderId(PlayerId player, Provider provider)
      implements ProviderCommand<Optional<String>> {}
}
