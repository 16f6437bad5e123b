package dev.rookery.chat;

import dev.rookery.base.GroupId;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.chat.ChatCommand.Send;
import dev.rookery.friend.Friends;
import dev.rookery.friend.Friends.Pair;
import dev.rookery.friend.Friends.Relation;
import dev.rookery.group.Groups;
import dev.rookery.lobby.Lobbies;
import dev.rookery.party.Parties;
import dev.rookery.player.PlayerSummary;
import dev.rookery.player.Players;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * Who may read and write in a conversation, by its kind. Everything else about messages is the same
 * for all kinds: a new kind is a new case here and nothing more.
 */
final class ConversationAccess {
  private final Players players;
  private final Friends friends;
  private final Groups groups;
  private final Parties parties;
  private final Lobbies lobbies;
  private final RoomStore rooms = new RoomStore();

  ConversationAccess(
      Players players, Friends friends, Groups groups, Parties parties, Lobbies lobbies) {
    this.players = players;
    this.friends = friends;
    this.groups = groups;
    this.parties = parties;
    this.lobbies = lobbies;
  }

  /** The streams on which the conversation's events are. */
  static List<String> streams(Conversation conversation) {
    long id = conversation.id();
    return switch (conversation.kind()) {
      case LOBBY -> List.of(Topic.lobby(new LobbyId(id)));
      case PARTY -> List.of(Topic.party(new PartyId(id)));
      case GROUP -> List.of(Topic.group(new GroupId(id)));
      case ROOM -> List.of(Topic.room(id));
      case DIRECT -> {
        var player = new PlayerId(id);
        yield List.of(Topic.player(player), Topic.player(conversation.otherThan(player)));
      }
    };
  }

  /**
   * Locked conversations of one kind.
   *
   * @param slowdowns of the open ones: how many seconds a sender waits between two messages there;
   *     0 for not at all
   * @param blocked direct ones of which one player has blocked the other
   */
  record Locked(Map<Conversation, Integer> slowdowns, Set<Conversation> blocked) {
    /** Returns the seconds; refuses a conversation into which nobody may write. */
    int requireOpen(Conversation conversation) {
      Integer seconds = slowdowns.get(conversation);
      if (seconds == null) {
        throw blocked.contains(conversation) ? Refused.denied("blocked") : notMember(conversation);
      }
      return seconds;
    }
  }

  /**
   * Locks the conversations of at most {@link Placeholders#MANY_MAX} messages, all of one kind,
   * until the end of the transaction: nobody joins or leaves meanwhile, no friendship ends, and ids
   * of messages ascend in the order of their events.
   */
  Locked lock(Transaction tx, Conversation.Kind kind, Collection<Send> messages) {
    Set<Conversation> all =
        messages.stream().map(Send::conversation).collect(Collectors.toUnmodifiableSet());
    return switch (kind) {
      case LOBBY ->
          open(kind, lobbies.lockWithSlowdowns(tx, ids(all, LobbyId::new)), LobbyId::value);
      case GROUP ->
          open(kind, groups.lockWithSlowdowns(tx, ids(all, GroupId::new)), GroupId::value);
      case PARTY -> {
        var slowdowns = new HashMap<PartyId, Integer>();
        parties.lock(tx, ids(all, PartyId::new)).keySet().forEach(one -> slowdowns.put(one, 0));
        yield open(kind, slowdowns, PartyId::value);
      }
      case ROOM -> {
        var slowdowns = new HashMap<Long, Integer>();
        rooms.lock(tx, ids(all, Long::valueOf)).forEach(one -> slowdowns.put(one, 0));
        yield open(kind, slowdowns, Long::longValue);
      }
      case DIRECT -> {
        // Inserting the messages locks their senders too, which must come before friendships.
        players.lockKeys(tx, messages.stream().map(Send::sender).collect(Collectors.toSet()));
        yield openDirect(
            friends.lockRelations(tx, all.stream().map(ConversationAccess::pair).toList()));
      }
    };
  }

  private static <I> Set<I> ids(Set<Conversation> conversations, LongFunction<I> id) {
    return conversations.stream().map(one -> id.apply(one.id())).collect(Collectors.toSet());
  }

  private static <I> Locked open(
      Conversation.Kind kind, Map<I, Integer> slowdowns, ToLongFunction<I> value) {
    var open = new HashMap<Conversation, Integer>();
    slowdowns.forEach(
        (id, seconds) -> open.put(new Conversation(kind, value.applyAsLong(id)), seconds));
    return new Locked(open, Set.of());
  }

  private static Locked openDirect(Map<Pair, Relation> relations) {
    var open = new HashMap<Conversation, Integer>();
    var blocked = new HashSet<Conversation>();
    relations.forEach(
        (pair, relation) -> {
          var conversation = Conversation.direct(pair.lower(), pair.higher());
          switch (relation) {
            case FRIENDS -> open.put(conversation, 0);
            case BLOCKED -> blocked.add(conversation);
            case NONE -> {}
          }
        });
    return new Locked(open, blocked);
  }

