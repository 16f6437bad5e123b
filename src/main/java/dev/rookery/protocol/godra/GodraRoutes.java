package dev.rookery.protocol.godra;

import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.Client;
import dev.rookery.auth.GuestCommand;
import dev.rookery.base.JsonText;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.RequestBodyHandler;
import dev.rookery.edge.RequestInfo;
import dev.rookery.protocol.godra.ScriptCall.InvalidCall;
import dev.rookery.script.ScriptException;
import dev.rookery.script.ScriptResult;
import dev.rookery.script.ScriptRole;
import dev.rookery.script.Scripts;
import dev.rookery.session.Sessions;
import dev.rookery.session.Tokens;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Serves accounts and calls of scripts (Godra contract, "HTTP"). */
public final class GodraRoutes implements Protocol {
  private static final String REGISTER = "/register";
  private static final String LOGIN = "/login";
  private static final String GUEST_LOGIN = "/guest-login";
  private static final String RPC = "/api/rpc";
  private static final String CALLER = GodraRoutes.class.getName();
  private static final String BEARER = "bearer ";
  private static final int USER_AGENT_MAX = 200;
  private static final String INVALID_BODY = "Invalid request body";
  private static final String MISSING_FIELD = "Username and password required";

  private final Bus bus;
  private final CallerAuthentication authentication;
  private final Scripts scripts;
  private final GodraSettings settings;

  public GodraRoutes(
      Bus bus,
      Sessions sessions,
      Tokens tokens,
      InstantSource clock,
      Scripts scripts,
      GodraSettings settings) {
    this.bus = bus;
    this.authentication = new CallerAuthentication(bus, sessions, tokens, clock);
    this.scripts = scripts;
    this.settings = settings;
  }

  @Override
  public void mount(Router router) {
    var small = new RequestBodyHandler(RequestBodyHandler.BYTES_MAX);
    router.post(REGISTER).setName(REGISTER).handler(small).handler(this::register);
    router.post(LOGIN).setName(LOGIN).handler(small).handler(this::signIn);
    router.post(GUEST_LOGIN).setName(GUEST_LOGIN).handler(this::signInAsGuest);
    router
        .post(RPC)
        .setName(RPC)
        .handler(this::authenticate)
        .handler(new RequestBodyHandler(settings.bodyBytesMax()))
        .handler(this::call);
  }

  private static void named(RoutingContext context) {
    RequestInfo.of(context).route(context.currentRoute().getName());
  }

  /** A username and a password; null after answering that there are none. */
  private static @Nullable NameAndPassword credentials(RoutingContext context) {
    named(context);
    JsonObject body = object(context);
    if (body == null) {
      GodraResponses.text(context, 400, INVALID_BODY);
      return null;
    }
    Object name = body.getValue("username");
    Object password = body.getValue("password");
    if (name instanceof String username
        && password instanceof String secret
        && !username.isBlank()
        && !secret.isEmpty()) {
      return new NameAndPassword(username, secret);
    }
    boolean readable =
        (name == null || name instanceof String)
            && (password == null || password instanceof String);
    GodraResponses.text(context, 400, readable ? MISSING_FIELD : INVALID_BODY);
    return null;
  }

  private record NameAndPassword(String username, String password) {
    @Override
    public String toString() {
      return "NameAndPassword[username=" + username + "]";
    }
  }

  private static @Nullable JsonObject object(RoutingContext context) {
    Buffer body = context.body() == null ? null : context.body().buffer();
    byte[] text = body == null ? new byte[0] : body.getBytes();
    try {
      return JsonText.isAcceptable(text)
          ? new JsonObject(new String(text, StandardCharsets.UTF_8))
          : null;
    } catch (DecodeException _) {
      return null;
    }
  }

  private static Client client(RoutingContext context) {
    String agent = context.request().getHeader(HttpHeaders.USER_AGENT);
    return new Client(
        RequestInfo.of(context).clientAddress(),
        agent != null && agent.length() > USER_AGENT_MAX
            ? agent.substring(0, USER_AGENT_MAX)
            : agent);
  }

