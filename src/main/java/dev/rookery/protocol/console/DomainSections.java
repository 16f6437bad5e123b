package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import java.time.InstantSource;
import java.util.List;

/** The pages about what the domains hold: players and everything that players make. */
public final class DomainSections {
  private DomainSections() {}

  /** Returns the sections in the order of their menu entries. */
  public static List<ConsoleSection> of(Bus bus, InstantSource clock) {
    var changes = new Changes(bus);
    return List.of(
        new PlayerListPages(bus, changes),
        new PlayerPages(bus, changes, clock),
        new SessionPages(bus, changes),
        new GroupPages(bus, changes),
        new PartyPages(bus, changes),
        new LobbyPages(bus, changes),
        new LeaderboardPages(bus, changes, clock),
        new AchievementPages(bus, changes),
        new KvPages(bus, changes),
        new NotificationPages(bus, changes),
        new ChatPages(bus, changes),
        new SearchPages(bus));
  }
}
