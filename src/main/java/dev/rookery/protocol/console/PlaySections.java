package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import java.time.InstantSource;
import java.util.List;

/** The pages about games that are played, and about the code that runs in the server. */
final class PlaySections {
  private PlaySections() {}

  /**
   * Returns the sections in the order of their menu entries.
   *
   * @param jarBytesMax the maximum size of the jar of an extension
   */
  static List<ConsoleSection> of(
      Bus bus, Changes changes, InstantSource clock, LiveViews live, int jarBytesMax) {
    return List.of(
        new MatchListPages(bus, live),
        new MatchPages(bus, changes, live),
        new MatchmakingPages(bus, changes, clock, live),
        new RelayPages(bus, changes),
        new ExtensionPages(bus, changes, live, jarBytesMax),
        new ExtensionCodePages(bus, changes),
        new ScriptPages(bus, changes),
        new GamePages(bus, changes),
        new JobPages(bus, changes, live));
  }
}
