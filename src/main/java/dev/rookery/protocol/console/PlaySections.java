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
        new MatchRoomPages(bus, changes),
        new MatchmakingPages(bus, changes, clock, live),
        new RelayPages(bus, changes),
        // Before the page of one extension, because "upload" would be its name.
        new ExtensionDeployPages(bus, changes, jarBytesMax),
        new ExtensionPages(bus, live),
        new ExtensionFunctionPages(bus, changes),
        new ExtensionCodePages(bus, changes),
        new ScriptPages(bus, changes),
        new ScriptEditorPages(bus, changes),
        new GamePages(bus, changes),
        new JobPages(bus, changes, clock, live));
  }
}
