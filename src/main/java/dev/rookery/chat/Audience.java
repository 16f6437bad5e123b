package dev.rookery.chat;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.lobby.Lobbies;
import dev.rookery.lobby.Lobby;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.util.Set;

/**
 * Who is in a conversation, by its kind. Everything else about messages is the same for all kinds:
 * a new kind is a new case here and nothing more.
 */
final class Audience {
  private final Players players;
  private final Lobbies lobbies;

  Audience(Players players, Lobbies lobbies) {
    this.players = players;
    this.lobbies = lobbies;
  }

  /** Whose streams hear of what happens in the conversation. */
  static String stream(Conversation conversation) {
    return switch (conversation.kind()) {
      case LOBBY -> Topic.lobby(new LobbyId(conversation.id()));
    };
  }

  /**
   * Lets the player speak, and holds the conversation until the end of the transaction: he cannot
   * be put out of it meanwhile, and messages get ascending ids in the order in which they are seen.
   */
  Speaker speaker(Transaction tx, PlayerId id, Conversation conversation) {
    return switch (conversation.kind()) {
      case LOBBY -> {
        Lobby lobby =
            lobbies.lock(tx, new LobbyId(conversation.id())).orElseThrow(Audience::notInLobby);
        Player player = players.find(tx, id);
        if (!lobby.id().equals(player.lobby())) {
          throw notInLobby();
        }
        yield new Speaker(player.displayName(), lobby.slowdownSeconds());
      }
    };
  }

  /**
   * Those of the lobbies that are there and ask for no pauses, held as by {@link #speaker}; at most
   * {@link dev.rookery.store.Placeholders#MANY_MAX}.
   */
  Set<LobbyId> holdUnpaced(Transaction tx, Set<LobbyId> ids) {
    return lobbies.lockUnpaced(tx, ids);
  }

  /** Whether the conversation goes on; if so, held until the end of the transaction. */
  boolean holds(Transaction tx, Conversation conversation) {
    return switch (conversation.kind()) {
      case LOBBY -> lobbies.lock(tx, new LobbyId(conversation.id())).isPresent();
    };
  }

  boolean hears(Reader reader, PlayerId player, Conversation conversation) {
    return switch (conversation.kind()) {
      case LOBBY -> isIn(players.find(reader, player), conversation);
    };
  }

  /** Refuses a player who does not hear it. */
  void mustHear(Reader reader, PlayerId player, Conversation conversation) {
    if (!hears(reader, player, conversation)) {
      throw notIn(conversation);
    }
  }

  /** As {@link #mustHear}, and keeps him in it until the end of the transaction. */
  void mustStay(Transaction tx, PlayerId player, Conversation conversation) {
    switch (conversation.kind()) {
      case LOBBY -> {
        if (!isIn(players.lock(tx, player), conversation)) {
          throw notInLobby();
        }
      }
    }
  }

  private static boolean isIn(Player player, Conversation conversation) {
    return new LobbyId(conversation.id()).equals(player.lobby());
  }

  private static Refused notIn(Conversation conversation) {
    return switch (conversation.kind()) {
      case LOBBY -> notInLobby();
    };
  }

  private static Refused notInLobby() {
    return Refused.denied("not_in_lobby");
  }
}
