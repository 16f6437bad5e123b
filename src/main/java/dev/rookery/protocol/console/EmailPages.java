package dev.rookery.protocol.console;

import dev.rookery.auth.EmailCommand;
import dev.rookery.bus.Bus;
import dev.rookery.console.ConfigEntry;
import dev.rookery.console.OperationsQuery;
import dev.rookery.console.OperationsQuery.Configuration;
import dev.rookery.console.Permission;
import dev.rookery.email.EmailState;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** Email: its settings, a test to oneself, and what the mail server did not accept lately. */
final class EmailPages implements ConsoleSection {
  private static final String PATH = "/admin/email";
  private static final String SETTINGS = "mail.";

  private final Bus bus;
  private final Changes changes;

  EmailPages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.OPERATE, "Email", PATH, null, Permission.EMAIL_READ));
    console.page(PATH, Permission.EMAIL_READ, this::show);
    console.action(PATH + "/test", Permission.EMAIL_TEST, this::test);
    console.message("email-sent", "The mail server accepted the email to you. See your mailbox.");
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    var state = bus.ask(new EmailCommand.ReadState());
    var configuration = bus.ask(new OperationsQuery.ReadConfiguration());
    return Future.all(state, configuration)
        .map(_ -> page(request, state.result(), configuration.result()).render("Email"));
  }

  private static RecordPage page(
      ConsoleRequest request, EmailState state, Configuration configuration) {
    return new RecordPage(
        List.of(),
        List.of(badge(state)),
        request.may(Permission.CONFIG_READ)
            ? List.of(new Link("All settings", "/admin/config?q=mail"))
            : List.of(),
        request.may(Permission.EMAIL_TEST)
            ? List.of(new Action("Send a test to me", PATH + "/test", 0))
            : List.of(),
        List.of(),
        List.of(
            Section.facts("state", "State of node " + configuration.node(), facts(state)),
            Section.facts("settings", "Settings", settings(configuration)),
            Section.table(
                "failures",
                "Not accepted lately by node " + configuration.node(),
                failures(state),
                Pager.NONE,
                "The mail server has accepted every email since the node was started.")));
  }

  private static Cell badge(EmailState state) {
    if (!state.enabled()) {
      return Cell.badge("no emails", "warn");
    }
    return state.reachesRecipients()
        ? Cell.badge("mail server", "good")
        : Cell.badge("preview only", "warn");
  }

  private static List<Fact> facts(EmailState state) {
    String kind =
        !state.enabled()
            ? "Emails are not sent: set MAIL_HOST, MAIL_FROM_EMAIL and, if it is needed, the"
                + " credentials of the mail server."
            : state.reachesRecipients()
                ? "Emails go to the mail server."
                : "Emails are kept for the preview in this process and reach nobody.";
    return List.of(
        Fact.of("Sending", Cell.text(kind)),
        Fact.of("Waiting", Cell.number(state.pending())),
        Fact.of("Not accepted lately", Cell.number(state.failures().size())));
  }

  private static List<Fact> settings(Configuration configuration) {
    var facts = new ArrayList<Fact>();
    for (ConfigEntry entry : configuration.entries()) {
      if (entry.key().startsWith(SETTINGS)) {
        String value = entry.value();
        facts.add(
            Fact.of(
                entry.key(),
                value == null || value.isEmpty() ? Cell.text("not set") : Cell.code(value)));
      }
    }
    return facts;
  }

  private static ListView failures(EmailState state) {
    var rows = new ArrayList<Row>();
    for (EmailState.Failure failure : state.failures()) {
      rows.add(
          new Row(
              Integer.toString(rows.size() + 1),
              failure.subject(),
              List.of(
                  Cell.time(failure.atMs()),
                  Cell.text(failure.subject()),
                  Cell.text(failure.problem()),
                  Cell.text(failure.dropped() ? "given up" : "tried again"))));
    }
    var columns =
        List.of(
            Column.of("Time", 1),
            Column.of("Subject", 1),
            Column.of("Problem", 1),
            Column.of("Then", 2));
    return new ListView("failures", "Failures", columns, rows, false);
  }

  private Future<ConsoleView> test(ConsoleRequest request) {
    return changes
        .make(
            request,
            new EmailCommand.SendTest(request.admin().player()),
            "admin_test_email",
            "email")
        .map(_ -> ConsoleView.done(PATH, "email-sent"));
  }
}
