package dev.rookery.protocol.page;

import dev.rookery.base.Ids;
import dev.rookery.bus.Bus;
import io.vertx.ext.web.Router;
import java.time.InstantSource;
import java.util.List;

/** The pages on which players meet: friends, groups, chat, notifications, and what they reached. */
final class PlayerPages {
  private static final List<String> PATHS =
      List.of(
          "/notifications", "/chat", "/groups", "/achievements", "/leaderboards", "/live/ticket");

  private final Bus bus;
  private final FriendPages friends;
  private final GroupSettingsPages ownGroups;
  private final NotificationPages notifications;
  private final DataPages data;
  private final ChatListPage chats;
  private final ChatPages chat;
  private final MutePages mutes;
  private final ReportPages reports;
  private final GroupPages groups;
  private final AchievementPages achievements;
  private final LeaderboardPages leaderboards;

  PlayerPages(Bus bus, InstantSource clock, Ids ids, PageSettings settings) {
    this.bus = bus;
    this.friends = new FriendPages(bus, settings.limits(), settings.searchesByEmail());
    this.ownGroups = new GroupSettingsPages(bus, settings.limits());
    this.notifications = new NotificationPages(bus, clock);
    this.data = new DataPages(bus, settings.notificationsKeptFor());
    this.chats = new ChatListPage(bus);
    this.chat = new ChatPages(bus, ids);
    this.mutes = new MutePages(bus, clock);
    this.reports = new ReportPages(bus);
    this.groups = new GroupPages(bus);
    this.achievements = new AchievementPages(bus);
    this.leaderboards = new LeaderboardPages(bus, clock);
  }

  void mount(Router router, PageRouter pages) {
    friends.mount(router, pages);
    ownGroups.mount(router, pages);
    notifications.mount(router, pages);
    data.mount(router, pages);
    chats.mount(router, pages);
    chat.mount(router, pages);
    mutes.mount(router, pages);
    reports.mount(router, pages);
    groups.mount(router, pages);
    achievements.mount(router, pages);
    leaderboards.mount(router, pages);
    pages.postSignedIn(
        router, LiveSockets.TICKET, request -> LiveSockets.issueTicket(bus, request));
  }

  /** Whether a path is one of these pages. */
  static boolean isPath(String path) {
    return PATHS.stream().anyMatch(own -> path.equals(own) || path.startsWith(own + "/"));
  }
}
