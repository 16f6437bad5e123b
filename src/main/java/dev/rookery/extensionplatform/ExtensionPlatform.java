package dev.rookery.extensionplatform;

import dev.rookery.extension.Achievements;
import dev.rookery.extension.Kv;
import dev.rookery.extension.Leaderboards;
import dev.rookery.extension.Notifications;
import dev.rookery.extension.Platform;
import dev.rookery.extension.Players;

/** The platform of one extension. */
record ExtensionPlatform(
    Players players,
    Notifications notifications,
    Leaderboards leaderboards,
    Achievements achievements,
    Kv kv)
    implements Platform {
  ExtensionPlatform(PlatformBus bus) {
    this(
        new PlatformPlayers(bus),
        new PlatformNotifications(bus),
        new PlatformLeaderboards(bus),
        new PlatformAchievements(bus),
        new PlatformKv(bus));
  }
}