  /**
   * Whether messages of the conversation may be changed; if so, it is locked until the end of the
   * transaction. Those of a direct one may always be, and a change locks the message alone.
   */
  boolean lock(Transaction tx, Conversation conversation) {
    long id = conversation.id();
    return switch (conversation.kind()) {
      case LOBBY -> !lobbies.lockWithSlowdowns(tx, Set.of(new LobbyId(id))).isEmpty();
      case PARTY -> !parties.lock(tx, Set.of(new PartyId(id))).isEmpty();
      case GROUP -> !groups.lockWithSlowdowns(tx, Set.of(new GroupId(id))).isEmpty();
      case ROOM -> !rooms.lock(tx, Set.of(id)).isEmpty();
      case DIRECT -> true;
    };
  }

  /** Refuses a player who could not send a message into the conversation now. */
  void requireWritable(Reader reader, PlayerId player, Conversation conversation) {
    requireMember(reader, player, conversation);
    if (conversation.kind() == Conversation.Kind.DIRECT) {
      openDirect(friends.relations(reader, Set.of(pair(conversation)))).requireOpen(conversation);
    }
  }

  private static Pair pair(Conversation direct) {
    var lower = new PlayerId(direct.id());
    return new Pair(lower, direct.otherThan(lower));
  }

  /**
   * Returns a check of each of at most {@link Placeholders#MANY_MAX} messages that refuses a sender
   * who is not a member, with {@code Missing("player_not_found")} if there is none.
   */
  Consumer<Send> memberCheck(Transaction tx, Collection<Send> messages) {
    Map<PlayerId, PlayerSummary> senders =
        players.findSummaries(tx, messages.stream().map(Send::sender).collect(Collectors.toSet()));
    Set<Groups.Pair> inGroups = findGroupMembers(tx, messages);
    Set<Long> existing = findRooms(tx, messages.stream().map(Send::conversation).toList());
    return message -> {
      PlayerSummary sender = senders.get(message.sender());
      if (sender == null) {
        throw Refused.missing("player_not_found");
      }
      if (!isMember(sender, inGroups, existing, message.conversation())) {
        throw notMember(message.conversation());
      }
    };
  }

  private Set<Groups.Pair> findGroupMembers(Transaction tx, Collection<Send> messages) {
    List<Groups.Pair> pairs =
        messages.stream()
            .filter(one -> one.conversation().kind() == Conversation.Kind.GROUP)
            .map(one -> new Groups.Pair(new GroupId(one.conversation().id()), one.sender()))
            .toList();
    return pairs.isEmpty() ? Set.of() : groups.findMembers(tx, pairs);
  }

  /**
   * Returns those of at most {@link Placeholders#MANY_MAX} conversations that the player may read.
   */
  Set<Conversation> findReadable(
      Reader reader, PlayerId player, Collection<Conversation> conversations) {
    PlayerSummary found = players.findSummaries(reader, Set.of(player)).get(player);
    if (found == null) {
      return Set.of();
    }
    Set<Groups.Pair> inGroups = findGroups(reader, player, conversations);
    Set<Long> existing = findRooms(reader, conversations);
    return conversations.stream()
        .filter(one -> isMember(found, inGroups, existing, one))
        .collect(Collectors.toSet());
  }

  private Set<Long> findRooms(Reader reader, Collection<Conversation> conversations) {
    Set<Long> ids =
        conversations.stream()
            .filter(one -> one.kind() == Conversation.Kind.ROOM)
            .map(Conversation::id)
            .collect(Collectors.toSet());
    return ids.isEmpty() ? Set.of() : rooms.existing(reader, ids);
  }

  private Set<Groups.Pair> findGroups(
      Reader reader, PlayerId player, Collection<Conversation> conversations) {
    Set<Groups.Pair> pairs =
        conversations.stream()
            .filter(one -> one.kind() == Conversation.Kind.GROUP)
            .map(one -> new Groups.Pair(new GroupId(one.id()), player))
            .collect(Collectors.toSet());
    return pairs.isEmpty() ? Set.of() : groups.findMembers(reader, pairs);
  }

  private static boolean isMember(
      PlayerSummary player, Set<Groups.Pair> inGroups, Set<Long> rooms, Conversation conversation) {
    long id = conversation.id();
    return switch (conversation.kind()) {
      case LOBBY -> new LobbyId(id).equals(player.lobby());
      case PARTY -> new PartyId(id).equals(player.party());
      case GROUP -> inGroups.contains(new Groups.Pair(new GroupId(id), player.id()));
      case DIRECT -> conversation.involves(player.id());
      case ROOM -> rooms.contains(id);
    };
  }

  /** Whether the player may read the conversation. */
  boolean isMember(Reader reader, PlayerId player, Conversation conversation) {
    return !findReadable(reader, player, Set.of(conversation)).isEmpty();
  }

  /** Refuses a player who is not a member. */
  void requireMember(Reader reader, PlayerId player, Conversation conversation) {
    if (!isMember(reader, player, conversation)) {
      throw notMember(conversation);
    }
  }

  /** As {@link #requireMember}, and keeps the player in it until the end of the transaction. */
  void requireLockedMember(Transaction tx, PlayerId player, Conversation conversation) {
    players.lock(tx, player);
    requireMember(tx, player, conversation);
  }

  static Refused notMember(Conversation conversation) {
    return switch (conversation.kind()) {
      case LOBBY -> Refused.denied("not_in_lobby");
      case PARTY -> Refused.denied("not_in_party");
      case GROUP -> Refused.denied("not_in_group");
      case DIRECT -> Refused.denied("not_friends");
      case ROOM -> Refused.missing("room_not_found");
    };
  }
}
