package dev.rookery.chat;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Event;
import dev.rookery.base.GroupId;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.chat.Conversation.Kind;
import dev.rookery.consumer.EventConsumer;
import dev.rookery.consumer.Progress;
import dev.rookery.group.Groups;
import dev.rookery.lobby.Lobbies;
import dev.rookery.notification.NotificationKind;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.notification.NotificationWriter.Draft;
import dev.rookery.party.Parties;
import dev.rookery.player.PlayerSummary;
import dev.rookery.player.Players;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Transaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Notifies all members of a conversation but the author of each message (Gamend HTTP contract,
 * appendix B). A player has one notification for each group, lobby and party, and one for all
 * friends together, which counts the messages.
 *
 * <p>Messages that wait at the same time are counted together, so that a busy conversation needs
 * fewer writes for each message than a quiet one. One transaction writes at most {@value
 * #RECIPIENTS_MAX} notifications; a large group is handled in several.
 */
public final class MessageNotifications implements EventConsumer {
  private static final int RECIPIENTS_MAX = 500;

  private final Players players;
  private final Groups groups;
  private final Parties parties;
  private final Lobbies lobbies;
  private final NotificationWriter notifications;

  public MessageNotifications(
      Players players,
      Groups groups,
      Parties parties,
      Lobbies lobbies,
      NotificationWriter notifications) {
    this.players = players;
    this.groups = groups;
    this.parties = parties;
    this.lobbies = lobbies;
    this.notifications = notifications;
  }

  @Override
  public String name() {
    return "message_notifications";
  }

  @Override
  public List<Class<? extends Event>> events() {
    return List.of(ChatEvent.Sent.class);
  }

  @Override
  public Progress consume(Transaction tx, List<CommittedEvent> events, String part) {
    NavigableMap<Audience, Messages> all = messages(events);
    @Nullable Cursor from = part.isEmpty() ? null : Cursor.parse(part);
    var drafts = new ArrayList<Draft>();
    @Nullable Cursor next = null;
    var remaining = from == null ? all : all.tailMap(from.audience, true);
    Titles titles = titles(tx, remaining.keySet());
    var small = new Members(remaining.navigableKeySet());
    for (var entry : remaining.entrySet()) {
      Audience audience = entry.getKey();
      long after = from != null && from.audience.equals(audience) ? from.after : 0;
      int room = RECIPIENTS_MAX - drafts.size();
      List<PlayerId> members =
          titles.isOpen(audience) ? members(tx, audience, after, room, small) : List.of();
      for (PlayerId member : members) {
        int count = entry.getValue().countFor(member);
        if (count > 0) {
          drafts.add(draft(audience, titles, member, count));
        }
      }
      if (members.size() == room) {
        next = new Cursor(audience, members.getLast().value());
        break;
      }
    }
    write(tx, drafts);
    return next == null
        ? Progress.complete(events.size())
        : Progress.partial(events.size(), next.toString());
  }

  private static NavigableMap<Audience, Messages> messages(List<CommittedEvent> events) {
    var all = new TreeMap<Audience, Messages>(Audience.ORDER);
    for (CommittedEvent committed : events) {
      if (committed.event() instanceof ChatEvent.Sent(var message)) {
        PlayerId recipient = message.recipient();
        if (recipient == null) {
          var conversation = message.conversation();
          if (conversation.kind() == Kind.ROOM) {
            // A room has no members who could be notified.
            continue;
          }
          all.computeIfAbsent(
                  new Audience(conversation.kind(), conversation.id()), _ -> new Messages())
              .add(message.sender());
        } else if (committed.stream().equals(Topic.player(recipient))) {
          // The event is on the sender's stream too.
          all.computeIfAbsent(new Audience(Kind.DIRECT, recipient.value()), _ -> new Messages())
              .add(message.sender());
        }
      }
    }
    return all;
  }

  /** Members after one, by ascending id; fewer than {@code max} only at the end. */
  private List<PlayerId> members(
      Transaction tx, Audience audience, long after, int max, Members small) {
    long id = audience.id;
    return switch (audience.kind) {
      case DIRECT -> ids(Stream.of(new PlayerId(id)), after, max);
      case ROOM -> List.of();
      case GROUP -> groups.memberIds(tx, new GroupId(id), new PlayerId(after), max);
      case PARTY, LOBBY -> ids(small.of(tx, audience).stream().map(PlayerSummary::id), after, max);
    };
  }

  private static List<PlayerId> ids(Stream<PlayerId> members, long after, int max) {
    return members
        .filter(member -> member.value() > after)
        .sorted(Players.BY_ID)
        .limit(max)
        .toList();
  }

  private static Draft draft(Audience audience, Titles titles, PlayerId member, int count) {
    long id = audience.id;
    return switch (audience.kind) {
      case DIRECT ->
          Draft.ofMessages(
              NotificationKind.CHAT_FRIEND,
              member,
              NotificationKind.CHAT_FRIEND.title(),
              Map.of("chat_type", "friend"),
              count);
      case GROUP ->
          Draft.ofMessages(
              NotificationKind.CHAT_GROUP,
              member,
              NotificationKind.CHAT_GROUP.title() + titles.groups.get(new GroupId(id)),
              Map.of("chat_type", "group", "group_id", id),
              count);
      case PARTY ->
          Draft.ofMessages(
              NotificationKind.CHAT_PARTY,
              member,
              NotificationKind.CHAT_PARTY.title(),
              Map.of("chat_type", "party", "party_id", id),
              count);
      case LOBBY ->
          Draft.ofMessages(
              NotificationKind.CHAT_LOBBY,
              member,
              NotificationKind.CHAT_LOBBY.title() + titles.lobbies.get(new LobbyId(id)),
              Map.of("chat_type", "lobby", "lobby_id", id),
              count);
      case ROOM -> throw new IllegalStateException("rooms have no members");
    };
  }

  private Titles titles(Transaction tx, Set<Audience> audiences) {
    var ofGroups = new HashMap<GroupId, String>();
    Placeholders.inParts(
        audiences.stream()
            .filter(one -> one.kind == Kind.GROUP)
            .map(one -> new GroupId(one.id))
            .toList(),
        part -> ofGroups.putAll(groups.titles(tx, part)));
    var ofLobbies = new HashMap<LobbyId, String>();
    Placeholders.inParts(
        audiences.stream()
            .filter(one -> one.kind == Kind.LOBBY)
            .map(one -> new LobbyId(one.id))
            .toList(),
        part -> ofLobbies.putAll(lobbies.titles(tx, part)));
    return new Titles(ofGroups, ofLobbies);
  }

  /** Players who were deleted meanwhile are left out; the others stay until the commit. */
  private void write(Transaction tx, List<Draft> drafts) {
    // In the order in which all transactions lock players and notifications.
    drafts.sort(Comparator.comparing(Draft::recipient, Players.BY_ID).thenComparing(Draft::title));
    var existing = new HashSet<PlayerId>();
    Placeholders.inParts(
        drafts.stream().map(Draft::recipient).distinct().toList(),
        part -> existing.addAll(players.lockKeys(tx, part)));
    notifications.putAll(
        tx, drafts.stream().filter(draft -> existing.contains(draft.recipient())).toList());
  }

  /** Those who are notified together: the members of a conversation, or the friend of a sender. */
  private record Audience(Kind kind, long id) {
    static final Comparator<Audience> ORDER =
        Comparator.comparing(Audience::kind).thenComparingLong(Audience::id);
  }

  /** The messages of one audience. */
  private static final class Messages {
    private final Map<PlayerId, Integer> bySender = new HashMap<>();
    private int total;

    void add(PlayerId sender) {
      total++;
      bySender.merge(sender, 1, Integer::sum);
    }

    int countFor(PlayerId member) {
      return total - bySender.getOrDefault(member, 0);
    }
  }

  /** The members of lobbies and parties, read for some at a time. */
  private final class Members {
    private static final int READ_MAX = 16;

    private final NavigableSet<Audience> audiences;
    private final Map<Audience, List<PlayerSummary>> read = new HashMap<>();

    Members(NavigableSet<Audience> audiences) {
      this.audiences = audiences;
    }

    List<PlayerSummary> of(Transaction tx, Audience audience) {
      if (!read.containsKey(audience)) {
        List<Audience> together =
            audiences.tailSet(audience, true).stream()
                .filter(one -> one.kind == audience.kind)
                .limit(READ_MAX)
                .toList();
        together.forEach(one -> read.put(one, List.of()));
        if (audience.kind == Kind.LOBBY) {
          List<LobbyId> ids = together.stream().map(one -> new LobbyId(one.id)).toList();
          players
              .findMembers(tx, ids)
              .forEach((lobby, members) -> put(Kind.LOBBY, lobby.value(), members));
        } else {
          List<PartyId> ids = together.stream().map(one -> new PartyId(one.id)).toList();
          parties
              .members(tx, ids)
              .forEach((party, members) -> put(Kind.PARTY, party.value(), members));
        }
      }
      return Objects.requireNonNull(read.get(audience));
    }

    private void put(Kind kind, long id, List<PlayerSummary> members) {
      read.put(new Audience(kind, id), members);
    }
  }

  /** The titles of groups and lobbies that are open. */
  private record Titles(Map<GroupId, String> groups, Map<LobbyId, String> lobbies) {
    boolean isOpen(Audience audience) {
      return switch (audience.kind) {
        case GROUP -> groups.containsKey(new GroupId(audience.id));
        case LOBBY -> lobbies.containsKey(new LobbyId(audience.id));
        case PARTY, DIRECT, ROOM -> true;
      };
    }
  }

  /** The last member of an audience who was notified. */
  private record Cursor(Audience audience, long after) {
    static Cursor parse(String text) {
      String[] parts = text.split("/", -1);
      return new Cursor(
          new Audience(Kind.valueOf(parts[0]), Long.parseLong(parts[1])), Long.parseLong(parts[2]));
    }

    @Override
    public String toString() {
      return audience.kind + "/" + audience.id + "/" + after;
    }
  }
}
