package dev.rookery.chat;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.lobby.Lobbies;
import dev.rookery.player.PlayerSummary;
import dev.rookery.player.Players;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who may read and write in a conversation, by its kind. Everything else about messages is the same
 * for all kinds: a new kind is a new case here and nothing more.
 */
final class ConversationAccess {
  private final Players players;
  private final Lobbies lobbies;

  ConversationAccess(Players players, Lobbies lobbies) {
    this.players = players;
    this.lobbies = lobbies;
  }

  /** The stream on which the conversation's events are. */
  static String stream(Conversation conversation) {
    return switch (conversation.kind()) {
      case LOBBY -> Topic.lobby(new LobbyId(conversation.id()));
    };
  }

  /**
   * The open ones of at most {@link Placeholders#MANY_MAX} conversations, and how many seconds a
   * sender waits between two messages there; 0 for not at all. They are locked until the end of the
   * transaction: nobody joins or leaves meanwhile, and ids of messages ascend in the order of their
   * events.
   */
  Map<Conversation, Integer> lockWithSlowdowns(Transaction tx, Set<Conversation> conversations) {
    var slowdowns = new HashMap<Conversation, Integer>();
    conversations.stream()
        .collect(Collectors.groupingBy(Conversation::kind, Collectors.toSet()))
        .forEach(
            (kind, ofKind) -> {
              switch (kind) {
                case LOBBY ->
                    lobbies
                        .lockWithSlowdowns(
                            tx,
                            ofKind.stream()
                                .map(one -> new LobbyId(one.id()))
                                .collect(Collectors.toSet()))
                        .forEach(
                            (lobby, seconds) ->
                                slowdowns.put(new Conversation(kind, lobby.value()), seconds));
              }
            });
    return slowdowns;
  }

  /** Whether the conversation is open; if so, it is locked until the end of the transaction. */
  boolean lock(Transaction tx, Conversation conversation) {
    return !lockWithSlowdowns(tx, Set.of(conversation)).isEmpty();
  }

  /** Those of at most {@link Placeholders#MANY_MAX} players who exist. */
  Map<PlayerId, PlayerSummary> players(Reader reader, Set<PlayerId> ids) {
    return players.findSummaries(reader, ids);
  }

  /** {@code Missing("player_not_found")} for a null; refuses a player who is not a member. */
  static void requireMember(@Nullable PlayerSummary player, Conversation conversation) {
    if (player == null) {
      throw Refused.missing("player_not_found");
    }
    requireMember(player.lobby(), conversation);
  }

  boolean isMember(Reader reader, PlayerId player, Conversation conversation) {
    return isMember(players.find(reader, player).lobby(), conversation);
  }

  /** Refuses a player who is not a member. */
  void requireMember(Reader reader, PlayerId player, Conversation conversation) {
    requireMember(players.find(reader, player).lobby(), conversation);
  }

  /** As {@link #requireMember}, and keeps the player in it until the end of the transaction. */
  void requireLockedMember(Transaction tx, PlayerId player, Conversation conversation) {
    requireMember(players.lock(tx, player).lobby(), conversation);
  }

  private static void requireMember(@Nullable LobbyId lobby, Conversation conversation) {
    if (!isMember(lobby, conversation)) {
      throw notMember(conversation);
    }
  }

  private static boolean isMember(@Nullable LobbyId lobby, Conversation conversation) {
    return switch (conversation.kind()) {
      case LOBBY -> new LobbyId(conversation.id()).equals(lobby);
    };
  }

  static Refused notMember(Conversation conversation) {
    return switch (conversation.kind()) {
      case LOBBY -> Refused.denied("not_in_lobby");
    };
  }
}
