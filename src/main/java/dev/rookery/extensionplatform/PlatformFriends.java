package dev.rookery.extensionplatform;

import dev.rookery.base.FriendshipId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.extension.Friends;
import dev.rookery.extension.Friendship;
import dev.rookery.extension.ResultPage;
import dev.rookery.friend.Friend;
import dev.rookery.friend.FriendCommand;
import dev.rookery.friend.FriendCommand.Action;
import dev.rookery.friend.Friends.Relation;

/** {@link Friends} by commands. */
final class PlatformFriends implements Friends {
  private final PlatformBus bus;

  PlatformFriends(PlatformBus bus) {
    this.bus = bus;
  }

  @Override
  public boolean areFriends(long userId, long otherId) {
    return relation(userId, otherId) == Relation.FRIENDS;
  }

  @Override
  public boolean isBlocked(long userId, long otherId) {
    return relation(userId, otherId) == Relation.BLOCKED;
  }

  private Relation relation(long userId, long otherId) {
    return bus.ask(new FriendCommand.FindRelation(new PlayerId(userId), new PlayerId(otherId)));
  }

  @Override
  public Friendship request(long userId, long targetId) {
    return Views.friendship(
        bus.ask(new FriendCommand.Request(new PlayerId(userId), new PlayerId(targetId), null)));
  }

  @Override
  public Friendship accept(long userId, long friendshipId) {
    return answer(userId, friendshipId, Action.ACCEPT);
  }

  @Override
  public Friendship reject(long userId, long friendshipId) {
    return answer(userId, friendshipId, Action.REJECT);
  }

  @Override
  public Friendship block(long userId, long friendshipId) {
    return answer(userId, friendshipId, Action.BLOCK);
  }

  @Override
  public Friendship unblock(long userId, long friendshipId) {
    return answer(userId, friendshipId, Action.UNBLOCK);
  }

  @Override
  public void remove(long userId, long friendshipId) {
    answer(userId, friendshipId, Action.REMOVE);
  }

  private Friendship answer(long userId, long friendshipId, Action action) {
    return Views.friendship(
        bus.ask(
            new FriendCommand.Answer(
                new PlayerId(userId), new FriendshipId(friendshipId), action)));
  }

  @Override
  public ResultPage<Friendship> list(long userId, int page, int pageSize) {
    return result(
        bus.ask(
            new FriendCommand.ListFriends(new PlayerId(userId), PlatformBus.page(page, pageSize))));
  }

  @Override
  public ResultPage<Friendship> incoming(long userId, int page, int pageSize) {
    return result(
        bus.ask(
                new FriendCommand.ListRequests(
                    new PlayerId(userId), PlatformBus.page(page, pageSize)))
            .incoming());
  }

  @Override
  public ResultPage<Friendship> outgoing(long userId, int page, int pageSize) {
    return result(
        bus.ask(
                new FriendCommand.ListRequests(
                    new PlayerId(userId), PlatformBus.page(page, pageSize)))
            .outgoing());
  }

  @Override
  public ResultPage<Friendship> blocked(long userId, int page, int pageSize) {
    return result(
        bus.ask(
            new FriendCommand.ListBlocked(new PlayerId(userId), PlatformBus.page(page, pageSize))));
  }

  private static ResultPage<Friendship> result(Page<Friend> page) {
    return PlatformBus.result(page, friend -> Views.friendship(friend.friendship()));
  }
}
