package dev.rookery.protocol.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Admin;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.Passkey;
import dev.rookery.console.PasskeyCommand;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import java.util.List;

/** The passkeys of an admin on the page of their account. */
final class MyPasskeys {
  private static final String PATH = "/admin/me";

  private final Bus bus;

  MyPasskeys(Bus bus) {
    this.bus = bus;
  }

  void register(ConsoleRouter console) {
    console.actionForAll(PATH + "/passkeys/:passkey/remove", this::remove);
    console.message("console-passkey-added", "The passkey was added.");
    console.message("console-passkey-removed", "The passkey was removed.");
    console.message("console-app-added", "The authenticator app was set up.");
  }

  Future<List<Passkey>> find(Admin admin) {
    return bus.ask(new PasskeyCommand.ListPasskeys(admin.player()));
  }

  static Section section(List<Passkey> passkeys) {
    return Section.table(
            "passkeys", "My passkeys", table(passkeys), Pager.NONE, "You have no passkey")
        .withNote(
            "A device that keeps a passkey opens the console without a password. Add one under"
                + " “Second factor” above.");
  }

  private static ListView table(List<Passkey> passkeys) {
    var columns =
        List.of(
            Column.of("Name", 1),
            Column.of("Created", 3),
            Column.of("Last used", 2),
            Column.of("Uses counted by the device", 4),
            Column.of("Kept on", 4));
    List<Row> rows =
        passkeys.stream()
            .map(
                passkey ->
                    new Row(
                        passkey.id(),
                        passkey.name(),
                        List.of(
                            Cell.text(passkey.name()),
                            Cell.time(passkey.createdMs()),
                            passkey.usedMs() == 0
                                ? Cell.text("never")
                                : Cell.time(passkey.usedMs()),
                            passkey.counter() == 0
                                ? Cell.text("not counted")
                                : Cell.number(passkey.counter()),
                            Cell.text(passkey.synced() ? "several devices" : "one device")),
                        List.of(
                            new Action(
                                "Remove…", PATH + "/passkeys/" + passkey.id() + "/remove", 1))))
            .toList();
    return new ListView("passkeys", "My passkeys", columns, rows, false);
  }

  private Future<ConsoleView> remove(ConsoleRequest request) {
    return Confirmation.level1(
            "Remove this passkey?",
            "The device that keeps it no longer opens the console.",
            "Remove the passkey")
        .ask(request, PATH, () -> removed(request));
  }

  private Future<ConsoleView> removed(ConsoleRequest request) {
    Admin admin = request.admin();
    String agent = request.context().request().getHeader(HttpHeaders.USER_AGENT);
    var from =
        new ConsoleCommand.Browser(
            admin.address(), agent == null ? "" : agent, request.requestId());
    var command =
        new PasskeyCommand.Remove(admin.player(), admin.session(), request.path("passkey"), from);
    return bus.ask(command)
        .<ConsoleView>map(_ -> ConsoleView.done(PATH, "console-passkey-removed"))
        .recover(
            failure ->
                failure instanceof Refused refused
                        && refused.refusal().code().equals("step_up_required")
                    ? Future.succeededFuture(
                        new ConsoleView.Redirect("/admin/step-up?return_to=" + PATH))
                    : Future.failedFuture(failure));
  }
}
