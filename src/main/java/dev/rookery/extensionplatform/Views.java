package dev.rookery.extensionplatform;

import dev.rookery.base.PlayerId;
import dev.rookery.chat.Conversation;
import dev.rookery.extension.ChatMessage;
import dev.rookery.extension.Friendship;
import dev.rookery.extension.Group;
import dev.rookery.extension.GroupInvite;
import dev.rookery.extension.GroupMembership;
import dev.rookery.extension.Lobby;
import dev.rookery.extension.Party;
import dev.rookery.extension.PartyInvite;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What domains know, as extensions see it. */
final class Views {
  private static final long NONE = -1;

  private Views() {}

  /** -1 for none. */
  static long id(@Nullable PlayerId player) {
    return player == null ? NONE : player.value();
  }

  static Lobby lobby(dev.rookery.lobby.Lobby lobby) {
    return new Lobby(
        lobby.id().value(),
        lobby.title(),
        id(lobby.host()),
        lobby.hostless(),
        lobby.seatsMax(),
        lobby.hidden(),
        lobby.locked(),
        lobby.passworded(),
        lobby.metadata(),
        lobby.members());
  }

  static Party party(dev.rookery.party.Party party) {
    return new Party(
        party.id().value(),
        party.leader().value(),
        party.maxSize(),
        party.metadata(),
        party.members(),
        Instant.ofEpochMilli(party.createdMs()),
        Instant.ofEpochMilli(party.updatedMs()));
  }

  static PartyInvite invite(dev.rookery.party.PartyInvite invite) {
    return new PartyInvite(
        invite.id().value(),
        invite.party().value(),
        invite.sender().value(),
        invite.recipient().value(),
        Instant.ofEpochMilli(invite.createdMs()));
  }

  static Group group(dev.rookery.group.Group group) {
    return new Group(
        group.id().value(),
        group.title(),
        group.description(),
        group.type().name().toLowerCase(Locale.ROOT),
        group.membersMax(),
        group.metadata(),
        id(group.creator()),
        group.members(),
        Instant.ofEpochMilli(group.createdMs()),
        Instant.ofEpochMilli(group.updatedMs()));
  }

  static GroupMembership membership(dev.rookery.group.GroupMembership membership) {
    return new GroupMembership(
        membership.id().value(),
        membership.group().value(),
        membership.player().value(),
        membership.role().name().toLowerCase(Locale.ROOT));
  }

  static GroupInvite invite(dev.rookery.group.GroupInvite invite) {
    return new GroupInvite(
        invite.id().value(),
        invite.group().value(),
        invite.groupTitle(),
        invite.sender().value(),
        invite.recipient().value(),
        Instant.ofEpochMilli(invite.createdMs()));
  }

  static Friendship friendship(dev.rookery.friend.Friendship friendship) {
    return new Friendship(
        friendship.id().value(),
        friendship.requester().value(),
        friendship.target().value(),
        switch (friendship.state()) {
          case PENDING -> Friendship.State.PENDING;
          case ACCEPTED -> Friendship.State.ACCEPTED;
          case REJECTED -> Friendship.State.REJECTED;
          case BLOCKED -> Friendship.State.BLOCKED;
        },
        Instant.ofEpochMilli(friendship.createdMs()));
  }

  static ChatMessage message(dev.rookery.chat.ChatMessage message) {
    Conversation conversation = message.conversation();
    boolean direct = conversation.kind() == Conversation.Kind.DIRECT;
    return new ChatMessage(
        message.id().value(),
        message.sender().value(),
        message.senderName(),
        direct ? "friend" : conversation.kind().name().toLowerCase(Locale.ROOT),
        direct ? Objects.requireNonNull(message.recipient()).value() : conversation.id(),
        message.content(),
        message.metadata(),
        Instant.ofEpochMilli(message.createdMs()),
        Instant.ofEpochMilli(message.updatedMs()));
  }
}
