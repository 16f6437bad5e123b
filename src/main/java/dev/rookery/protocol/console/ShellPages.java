package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.Admin;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.ConsoleSessions;
import io.vertx.core.Future;

/** What belongs to every page: the choice of colours, and signing out. */
final class ShellPages implements ConsoleSection {
  private final Bus bus;
  private final ConsoleSessions sessions;

  ShellPages(Bus bus, ConsoleSessions sessions) {
    this.bus = bus;
    this.sessions = sessions;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.actionForAll("/admin/appearance", ShellPages::chooseTheme);
    console.actionForAll("/admin/end-session", this::signOut);
  }

  private static Future<ConsoleView> chooseTheme(ConsoleRequest request) {
    String theme = request.field("theme");
    if (ConsoleRenderer.themes().contains(theme)) {
      request.cookies().theme(theme);
    }
    return Future.succeededFuture(new ConsoleView.Redirect(request.back("/admin")));
  }

  private Future<ConsoleView> signOut(ConsoleRequest request) {
    Admin admin = request.admin();
    request.cookies().clearSession();
    return bus.ask(new ConsoleCommand.EndSession(admin.player(), admin.session()))
        .onSuccess(_ -> sessions.forget(admin.session()))
        .map(_ -> new ConsoleView.Redirect("/admin/sign-in"));
  }
}
