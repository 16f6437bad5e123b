package dev.rookery.protocol.page;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Admin;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.protocol.page.Forms.FormErrors;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The pages on which admins set up a second factor, and give it again. */
final class ConsoleFactorPages {
  private static final String FACTOR = ConsoleAdmission.FACTOR;
  private static final String STEP_UP = ConsoleAdmission.STEP_UP;

  private final Bus bus;
  private final ConsoleAdmission admission;
  private final AdminSignIn methods;

  ConsoleFactorPages(Bus bus, ConsoleAdmission admission, AdminSignIn methods) {
    this.bus = bus;
    this.admission = admission;
    this.methods = methods;
  }

  void mount(Router router, PageRouter pages) {
    pages.get(router, FACTOR, request -> factorPage(request, FormErrors.NONE));
    pages.post(router, FACTOR, this::confirm);
    pages.get(router, STEP_UP, request -> stepUpPage(request, FormErrors.NONE));
    pages.post(router, STEP_UP, this::stepUp);
  }

  Future<PageResponse> factorPage(PageRequest request, FormErrors errors) {
    return admission.withAdmin(
        request,
        FACTOR,
        admin ->
            bus.ask(new ConsoleCommand.FindFactor(admin.player()))
                .compose(
                    state ->
                        state.app()
                            ? Future.succeededFuture(factorPage("", state, errors))
                            : bus.ask(new ConsoleCommand.BeginFactor(admin.player()))
                                .map(created -> factorPage(created.secret(), state, errors))));
  }

  private PageResponse factorPage(
      String secret, ConsoleCommand.FactorState state, FormErrors errors) {
    String uri =
        "otpauth://totp/Rookery?secret="
            + secret
            + "&issuer=Rookery&algorithm=SHA1&digits=6&period=30";
    var model = new HashMap<String, Object>();
    model.put("title", "Second factor");
    model.put("secret", secret);
    model.put("uri", uri);
    model.put("qr", QrCode.of(uri));
    model.put("app", state.app());
    model.put("passkeyCount", state.passkeys());
    model.put("confirmed", state.confirmed());
    model.put("required", state.required());
    model.put("codesLeft", state.codesLeft());
    model.put("passkeys", methods.passkeys().getAsBoolean());
    return Forms.renderScripted("console-factor", model, errors);
  }

  private Future<PageResponse> confirm(PageRequest request) {
    return admission.withAdmin(
        request,
        FACTOR,
        admin -> {
          var command =
              new ConsoleCommand.ConfirmFactor(
                  admin.player(),
                  admin.session(),
                  request.userField("code"),
                  ConsoleAdmission.browser(request));
          return added(
              request,
              bus.ask(command).onSuccess(_ -> admission.forget(admin)),
              "console-app-added");
        });
  }

  /**
   * Shows the recovery codes that came with a new factor, or the account without any. Where another
   * factor must be given first, leads there and back.
   *
   * @param done the code of the message
   */
  Future<PageResponse> added(PageRequest request, Future<List<String>> codes, String done) {
    Future<PageResponse> shown =
        codes
            .<PageResponse>map(
                created ->
                    created.isEmpty()
                        ? new PageResponse.Redirect("/admin/me?done=" + done)
                        : PageResponse.Render.ok(
                            "console-codes", Map.of("title", "Recovery codes", "codes", created)))
            .recover(
                failure ->
                    failure instanceof Refused refused
                            && refused.refusal().code().equals("step_up_required")
                        ? Future.succeededFuture(
                            new PageResponse.Redirect(STEP_UP + "?return_to=" + FACTOR))
                        : Future.failedFuture(failure));
    return Forms.submit(shown, errors -> factorPage(request, errors));
  }

  Future<PageResponse> stepUpPage(PageRequest request, FormErrors errors) {
    String returnTo = ConsoleAdmission.returnPath(returnTo(request));
    return admission.withAdmin(
        request,
        STEP_UP,
        admin ->
            bus.ask(new ConsoleCommand.FindFactor(admin.player()))
                .map(state -> stepUpPage(state, returnTo, errors)));
  }

  private PageResponse stepUpPage(
      ConsoleCommand.FactorState state, String returnTo, FormErrors errors) {
    var model = new HashMap<String, Object>();
    model.put("title", "Confirm that it is you");
    model.put("app", state.app());
    model.put("codes", state.app() || state.codesLeft() > 0);
    model.put("passkeys", state.passkeys() > 0 && methods.passkeys().getAsBoolean());
    model.put("oidc", methods.oidcName());
    model.put("returnTo", returnTo);
    return Forms.renderScripted("console-step-up", model, errors);
  }

  private static String returnTo(PageRequest request) {
    String field = request.field("return_to");
    return field.isEmpty() ? request.queryParameter("return_to") : field;
  }

  private Future<PageResponse> stepUp(PageRequest request) {
    String returnTo = ConsoleAdmission.returnPath(request.field("return_to"));
    return admission.withAdmin(
        request,
        STEP_UP,
        admin -> {
          var command =
              new ConsoleCommand.StepUp(
                  admin.player(),
                  admin.session(),
                  request.userField("code"),
                  ConsoleAdmission.browser(request));
          return steppedUp(request, admin, bus.ask(command), returnTo);
        });
  }

  /** Goes back after the second factor was given, or asks again. */
  Future<PageResponse> steppedUp(
      PageRequest request, Admin admin, Future<?> given, String returnTo) {
    Future<PageResponse> done =
        given.onSuccess(_ -> admission.forget(admin)).map(_ -> new PageResponse.Redirect(returnTo));
    return Forms.submit(done, errors -> stepUpPage(request, errors));
  }
}
