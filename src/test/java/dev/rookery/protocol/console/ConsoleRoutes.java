package dev.rookery.protocol.console;

import dev.rookery.console.AdminLists;
import dev.rookery.protocol.console.ConsoleRouter.Registered;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The routes of the console as a node registers them. */
final class ConsoleRoutes {
  private ConsoleRoutes() {}

  static List<Registered> all() {
    var settings = new ConsoleSettings("Game", "node", "1", false, null, false, "secret");
    var clock = InstantSource.system();
    var live = new LiveConsole(null, null, clock, new SimpleMeterRegistry(), 1 << 20);
    var sections = new ArrayList<ConsoleSection>();
    sections.addAll(DomainSections.of(null, clock));
    sections.addAll(live.sections(null, () -> "", List::of, false));
    sections.addAll(AccountSections.of(null, null, clock, () -> "", new AdminLists()));
    return new Console(null, null, clock, null, settings, sections).routes();
  }
}
