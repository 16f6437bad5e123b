package dev.rookery.protocol.gamend;

import dev.rookery.auth.Client;
import dev.rookery.auth.ProviderCommand;
import dev.rookery.auth.RedirectTarget;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.edge.HttpErrors;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.RequestBodyHandler;
import dev.rookery.edge.RequestForm;
import dev.rookery.edge.RequestInfo;
import dev.rookery.player.Provider;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The callback of the identity providers (HTTP contract, section 7.2). Redirects the browser to the
 * page on which its flow was started, or to a page that tells the player to return to the app; the
 * app polls for the result.
 */
public final class ProviderCallback implements Protocol {
  private static final String CALLBACK = "/auth/:provider/callback";
  private static final String SUCCESS = "/auth/success";
  private static final String LOG_IN = "/users/log-in";
  private static final int FIELDS_MAX = 40;

  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <meta name="color-scheme" content="light dark">
      <title>%1$s</title>
      </head>
      <body>
      <main>
      <h1>%1$s</h1>
      <p>%2$s</p>
      </main>
      </body>
      </html>
      """;

  private final Bus bus;

  public ProviderCallback(Bus bus) {
    this.bus = bus;
  }

  @Override
  public void mount(Router router) {
    router.get(SUCCESS).setName(SUCCESS).handler(ProviderCallback::success);
    router.get(CALLBACK).setName(CALLBACK).handler(this::handleCallback);
    router
        .post(CALLBACK)
        .setName(CALLBACK)
        .handler(ProviderCallback::requireProvider)
        .handler(new RequestBodyHandler(RequestBodyHandler.BYTES_MAX))
        .handler(this::handleCallback);
  }

  private static void success(RoutingContext context) {
    page(
        context,
        200,
        "Sign-in finished",
        "You can close this window and return to the game. If you did not start this from a game,"
            + " sign out of the new session, or unlink the account, in your settings.");
  }

  /** Leaves a request for an unknown provider to other routes, before its body is read. */
  private static void requireProvider(RoutingContext context) {
    if (provider(context.pathParam("provider")).isEmpty()) {
      HttpErrors.respond(context, 404);
    } else {
      context.next();
    }
  }

  private void handleCallback(RoutingContext context) {
    var provider = provider(context.pathParam("provider"));
    if (provider.isEmpty()) {
      context.next();
      return;
    }
    RequestInfo.of(context).route(CALLBACK);
    if (!RequestForm.isValid(context)) {
      HttpErrors.respond(context, 400);
      return;
    }
    var parameters = parameters(context.queryParams());
    parameters.putAll(parameters(context.request().formAttributes()));
    var client =
        new Client(
            RequestInfo.of(context).clientAddress(),
            context.request().getHeader(HttpHeaders.USER_AGENT));
    bus.ask(new ProviderCommand.HandleCallback(provider.get(), parameters, client))
        .onSuccess(target -> redirect(context, target))
        .onFailure(cause -> failed(context, cause));
  }

  private static Optional<Provider> provider(String name) {
    return Arrays.stream(Provider.values())
        .filter(provider -> provider.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst();
  }

  private static Map<String, String> parameters(MultiMap fields) {
    var parameters = new HashMap<String, String>();
    for (var field : fields) {
      // The first value of a repeated name counts, and the first fields of too many.
      if (parameters.size() < FIELDS_MAX) {
        parameters.putIfAbsent(field.getKey(), field.getValue());
      }
    }
    return parameters;
  }

  private static void redirect(RoutingContext context, RedirectTarget target) {
    String location =
        switch (target) {
          case RedirectTarget.SuccessPage(var session) ->
              SUCCESS + "?session_id=" + encoded(session);
          case RedirectTarget.ReturnPage(var returnTo, var flow) ->
              returnTo + "?flow=" + encoded(flow);
          case RedirectTarget.SignInPage _ -> LOG_IN;
        };
    withPrivacyHeaders(context)
        .response()
        .setStatusCode(302)
        .putHeader(HttpHeaders.LOCATION, location)
        .end();
  }

  private static void failed(RoutingContext context, Throwable cause) {
    if (!(cause instanceof Refused refused)) {
      context.fail(cause);
      return;
    }
    switch (refused.refusal()) {
      case Refusal.Unavailable unavailable -> {
        long seconds = Math.max(1, unavailable.retryAfter().toSeconds());
        context.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        page(context, 503, "Try again later", "The server is busy. Go back and try again.");
      }
      case Refusal.Missing _ -> context.next();
      default ->
          page(
              context,
              400,
              "Sign-in failed",
              "This sign-in has expired or was used already. Go back and try again.");
    }
  }

  private static void page(RoutingContext context, int status, String title, String text) {
    withPrivacyHeaders(context)
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
        .putHeader(
            "content-security-policy",
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
        .putHeader("x-content-type-options", "nosniff")
        .end(PAGE.formatted(title, text));
  }

  /** Keeps the URL, which holds the state and the code, out of caches and Referer headers. */
  private static RoutingContext withPrivacyHeaders(RoutingContext context) {
    context
        .response()
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("referrer-policy", "no-referrer");
    return context;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
