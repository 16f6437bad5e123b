package dev.rookery.extensionplatform;

import dev.rookery.base.GroupId;
import dev.rookery.base.GroupInviteId;
import dev.rookery.base.GroupMembershipId;
import dev.rookery.base.PlayerId;
import dev.rookery.extension.Group;
import dev.rookery.extension.GroupInvite;
import dev.rookery.extension.GroupMembership;
import dev.rookery.extension.GroupSettings;
import dev.rookery.extension.Groups;
import dev.rookery.extension.ResultPage;
import dev.rookery.group.GroupCommand;
import dev.rookery.group.GroupQuery;
import dev.rookery.group.GroupType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@link Groups} by commands. */
final class PlatformGroups implements Groups {
  private final PlatformBus bus;

  PlatformGroups(PlatformBus bus) {
    this.bus = bus;
  }

  @Override
  public @Nullable Group find(long groupId) {
    var found = bus.find(new GroupQuery.Find(new GroupId(groupId)));
    return found == null ? null : Views.group(found);
  }

  @Override
  public ResultPage<Group> listVisible(@Nullable String titlePrefix, int page, int pageSize) {
    var list = new GroupQuery.ListVisible(titled(titlePrefix), PlatformBus.page(page, pageSize));
    return PlatformBus.result(bus.ask(list), Views::group);
  }

  @Override
  public ResultPage<Group> listAll(@Nullable String titlePrefix, int page, int pageSize) {
    var list = new GroupQuery.ListAll(titled(titlePrefix), PlatformBus.page(page, pageSize));
    return PlatformBus.result(bus.ask(list), Views::group);
  }

  private static GroupQuery.Filter titled(@Nullable String titlePrefix) {
    return new GroupQuery.Filter(
        titlePrefix, null, null, null, null, null, GroupQuery.Order.NEWEST);
  }

  @Override
  public ResultPage<Group> listOf(long userId, int page, int pageSize) {
    var list = new GroupQuery.ListOfPlayer(new PlayerId(userId), PlatformBus.page(page, pageSize));
    return PlatformBus.result(bus.ask(list), Views::group);
  }

  @Override
  public long count(@Nullable String type) {
    var filter =
        new GroupQuery.Filter(null, type(type), null, null, null, null, GroupQuery.Order.NEWEST);
    return bus.ask(new GroupQuery.ListAll(filter, PlatformBus.page(1, 1))).total();
  }

  private static @Nullable GroupType type(@Nullable String name) {
    return switch (name) {
      case null -> null;
      case "public" -> GroupType.PUBLIC;
      case "private" -> GroupType.PRIVATE;
      case "hidden" -> GroupType.HIDDEN;
      default -> throw new IllegalArgumentException("no type of groups: " + name);
    };
  }

  @Override
  public long countCreatedBy(long userId) {
    return bus.ask(new GroupQuery.CountCreatedBy(new PlayerId(userId)));
  }

  @Override
  public long countMembers() {
    return bus.ask(new GroupQuery.CountMembers());
  }

  @Override
  public boolean shareGroup(long userId, long otherId) {
    return bus.ask(new GroupQuery.ShareGroup(new PlayerId(userId), new PlayerId(otherId)));
  }

  @Override
  public Group create(long userId, GroupSettings settings) {
    return Views.group(
        bus.ask(new GroupCommand.Create(new PlayerId(userId), settings(settings), null)));
  }

  @Override
  public Group updateAsAdmin(long adminId, long groupId, GroupSettings settings) {
    return Views.group(
        bus.ask(
            new GroupCommand.Update(
                new PlayerId(adminId), new GroupId(groupId), settings(settings))));
  }

  @Override
  public Group update(long groupId, GroupSettings settings) {
    return Views.group(
        bus.ask(new GroupCommand.UpdateAny(new GroupId(groupId), settings(settings), null)));
  }

  private static GroupCommand.Settings settings(GroupSettings settings) {
    return new GroupCommand.Settings(
        settings.title(),
        settings.description(),
        settings.type(),
        settings.maxMembers(),
        settings.metadata(),
        null);
  }

  @Override
  public void delete(long groupId) {
    bus.ask(new GroupCommand.Delete(new GroupId(groupId)));
  }

