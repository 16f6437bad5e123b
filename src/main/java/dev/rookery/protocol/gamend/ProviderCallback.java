package dev.rookery.protocol.gamend;

import dev.rookery.auth.Client;
import dev.rookery.auth.ProviderCommand;
import dev.rookery.auth.RedirectTarget;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.RequestBodyHandler;
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
 * Where providers send browsers back to. From here a browser goes on to the page its flow began on,
 * or is told that its user can go back to his app, which looks by itself what has come of it.
 */
public final class ProviderCallback implements Protocol {
  private static final String CALLBACK = "/auth/:provider/callback";
  private static final String SUCCESS = "/auth/success";
  private static final String LOG_IN = "/users/log-in";
  private static final int BODY_BYTES_MAX = 64 << 10;
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
    router.get(CALLBACK).setName(CALLBACK).handler(this::returned);
    router
        .post(CALLBACK)
        .setName(CALLBACK)
        .handler(new RequestBodyHandler(BODY_BYTES_MAX))
        .handler(this::returned);
  }

  private static void success(RoutingContext context) {
    page(
        context,
        200,
        "That was it",
        "You can close this window and go back to the game. If you did not begin this in a game,"
            + " end the new session there, or part from the account, in its settings.");
  }

  private void returned(RoutingContext context) {
    var provider = provider(context.pathParam("provider"));
    if (provider.isEmpty()) {
      context.next();
      return;
    }
    var brought = brought(context.queryParams());
    brought.putAll(brought(context.request().formAttributes()));
    var client =
        new Client(
            RequestInfo.of(context).clientAddress(),
            context.request().getHeader(HttpHeaders.USER_AGENT));
    bus.ask(new ProviderCommand.HandleCallback(provider.get(), brought, client))
        .onSuccess(whereto -> goOn(context, whereto))
        .onFailure(cause -> failed(context, cause));
  }

  private static Optional<Provider> provider(String name) {
    return Arrays.stream(Provider.values())
        .filter(provider -> provider.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst();
  }

  private static Map<String, String> brought(MultiMap fields) {
    var brought = new HashMap<String, String>();
    for (var field : fields) {
      // Of a name that is given twice the first one counts, and of too many the first ones.
      if (brought.size() < FIELDS_MAX) {
        brought.putIfAbsent(field.getKey(), field.getValue());
      }
    }
    return brought;
  }

  private static void goOn(RoutingContext context, RedirectTarget whereto) {
    String location =
        switch (whereto) {
          case RedirectTarget.SuccessPage(var session) ->
              SUCCESS + "?session_id=" + encoded(session);
          case RedirectTarget.ReturnPage(var returnTo, var flow) ->
              returnTo + "?flow=" + encoded(flow);
          case RedirectTarget.SignInPage _ -> LOG_IN;
        };
    guarded(context).response().setStatusCode(302).putHeader(HttpHeaders.LOCATION, location).end();
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
        page(context, 503, "Not now", "The server is busy. Go back and begin again.");
      }
      case Refusal.Missing _ -> context.next();
      default ->
          page(
              context,
              400,
              "This did not work",
              "This sign-in has expired or was used before. Go back and begin again.");
    }
  }

  private static void page(RoutingContext context, int status, String title, String text) {
    guarded(context)
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
        .putHeader(
            "content-security-policy",
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
        .putHeader("x-content-type-options", "nosniff")
        .end(PAGE.formatted(title, text));
  }

  /** What the address has in it is nobody else's business. */
  private static RoutingContext guarded(RoutingContext context) {
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
