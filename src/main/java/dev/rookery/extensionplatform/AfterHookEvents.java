package dev.rookery.extensionplatform;

import dev.rookery.achievement.AchievementEvent;
import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Event;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.chat.ChatEvent;
import dev.rookery.extension.AchievementUnlocked;
import dev.rookery.extension.GroupKicked;
import dev.rookery.extension.GroupMember;
import dev.rookery.extension.LobbyKicked;
import dev.rookery.extension.LobbyMember;
import dev.rookery.extension.PartyMember;
import dev.rookery.extensionhost.AfterPoint;
import dev.rookery.group.GroupEvent;
import dev.rookery.lobby.LobbyEvent;
import dev.rookery.party.PartyEvent;
import dev.rookery.player.AccountEvent;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which committed events are changes that hooks of extensions follow, and how they are shown. */
final class AfterHookEvents {
  private AfterHookEvents() {}

  /**
   * A change as hooks get it.
   *
   * @param shown of the type that the hooks of that point take
   */
  record Change(AfterPoint point, Object shown) {}

  /** The events from which hooks of these points are driven. */
  static Set<Class<? extends Event>> of(Collection<AfterPoint> points) {
    var events = new HashSet<Class<? extends Event>>();
    for (AfterPoint point : points) {
      events.add(of(point));
      if (point == AfterPoint.LOBBY_LEAVE) {
        // The last member closes the lobby.
        events.add(LobbyEvent.Closed.class);
      }
    }
    return events;
  }

  private static Class<? extends Event> of(AfterPoint point) {
    return switch (point) {
      case USER_REGISTER -> AccountEvent.Registered.class;
      case USER_LOGIN -> AccountEvent.SignedIn.class;
      case USER_UPDATED -> AccountEvent.Updated.class;
      case USER_ONLINE -> AccountEvent.Online.class;
      case USER_OFFLINE -> AccountEvent.Offline.class;
      case LOBBY_CREATE -> LobbyEvent.Opened.class;
      case LOBBY_JOIN -> LobbyEvent.Joined.class;
      case LOBBY_LEAVE -> LobbyEvent.Left.class;
      case LOBBY_UPDATE -> LobbyEvent.Changed.class;
      case LOBBY_DELETE -> LobbyEvent.Closed.class;
      case USER_KICKED -> LobbyEvent.Kicked.class;
      case LOBBY_HOST_CHANGE -> LobbyEvent.HostChanged.class;
      case GROUP_CREATE -> GroupEvent.Created.class;
      case GROUP_UPDATE -> GroupEvent.Updated.class;
      case GROUP_JOIN -> GroupEvent.Joined.class;
      case GROUP_LEAVE -> GroupEvent.Left.class;
      case GROUP_DELETE -> GroupEvent.Closed.class;
      case GROUP_KICK -> GroupEvent.Kicked.class;
      case PARTY_CREATE -> PartyEvent.Created.class;
      case PARTY_UPDATE -> PartyEvent.Changed.class;
      case PARTY_JOIN -> PartyEvent.Joined.class;
      case PARTY_LEAVE -> PartyEvent.Left.class;
      case PARTY_KICK -> PartyEvent.Kicked.class;
      case PARTY_DISBAND -> PartyEvent.Disbanded.class;
      case CHAT_MESSAGE -> ChatEvent.Sent.class;
      case ACHIEVEMENT_UNLOCKED -> AchievementEvent.Unlocked.class;
    };
  }

  /**
   * The change that an event tells of; null if it is none that hooks follow.
   *
   * @param nameOf the display name of a player, empty if there is none
   */
  static @Nullable Change change(
      CommittedEvent committed, Instant at, Function<PlayerId, String> nameOf) {
    return switch (committed.event()) {
      case AccountEvent account -> change(account, at);
      case LobbyEvent lobby -> change(lobby, nameOf);
      case GroupEvent group -> change(group);
      case PartyEvent party -> change(party);
      // A direct message is on the streams of both players.
      case ChatEvent.Sent(var message)
          when message.recipient() == null
              || committed.stream().equals(Topic.player(message.sender())) ->
          new Change(AfterPoint.CHAT_MESSAGE, Views.message(message));
      case AchievementEvent.Unlocked(var unlocked) ->
          new Change(
              AfterPoint.ACHIEVEMENT_UNLOCKED,
              new AchievementUnlocked(
                  unlocked.player().value(),
                  unlocked.achievement().value(),
                  unlocked.progress(),
                  at));
      default -> null;
    };
  }