  @Override
  public @Nullable GroupMembership findMembership(long groupId, long userId) {
    var found = bus.find(new GroupQuery.FindMembership(new GroupId(groupId), new PlayerId(userId)));
    return found == null ? null : Views.membership(found);
  }

  @Override
  public ResultPage<GroupMembership> members(long groupId, int page, int pageSize) {
    var list =
        new GroupQuery.ListMembersOfAny(new GroupId(groupId), PlatformBus.page(page, pageSize));
    return PlatformBus.result(bus.ask(list), member -> Views.membership(member.membership()));
  }

  @Override
  public GroupMembership join(long userId, long groupId) {
    return Views.membership(
        bus.ask(new GroupCommand.Join(new PlayerId(userId), new GroupId(groupId), null)));
  }

  @Override
  public void leave(long userId, long groupId) {
    bus.ask(new GroupCommand.Leave(new PlayerId(userId), new GroupId(groupId), null));
  }

  @Override
  public void kick(long adminId, long groupId, long targetId) {
    bus.ask(
        new GroupCommand.Kick(
            new PlayerId(adminId), new GroupId(groupId), new PlayerId(targetId), null));
  }

  @Override
  public GroupMembership promote(long adminId, long groupId, long targetId) {
    return Views.membership(
        bus.ask(
            new GroupCommand.Promote(
                new PlayerId(adminId), new GroupId(groupId), new PlayerId(targetId))));
  }

  @Override
  public GroupMembership demote(long adminId, long groupId, long targetId) {
    return Views.membership(
        bus.ask(
            new GroupCommand.Demote(
                new PlayerId(adminId), new GroupId(groupId), new PlayerId(targetId))));
  }

  @Override
  public ResultPage<GroupMembership> requests(long adminId, long groupId, int page, int pageSize) {
    var list =
        new GroupQuery.ListRequests(
            new PlayerId(adminId), new GroupId(groupId), PlatformBus.page(page, pageSize));
    return PlatformBus.result(bus.ask(list), request -> Views.membership(request.membership()));
  }

  @Override
  public GroupMembership approve(long adminId, long requestId) {
    return Views.membership(
        bus.ask(new GroupCommand.Approve(new PlayerId(adminId), new GroupMembershipId(requestId))));
  }

  @Override
  public void reject(long adminId, long requestId) {
    bus.ask(new GroupCommand.Reject(new PlayerId(adminId), new GroupMembershipId(requestId)));
  }

  @Override
  public void cancelRequest(long userId, long requestId) {
    bus.ask(new GroupCommand.CancelRequest(new PlayerId(userId), new GroupMembershipId(requestId)));
  }

  @Override
  public void invite(long adminId, long groupId, long targetId) {
    bus.ask(
        new GroupCommand.Invite(
            new PlayerId(adminId), new GroupId(groupId), new PlayerId(targetId)));
  }

  @Override
  public GroupMembership acceptInvite(long userId, long inviteId) {
    var accept =
        new GroupCommand.AcceptInvite(new PlayerId(userId), new GroupInviteId(inviteId), null);
    return Views.membership(bus.ask(accept).membership());
  }

  @Override
  public void declineInvite(long userId, long inviteId) {
    bus.ask(new GroupCommand.DeclineInvite(new PlayerId(userId), new GroupInviteId(inviteId)));
  }

  @Override
  public void cancelInvite(long senderId, long inviteId) {
    bus.ask(new GroupCommand.CancelInvite(new PlayerId(senderId), new GroupInviteId(inviteId)));
  }

  @Override
  public ResultPage<GroupInvite> invitesTo(long userId, int page, int pageSize) {
    var list = new GroupQuery.ListReceived(new PlayerId(userId), PlatformBus.page(page, pageSize));
    return PlatformBus.result(bus.ask(list), Views::invite);
  }

  @Override
  public ResultPage<GroupInvite> invitesBy(long userId, int page, int pageSize) {
    var list = new GroupQuery.ListSent(new PlayerId(userId), PlatformBus.page(page, pageSize));
    return PlatformBus.result(bus.ask(list), Views::invite);
  }

  @Override
  public int notifyMembers(
      long senderId, long groupId, String title, String content, Map<String, Object> metadata) {
    return bus.ask(
        new GroupCommand.NotifyAll(
            new PlayerId(senderId), new GroupId(groupId), title, content, metadata, null));
  }
}
