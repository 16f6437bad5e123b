package dev.rookery.protocol.page;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Admin;
import dev.rookery.console.PasskeyCommand;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Passkeys on the pages of the console: to sign in, to give the second factor again, and to add
 * one. A script gets the options of the browser's dialog from here, and sends what the
 * authenticator answers as a field of the form.
 */
final class PasskeyPages {
  private static final String SIGN_IN = ConsoleAdmission.SIGN_IN + "/passkey";
  private static final String STEP_UP = ConsoleAdmission.STEP_UP + "/passkey";
  private static final String ADD = ConsoleAdmission.FACTOR + "/passkey";
  private static final String OPTIONS = "/options";
  private static final String FIELD = "credential";
  private static final Duration DIALOG_FOR = Duration.ofMinutes(2);

  private final Bus bus;
  private final ConsoleAdmission admission;
  private final ConsoleSignInPages signIn;
  private final ConsoleFactorPages factors;
  private final Themes themes;

  PasskeyPages(
      Bus bus,
      ConsoleAdmission admission,
      ConsoleSignInPages signIn,
      ConsoleFactorPages factors,
      Themes themes) {
    this.bus = bus;
    this.admission = admission;
    this.signIn = signIn;
    this.factors = factors;
    this.themes = themes;
  }

  void mount(Router router, PageRouter pages) {
    pages.post(router, SIGN_IN + OPTIONS, request -> options(request, player(request)));
    pages.post(router, SIGN_IN, this::signIn);
    pages.post(
        router,
        STEP_UP + OPTIONS,
        request -> withAdmin(request, admin -> options(request, admin.player())));
    pages.post(router, STEP_UP, this::stepUp);
    pages.post(router, ADD + OPTIONS, request -> withAdmin(request, admin -> add(request, admin)));
    pages.post(router, ADD, this::register);
  }

  private static @Nullable PlayerId player(PageRequest request) {
    Session session = request.session();
    return session == null ? null : session.player();
  }

  /** The options to use a passkey. */
  private Future<PageResponse> options(PageRequest request, @Nullable PlayerId player) {
    var command =
        new PasskeyCommand.BeginUse(player, request.browser(), ConsoleAdmission.browser(request));
    return answer(
        request,
        bus.ask(command)
            .map(
                options ->
                    common(options)
                        .put("rpId", options.party().id())
                        .put("userVerification", "required")
                        .put("allowCredentials", credentials(options.credentials()))));
  }

  /** The options to make a passkey. */
  private Future<PageResponse> add(PageRequest request, Admin admin) {
    var command =
        new PasskeyCommand.BeginRegistration(
            admin.player(), request.browser(), ConsoleAdmission.browser(request));
    Future<String> name = admission.accountName(admin.player());
    return answer(
        request,
        name.compose(_ -> bus.ask(command).map(options -> newCredential(options, name.result()))));
  }

  private JsonObject newCredential(PasskeyCommand.Options options, String name) {
    var algorithms = new JsonArray();
    options
        .algorithms()
        .forEach(
            algorithm -> algorithms.add(JsonObject.of("type", "public-key", "alg", algorithm)));
    return common(options)
        .put("rp", JsonObject.of("id", options.party().id(), "name", themes.standard().title()))
        .put("user", JsonObject.of("id", options.userHandle(), "name", name, "displayName", name))
        .put("pubKeyCredParams", algorithms)
        .put("excludeCredentials", credentials(options.credentials()))
        .put("attestation", "none")
        .put(
            "authenticatorSelection",
            JsonObject.of(
                "residentKey",
                "required",
                "requireResidentKey",
                true,
                "userVerification",
                "required"));
  }

  private static JsonObject common(PasskeyCommand.Options options) {
    return JsonObject.of("challenge", options.challenge(), "timeout", DIALOG_FOR.toMillis());
  }

  private static JsonArray credentials(List<String> ids) {
    var all = new JsonArray();
    ids.forEach(id -> all.add(JsonObject.of("type", "public-key", "id", id)));
    return all;
  }

  /** Answers the script with the options, or with the words of a refusal. */
  private static Future<PageResponse> answer(PageRequest request, Future<JsonObject> options) {
    return options
        .map(found -> JsonObject.of("publicKey", found))
        .recover(
            failure ->
                failure instanceof Refused refused
                    ? Future.succeededFuture(
                        JsonObject.of(
                            "error",
                            request.texts().translate(Messages.failure(refused.refusal()))))
                    : Future.failedFuture(failure))
        .map(PageResponse.Data::new);
  }

  private Future<PageResponse> signIn(PageRequest request) {
    String returnTo = ConsoleAdmission.returnPath(request.field("return_to"));
    Session session = request.session();
    var command =
        new PasskeyCommand.SignIn(
            player(request),
            session == null ? null : session.id(),
            request.field(FIELD),
            request.browser(),
            ConsoleAdmission.browser(request));
    Future<PageResponse> done =
        bus.ask(command)
            .compose(opened -> admission.replace(request, opened, returnTo))
            .map(PageResponse.Redirect::new);
    return Forms.submit(done, errors -> signIn.render(request, returnTo, errors));
  }

  private Future<PageResponse> stepUp(PageRequest request) {
    String returnTo = ConsoleAdmission.returnPath(request.field("return_to"));
    return withAdmin(
        request,
        admin -> {
          var command =
              new PasskeyCommand.StepUp(
                  admin.player(),
                  admin.session(),
                  request.field(FIELD),
                  request.browser(),
                  ConsoleAdmission.browser(request));
          return factors.steppedUp(request, admin, bus.ask(command), returnTo);
        });
  }

  private Future<PageResponse> register(PageRequest request) {
    return withAdmin(
        request,
        admin -> {
          var command =
              new PasskeyCommand.Register(
                  admin.player(),
                  admin.session(),
                  request.userField("name"),
                  request.field(FIELD),
                  request.browser(),
                  ConsoleAdmission.browser(request));
          return factors.added(
              request,
              bus.ask(command).onSuccess(_ -> admission.forget(admin)),
              "console-passkey-added");
        });
  }

  private Future<PageResponse> withAdmin(
      PageRequest request, Function<Admin, Future<PageResponse>> serve) {
    return admission.withAdmin(request, ConsoleAdmission.FACTOR, serve);
  }
}
