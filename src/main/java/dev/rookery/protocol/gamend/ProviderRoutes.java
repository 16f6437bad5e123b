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
 * Sign-in with identity providers (HTTP contract, section 7). With a valid access token each route
 * links the account to the player instead.
 *
 * <p>Published guides and shipped clients differ in names and nesting of fields; answers have both.
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

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("oauth_request", this::startFlow);
    routes.put("oauth_session_status", this::flowState);
    routes.put("oauth_api_callback", this::exchangeCode);
    routes.put("oauth_callback_api_apple_ios", this::exchangeAppleAppCode);
    routes.put("oauth_google_id_token", this::verifyGoogleToken);
  }

  private Future<Response> startFlow(ApiRequest request) {
    return bus.ask(
            new ProviderCommand.StartFlow(provider(request), linkTo(request), request.client()))
        .map(
            flow ->
                Response.ok(
                    JsonObject.of(
                        "authorization_url", flow.authorizationUrl(),
                        "auth_url", flow.authorizationUrl(),
                        "session_id", flow.session())));
  }

  private Future<Response> flowState(ApiRequest request) {
    return bus.ask(new ProviderCommand.GetFlowState(request.input().textOrEmpty("session_id")))
        .map(state -> Response.ok(view(state)));
  }

  private Future<Response> exchangeCode(ApiRequest request) {
    Provider provider = provider(request);
    String code = request.input().textOrEmpty("code");
    if (code.isBlank()) {
      throw new InvalidRequest(provider == Provider.STEAM ? NO_TICKET : UNSUPPORTED, Map.of());
    }
    return bus.ask(
            new ProviderCommand.ExchangeCode(provider, code, linkTo(request), request.client()))
        .map(ProviderRoutes::view);
  }

  private Future<Response> exchangeAppleAppCode(ApiRequest request) {
    return bus.ask(
            new ProviderCommand.ExchangeAppleAppCode(
                request.input().textOrEmpty("code"), linkTo(request), request.client()))
        .map(ProviderRoutes::view);
  }

  private Future<Response> verifyGoogleToken(ApiRequest request) {
    return bus.ask(
            new ProviderCommand.VerifyGoogleToken(
                request.input().textOrEmpty("id_token"), linkTo(request), request.client()))
        .map(ProviderRoutes::view);
  }

  private static Provider provider(ApiRequest request) {
    return Provider.valueOf(request.input().textOrEmpty("provider").toUpperCase(Locale.ROOT));
  }

  private static @Nullable PlayerId linkTo(ApiRequest request) {
    return request.session() == null ? null : request.session().player();
  }

  private static Response view(ProviderOutcome outcome) {
    return Response.ok(
        JsonObject.of(
            "data",
            switch (outcome) {
              case ProviderOutcome.SignedIn(var pair) -> tokens(pair);
              case ProviderOutcome.Linked(var provider) -> linked(provider);
            }));
  }

  private static JsonObject view(FlowState state) {
    return switch (state) {
      case FlowState.Pending(var linkTo) ->
          status(
              "pending",
              "",
              linkTo == null ? new JsonObject() : JsonObject.of("link_user_id", linkTo.value()));
      case FlowState.SignedIn(var pair) -> {
        JsonObject tokens = tokens(pair);
        yield status("completed", "", tokens).mergeIn(tokens);
      }
      case FlowState.Linked(var provider) -> status("completed", "", linked(provider));
      case FlowState.Failed(var code, var message) ->
          switch (code) {
            case "provider_already_linked" ->
                status(
                    "error",
                    "This provider is already linked to another account",
                    JsonObject.of("error", code));
            case "marked_player" -> status("error", "", JsonObject.of("error", code));
            case "player_not_found" ->
                status(
                    "error",
                    "The user to link to was not found",
                    JsonObject.of("error", "user_not_found"));
            case "account_banned" -> status("error", message, JsonObject.of("error", code));
            case "try_again" ->
                status(
                    "error",
                    "",
                    JsonObject.of("error", "link_failed", "details", "internal_error"));
            default -> status("error", "", JsonObject.of("details", "authentication_failed"));
          };
    };
  }

  private static JsonObject status(String status, String message, JsonObject data) {
    return JsonObject.of("status", status, "message", message, "data", data);
  }

  private static JsonObject tokens(TokenPair pair) {
    return new JsonObject()
        .put("access_token", pair.accessToken())
        .put("refresh_token", pair.refreshToken())
        .put("expires_in", pair.accessLifetime().toSeconds())
        .put("user_id", pair.player().value());
  }

  /** Clients know a provider by the name of the column that the original server has for it. */
  private static JsonObject linked(Provider provider) {
    return JsonObject.of(
        "linked", true, "provider", provider.name().toLowerCase(Locale.ROOT) + "_id");
  }
}
