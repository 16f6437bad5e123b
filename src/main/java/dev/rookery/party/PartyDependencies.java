package dev.rookery.party;

import dev.rookery.friend.Friends;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.player.Players;

/** What the commands of parties are carried out with. */
record PartyDependencies(
    PartyStore parties,
    InviteStore invites,
    Players players,
    Friends friends,
    SharedGroups groups,
    PartyRules rules,
    NotificationWriter notifications) {}
