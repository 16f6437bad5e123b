package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.ConsoleSessions;
import java.util.List;

/** The pages about admins: who they are, what they did, and their own account. */
public final class AccountSections {
  private AccountSections() {}

  /** Returns the sections in the order of their menu entries. */
  public static List<ConsoleSection> of(Bus bus, ConsoleSessions sessions) {
    var changes = new Changes(bus);
    return List.of(
        new AdminPages(bus, changes),
        new AuditPages(bus, new Exports(changes)),
        new MyAccountPages(bus, sessions));
  }
}
