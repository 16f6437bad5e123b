package dev.rookery.group;

import dev.rookery.base.Limits;
import dev.rookery.friend.Friends;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.player.Players;

/** What the commands of groups are carried out with. */
record GroupDependencies(
    Players players,
    Friends friends,
    NotificationWriter notifications,
    GroupRules rules,
    GroupStore store,
    MembershipStore memberships,
    InviteStore invites,
    NoticeStore notices,
    GroupTotalStore totals) {
  static GroupDependencies of(Players players, NotificationWriter notifications, Limits limits) {
    return new GroupDependencies(
        players,
        new Friends(),
        notifications,
        new GroupRules(limits),
        new GroupStore(),
        new MembershipStore(),
        new InviteStore(),
        new NoticeStore(),
        new GroupTotalStore());
  }
}
