package dev.rookery.base;

/**
 * Limits on player data; each can be configured. Text lengths count Unicode code points.
 *
 * @param friendsMax friends of one player
 * @param friendRequestsMax requests by one player that wait for an answer
 * @param groupMembersMax members that a group may be opened for
 * @param groupsMax groups of which one player may be a member when they join another
 * @param groupsAdminMax groups of which one player may be an admin when they create another
 * @param partySizeMax members that a party may be created for
 * @param partyInvitesMax invites into parties that one player may hold unanswered
 * @param groupInvitesMax invites to groups that one player may hold unanswered
 * @param groupNoticesMax notifications to all members of a group that one member may send before
 *     they have to wait between two
 * @param notificationsMax notifications of other players that one player may hold
 */
public record Limits(
    int displayNameMax,
    int emailMax,
    int deviceIdMax,
    int passwordMin,
    int passwordMax,
    int metadataBytesMax,
    int pageSizeMax,
    int lobbyTitleMax,
    int lobbySeatsMax,
    int lobbyPasswordMax,
    int chatContentMax,
    int friendsMax,
    int friendRequestsMax,
    int notificationsMax,
    int notificationTitleMax,
    int notificationContentMax,
    int groupTitleMax,
    int groupDescriptionMax,
    int groupMembersMax,
    int groupsMax,
    int groupsAdminMax,
    int groupInvitesMax,
    int groupNoticesMax,
    int leaderboardTitleMax,
    int leaderboardDescriptionMax,
    int leaderboardSlugMax,
    int partySizeMax,
    int partyInvitesMax) {
  public static final Limits DEFAULTS =
      new Limits(
          80, 160, 256, 8, 72, 16_384, 100, 80, 128, 128, 4_096, 500, 100, 500, 255, 10_000, 80,
          500, 10_000, 50, 20, 100, 10, 255, 1_000, 100, 32, 20);
}
