package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.AdminLists;
import dev.rookery.console.ConsoleSessions;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/** The pages about admins: who they are, what they did, and their own account. */
public final class AccountSections {
  private AccountSections() {}

  /**
   * Returns the sections in the order of their menu entries.
   *
   * @param publicUrl the address under which players reach the server
   * @param lists receives the audit log
   */
  public static List<ConsoleSection> of(
      Bus bus,
      ConsoleSessions sessions,
      InstantSource clock,
      Supplier<String> publicUrl,
      AdminLists lists) {
    var changes = new Changes(bus);
    return List.of(
        new AdminPages(bus, changes, clock),
        new InviteAdminPages(bus, changes, clock, publicUrl),
        new RolePages(bus, changes),
        new KeyPages(bus, changes, clock),
        new AuditPages(bus, lists),
        new MyAccountPages(bus, sessions),
        new ApiCodePages(bus));
  }
}