  private void register(RoutingContext context) {
    NameAndPassword account = credentials(context);
    if (account != null) {
      bus.ask(
              new AuthCommand.RegisterByUsername(
                  account.username, account.password, client(context)))
          .onSuccess(_ -> GodraResponses.text(context, 201, "User registered"))
          .onFailure(failure -> refuseRegistration(context, failure));
    }
  }

  private static void refuseRegistration(RoutingContext context, Throwable failure) {
    switch (failure) {
      case Refused refused when refused.refusal() instanceof Refusal.Conflict ->
          GodraResponses.text(context, 409, "Username already taken");
      case Refused refused when refused.refusal() instanceof Refusal.Invalid(_, var fields) ->
          GodraResponses.text(context, 400, describe(fields));
      default -> GodraResponses.failed(context, failure);
    }
  }

  private static String describe(Map<String, List<String>> fields) {
    var field = fields.entrySet().iterator().next();
    String name = field.getKey().equals("password") ? "Password" : "Username";
    return name + " " + field.getValue().getFirst();
  }

  private void signIn(RoutingContext context) {
    NameAndPassword account = credentials(context);
    if (account != null) {
      bus.ask(new AuthCommand.SignInByUsername(account.username, account.password, client(context)))
          .onSuccess(
              signedIn ->
                  signedIn(
                      context,
                      signedIn.token().token(),
                      signedIn.token().player().toString(),
                      signedIn.admin() ? ScriptRole.MANAGER : ScriptRole.PLAYER))
          .onFailure(
              failure -> {
                // Banned, too: it is the status by which these clients know that they are not in.
                if (CallerAuthentication.isInvalid(failure)) {
                  GodraResponses.text(context, 401, refusalText((Refused) failure));
                } else {
                  GodraResponses.failed(context, failure);
                }
              });
    }
  }

  private static String refusalText(Refused refused) {
    return refused.refusal() instanceof Refusal.Denied(var code, var details)
            && code.equals("account_banned")
        ? "Account banned: " + details.get("message")
        : "Invalid credentials";
  }

  private void signInAsGuest(RoutingContext context) {
    named(context);
    RequestBodyHandler.skip(context);
    bus.ask(new GuestCommand.SignIn(client(context)))
        .onSuccess(guest -> signedIn(context, guest.token(), guest.id(), ScriptRole.GUEST))
        .onFailure(failure -> GodraResponses.failed(context, failure));
  }

  private static void signedIn(RoutingContext context, String token, String id, ScriptRole role) {
    GodraResponses.json(
        context, 200, JsonObject.of("token", token, "user_id", id, "role", role.text()).encode());
  }

  private void authenticate(RoutingContext context) {
    named(context);
    String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      RequestBodyHandler.skip(context);
      GodraResponses.text(context, 401, GodraResponses.UNAUTHORIZED);
      return;
    }
    RequestBodyHandler.pause(context);
    authentication
        .authenticate(header.substring(BEARER.length()).strip())
        .onComplete(
            caller -> {
              context.put(CALLER, caller);
              context.next();
            },
            failure -> {
              RequestBodyHandler.skip(context);
              if (CallerAuthentication.isInvalid(failure)) {
                GodraResponses.text(context, 401, GodraResponses.UNAUTHORIZED);
              } else {
                GodraResponses.failed(context, failure);
              }
            });
  }

  private void call(RoutingContext context) {
    Caller caller = context.get(CALLER);
    ScriptCall call;
    try {
      Buffer body = context.body() == null ? null : context.body().buffer();
      call = ScriptCall.read(body, caller.id(), settings);
    } catch (InvalidCall invalid) {
      GodraResponses.text(context, 400, String.valueOf(invalid.getMessage()));
      return;
    }
    scripts
        .call(call.script(), caller.role(), call.keys(), call.args())
        .onComplete(
            result -> respond(context, result),
            failure -> GodraResponses.scriptFailed(context, failure));
  }

  private void respond(RoutingContext context, ScriptResult result) {
    String json;
    try {
      json = ResultJson.of(result, settings.resultBytesMax());
    } catch (ScriptException tooLarge) {
      GodraResponses.scriptFailed(context, tooLarge);
      return;
    }
    GodraResponses.json(context, 200, json);
  }
}
