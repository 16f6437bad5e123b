package dev.rookery.protocol.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Admin;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import java.util.List;

/**
 * A code that gives the second factor to the API, for admins whose factor is a passkey: they press
 * it here, and send the code from their terminal.
 */
final class ApiCodePages implements ConsoleSection {
  static final String PATH = MyAccountPages.PATH + "/api-code";

  private final Bus bus;

  ApiCodePages(Bus bus) {
    this.bus = bus;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.actionForAll(PATH, this::create);
  }

  private Future<ConsoleView> create(ConsoleRequest request) {
    Admin admin = request.admin();
    String agent = request.context().request().getHeader(HttpHeaders.USER_AGENT);
    var from =
        new ConsoleCommand.Browser(
            admin.address(), agent == null ? "" : agent, request.requestId());
    return bus.ask(new ConsoleCommand.CreateApiCode(admin.player(), admin.session(), from))
        .map(ApiCodePages::page)
        .recover(
            failure ->
                failure instanceof Refused refused
                        && refused.refusal().code().equals("step_up_required")
                    ? Future.succeededFuture(
                        new ConsoleView.Redirect("/admin/step-up?return_to=" + MyAccountPages.PATH))
                    : Future.failedFuture(failure));
  }

  private static ConsoleView page(ConsoleCommand.ApiCode made) {
    var facts =
        List.of(
            Fact.of("Code", Cell.code(made.code())), Fact.of("Ends", Cell.time(made.expiresMs())));
    return RecordPage.of(
            List.of(new Link("My account", MyAccountPages.PATH)),
            List.of(
                Section.facts("code", "Code for the API", facts)
                    .withNote(
                        "Send it in the header X-Admin-Code, with an access token of your own. It"
                            + " works once, is shown this one time, and ends with this session of"
                            + " the console. The second factor then counts for five minutes in"
                            + " the session of the token.")))
        .render("Code for the API");
  }
}
