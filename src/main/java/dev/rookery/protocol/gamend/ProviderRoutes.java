package dev.rookery.protocol.gamend;

import dev.rookery.auth.FlowState;
import dev.rookery.auth.ProviderCommand;
import dev.rookery.auth.ProviderOutcome;
import dev.rookery.auth.TokenPair;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.player.Provider;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ways in over providers. Each of them links instead, when the one who asks is signed in.
 *
 * <p>Published guides and shipped clients differ in names and nesting; both are answered.
 */
final class ProviderRoutes {
  private static final ErrorShape UNSUPPORTED =
      new ErrorShape(
          400,
          "missing_or_unsupported",
          "provider or required params are missing/unsupported",
          null,
          null);
  private static final ErrorShape NO_TICKET =
      new ErrorShape(
          400,
          "missing_param",
          "code (Steam auth ticket) is required for steam provider",
          null,
          null);

  private final Bus bus;

  ProviderRoutes(Bus bus) {
    this.bus = bus;
  }

  void into(Map<String, Endpoint.Route> routes) {
    routes.put("oauth_request", this::begin);
    routes.put("oauth_session_status", this::look);
    routes.put("oauth_api_callback", this::exchange);
    routes.put("oauth_callback_api_apple_ios", this::exchangeApplePhone);
    routes.put("oauth_google_id_token", this::readGoogleToken);
  }

  private Future<Response> begin(ApiRequest call) {
    return bus.ask(new ProviderCommand.StartFlow(provider(call), linkTo(call), call.client()))
        .map(
            begun ->
                Response.ok(
                    JsonObject.of(
                        "authorization_url", begun.authorizationUrl(),
                        "auth_url", begun.authorizationUrl(),
                        "session_id", begun.session())));
  }

  private Future<Response> look(ApiRequest call) {
    return bus.ask(new ProviderCommand.GetFlowState(call.input().textOrEmpty("session_id")))
        .map(state -> Response.ok(view(state)));
  }

  private Future<Response> exchange(ApiRequest call) {
    Provider provider = provider(call);
    String code = call.input().textOrEmpty("code");
    if (code.isBlank()) {
      throw new InvalidRequest(provider == Provider.STEAM ? NO_TICKET : UNSUPPORTED, Map.of());
    }
    return bus.ask(new ProviderCommand.ExchangeCode(provider, code, linkTo(call), call.client()))
        .map(ProviderRoutes::view);
  }

  private Future<Response> exchangeApplePhone(ApiRequest call) {
    return bus.ask(
            new ProviderCommand.ExchangeAppleAppCode(
                call.input().textOrEmpty("code"), linkTo(call), call.client()))
        .map(ProviderRoutes::view);
  }

  private Future<Response> readGoogleToken(ApiRequest call) {
    return bus.ask(
            new ProviderCommand.VerifyGoogleToken(
                call.input().textOrEmpty("id_token"), linkTo(call), call.client()))
        .map(ProviderRoutes::view);
  }

  private static Provider provider(ApiRequest call) {
    return Provider.valueOf(call.input().textOrEmpty("provider").toUpperCase(Locale.ROOT));
  }

  private static @Nullable PlayerId linkTo(ApiRequest call) {
    return call.session() == null ? null : call.session().player();
  }

  private static Response view(ProviderOutcome arrival) {
    return Response.ok(
        JsonObject.of(
            "data",
            switch (arrival) {
              case ProviderOutcome.SignedIn(var signedIn) -> tokens(signedIn);
              case ProviderOutcome.Linked(var provider) -> linked(provider);
            }));
  }

  private static JsonObject view(FlowState state) {
    return switch (state) {
      case FlowState.Pending(var linkTo) ->
          said(
              "pending",
              "",
              linkTo == null ? new JsonObject() : JsonObject.of("link_user_id", linkTo.value()));
      case FlowState.SignedIn(var signedIn) -> {
        JsonObject tokens = tokens(signedIn);
        yield said("completed", "", tokens).mergeIn(tokens);
      }
      case FlowState.Linked(var provider) -> said("completed", "", linked(provider));
      case FlowState.Failed(var code, var message) ->
          switch (code) {
            case "provider_already_linked" ->
                said(
                    "error",
                    "This provider is already linked to another account",
                    JsonObject.of("error", code));
            case "player_not_found" ->
                said(
                    "error",
                    "The user to link to was not found",
                    JsonObject.of("error", "user_not_found"));
            case "account_banned" -> said("error", message, JsonObject.of("error", code));
            case "try_again" ->
                said(
                    "error",
                    "",
                    JsonObject.of("error", "link_failed", "details", "internal_error"));
            default -> said("error", "", JsonObject.of("details", "authentication_failed"));
          };
    };
  }

  private static JsonObject said(String status, String message, JsonObject data) {
    return JsonObject.of("status", status, "message", message, "data", data);
  }

  private static JsonObject tokens(TokenPair signedIn) {
    return new JsonObject()
        .put("access_token", signedIn.accessToken())
        .put("refresh_token", signedIn.refreshToken())
        .put("expires_in", signedIn.accessLifetime().toSeconds())
        .put("user_id", signedIn.player().value());
  }

  /** Clients know a provider by the column in which the original server keeps it. */
  private static JsonObject linked(Provider provider) {
    return JsonObject.of(
        "linked", true, "provider", provider.name().toLowerCase(Locale.ROOT) + "_id");
  }
}
