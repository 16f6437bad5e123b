package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.AdminLists;
import java.time.InstantSource;
import java.util.List;

/** The pages about what the domains hold: players and everything that players make. */
public final class DomainSections {
  private DomainSections() {}

  /** Returns the sections in the order of their menu entries. */
  public static List<ConsoleSection> of(Bus bus, InstantSource clock) {
    return of(bus, clock, new AdminLists());
  }

  /**
   * As {@link #of(Bus, InstantSource)}.
   *
   * @param admin receives the lists, and what can be done with many rows
   */
  public static List<ConsoleSection> of(Bus bus, InstantSource clock, AdminLists admin) {
    var changes = new Changes(bus);
    var exports = new Exports(bus, admin);
    var bulk = new BulkPages(bus, changes, exports, admin);
    var lists = new ListTools(admin, exports, bulk);
    return List.of(
        new PlayerListPages(bus, changes, lists, clock),
        new TestPlayerPages(bus, changes),
        new PlayerPages(bus, changes, clock),
        new SessionPages(bus, changes, lists),
        new FriendListPages(bus, changes, lists),
        new GroupListPages(bus, lists),
        new GroupPages(bus, changes),
        new PartyPages(bus, changes, lists),
        new LobbyListPages(bus, lists),
        new LobbyPages(bus, changes),
        new LeaderboardListPages(bus, lists, clock),
        new LeaderboardPages(bus, changes, lists, clock),
        new AchievementListPages(bus, lists),
        new AchievementPages(bus, changes),
        new KvSchemaPages(bus, changes),
        new KvFormPages(bus, changes),
        new KvListPages(bus, changes, lists),
        new KvPages(bus, changes),
        new BroadcastPages(bus, changes, clock),
        new NotificationPages(bus, changes, lists),
        new ChatQueuePages(bus, changes, clock),
        new ChatMutePages(bus, changes, clock),
        new ChatFilterPages(bus, changes),
        new ChatPages(bus, changes, lists),
        new EmailPages(bus, changes),
        new ThemePages(bus, changes),
        new TranslationPages(bus, changes),
        bulk,
        new SearchPages(bus));
  }
}
