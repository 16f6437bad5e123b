package dev.rookery.protocol.page;

import dev.rookery.base.GroupId;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.chat.Conversation;
import dev.rookery.chat.Conversation.Kind;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Conversations in addresses: {@code friend/<player>}, and group, lobby and party by their id. */
final class ConversationPath {
  private static final Pattern ID = Pattern.compile("[0-9]{1,18}");

  private ConversationPath() {}

  /** Returns the conversation that a player names; null if it is none. */
  static @Nullable Conversation parse(String path, char separator, PlayerId player) {
    int end = path.indexOf(separator);
    return end < 0 ? null : of(path.substring(0, end), path.substring(end + 1), player);
  }

  static @Nullable Conversation of(String kind, String id, PlayerId player) {
    if (!ID.matcher(id).matches()) {
      return null;
    }
    long number = Long.parseLong(id);
    return switch (kind) {
      case "friend" ->
          number == player.value() ? null : Conversation.direct(player, new PlayerId(number));
      case "group" -> new Conversation(Kind.GROUP, number);
      case "lobby" -> new Conversation(Kind.LOBBY, number);
      case "party" -> new Conversation(Kind.PARTY, number);
      default -> null;
    };
  }

  static String path(Conversation conversation, PlayerId player) {
    return switch (conversation.kind()) {
      case DIRECT -> "friend/" + conversation.otherThan(player);
      case GROUP -> "group/" + conversation.id();
      case LOBBY -> "lobby/" + conversation.id();
      case PARTY -> "party/" + conversation.id();
      case ROOM -> throw new IllegalArgumentException("a room has no page");
    };
  }

  /** The stream with the events of a conversation, as a player follows it. */
  static String stream(Conversation conversation, PlayerId player) {
    return switch (conversation.kind()) {
      case DIRECT -> Topic.player(player);
      case GROUP -> Topic.group(new GroupId(conversation.id()));
      case LOBBY -> Topic.lobby(new LobbyId(conversation.id()));
      case PARTY -> Topic.party(new PartyId(conversation.id()));
      case ROOM -> Topic.room(conversation.id());
    };
  }
}