  private static Change change(AccountEvent event, Instant at) {
    AfterPoint point =
        switch (event) {
          case AccountEvent.Registered _ -> AfterPoint.USER_REGISTER;
          case AccountEvent.SignedIn _ -> AfterPoint.USER_LOGIN;
          case AccountEvent.Updated _ -> AfterPoint.USER_UPDATED;
          case AccountEvent.Online _ -> AfterPoint.USER_ONLINE;
          case AccountEvent.Offline _ -> AfterPoint.USER_OFFLINE;
        };
    return new Change(point, Users.user(event.player(), at.toEpochMilli()));
  }

  private static @Nullable Change change(LobbyEvent event, Function<PlayerId, String> nameOf) {
    return switch (event) {
      case LobbyEvent.Opened(var lobby) -> new Change(AfterPoint.LOBBY_CREATE, Views.lobby(lobby));
      case LobbyEvent.Changed(var lobby, _) ->
          new Change(AfterPoint.LOBBY_UPDATE, Views.lobby(lobby));
      case LobbyEvent.Joined(var lobby, var player) ->
          new Change(
              AfterPoint.LOBBY_JOIN,
              new LobbyMember(player.id().value(), player.displayName(), Views.lobby(lobby)));
      case LobbyEvent.Left(var lobby, var player, var name) ->
          new Change(
              AfterPoint.LOBBY_LEAVE, new LobbyMember(player.value(), name, Views.lobby(lobby)));
      case LobbyEvent.Kicked(var lobby, var player, var name) ->
          new Change(
              AfterPoint.USER_KICKED,
              new LobbyKicked(Views.id(lobby.host()), player.value(), name, Views.lobby(lobby)));
      case LobbyEvent.HostChanged(var lobby, _, _) ->
          new Change(AfterPoint.LOBBY_HOST_CHANGE, Views.lobby(lobby));
      case LobbyEvent.Closed(var lobby, var lastMember) ->
          lastMember == null
              ? new Change(AfterPoint.LOBBY_DELETE, Views.lobby(lobby))
              : new Change(
                  AfterPoint.LOBBY_LEAVE,
                  new LobbyMember(
                      lastMember.value(), nameOf.apply(lastMember), Views.lobby(lobby)));
      case LobbyEvent.PartyJoined _, LobbyEvent.TeamsChanged _, LobbyEvent.MatchStarted _ -> null;
    };
  }

  private static @Nullable Change change(GroupEvent event) {
    return switch (event) {
      case GroupEvent.Created(var group) -> new Change(AfterPoint.GROUP_CREATE, Views.group(group));
      case GroupEvent.Updated(var group, _) ->
          new Change(AfterPoint.GROUP_UPDATE, Views.group(group));
      case GroupEvent.Closed(var group) -> new Change(AfterPoint.GROUP_DELETE, Views.group(group));
      case GroupEvent.Joined(var group, var player, var name) ->
          new Change(AfterPoint.GROUP_JOIN, new GroupMember(player.value(), name, group.value()));
      case GroupEvent.Left(var group, var player, var name) ->
          new Change(AfterPoint.GROUP_LEAVE, new GroupMember(player.value(), name, group.value()));
      case GroupEvent.Kicked(var group, var player, var name, var by) ->
          new Change(
              AfterPoint.GROUP_KICK,
              new GroupKicked(Views.id(by), player.value(), name, group.value()));
      default -> null;
    };
  }

  private static Change change(PartyEvent event) {
    return switch (event) {
      case PartyEvent.Created(var party) -> new Change(AfterPoint.PARTY_CREATE, Views.party(party));
      case PartyEvent.Changed(var party, _) ->
          new Change(AfterPoint.PARTY_UPDATE, Views.party(party));
      case PartyEvent.Joined(var party, var player) ->
          new Change(
              AfterPoint.PARTY_JOIN,
              new PartyMember(player.id().value(), player.displayName(), Views.party(party)));
      case PartyEvent.Left(var party, var player, var name) ->
          new Change(
              AfterPoint.PARTY_LEAVE, new PartyMember(player.value(), name, Views.party(party)));
      case PartyEvent.Kicked(var party, var player, var name) ->
          new Change(
              AfterPoint.PARTY_KICK, new PartyMember(player.value(), name, Views.party(party)));
      case PartyEvent.Disbanded(var party) ->
          new Change(AfterPoint.PARTY_DISBAND, Views.party(party));
    };
  }
}
