package dev.rookery.extensionplatform;

import dev.rookery.extension.Achievements;
import dev.rookery.extension.Chat;
import dev.rookery.extension.Friends;
import dev.rookery.extension.Groups;
import dev.rookery.extension.Kv;
import dev.rookery.extension.Leaderboards;
import dev.rookery.extension.Lobbies;
import dev.rookery.extension.Matchmaking;
import dev.rookery.extension.Notifications;
import dev.rookery.extension.Parties;
import dev.rookery.extension.Platform;
import dev.rookery.extension.Players;
import dev.rookery.extension.Sessions;

/** The platform of one extension. */
record ExtensionPlatform(
    Players players,
    Sessions sessions,
    Lobbies lobbies,
    Parties parties,
    Groups groups,
    Friends friends,
    Chat chat,
    Notifications notifications,
    Leaderboards leaderboards,
    Achievements achievements,
    Kv kv,
    Matchmaking matchmaking)
    implements Platform {
  ExtensionPlatform(PlatformBus bus) {
    this(
        new PlatformPlayers(bus),
        new PlatformSessions(bus),
        new PlatformLobbies(bus),
        new PlatformParties(bus),
        new PlatformGroups(bus),
        new PlatformFriends(bus),
        new PlatformChat(bus),
        new PlatformNotifications(bus),
        new PlatformLeaderboards(bus),
        new PlatformAchievements(bus),
        new PlatformKv(bus),
        new PlatformMatchmaking(bus));
  }
}
