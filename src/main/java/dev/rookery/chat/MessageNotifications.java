package dev.rookery.chat;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Event;
import dev.rookery.base.GroupId;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.chat.Conversation.Kind;
import dev.rookery.chat.PostponedMessageStore.Postponed;
import dev.rookery.chat.PostponedMessageStore.Remaining;
import dev.rookery.consumer.EventConsumer;
import dev.rookery.consumer.Progress;
import dev.rookery.group.Groups;
import dev.rookery.lease.ClusterScheduler;
import dev.rookery.lease.ClusterSingleton;
import dev.rookery.lease.Leases;
import dev.rookery.lobby.Lobbies;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.notification.PersonalMute.Subject;
import dev.rookery.notification.PersonalMutes;
import dev.rookery.party.Parties;
import dev.rookery.player.PlayerSummary;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Transaction;
import io.micrometer.core.instrument.Gauge;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Notifies all members of a conversation but the author of each message (Gamend HTTP contract,
 * appendix B). Messages that a member has muted do not count for that member. A player has one
 * notification for each group, lobby and party, and one for all friends together, which counts the
 * messages.
 *
 * <p>An audience is notified of the first message at once, and then at most once in an interval
 * that grows with it (see {@link NotificationThrottle}): of everything that has come since,
 * together. So a message in a large group costs a row, not one for each member. What waits is
 * stored in the transaction that moves the consumer's position, and removed in the one that
 * notifies, so each message is counted exactly once, whichever node dies.
 *
 * <p>One transaction writes at most {@value #RECIPIENTS_MAX} notifications. A larger audience is
 * handled in several, all of them by the job that notifies of what waited.
 */
public final class MessageNotifications implements EventConsumer {
  static final int RECIPIENTS_MAX = 500;
  private static final String HAS_MUTES = PersonalMutes.existsFor("player.id");
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final Duration RETRY_EVERY = Duration.ofSeconds(1);

  private final PostponedMessageStore postponed = new PostponedMessageStore();
  private final NotificationThrottle throttle = new NotificationThrottle();
  private final PersonalMutes mutes = new PersonalMutes();
  private final Players players;
  private final Groups groups;
  private final Parties parties;
  private final Lobbies lobbies;
  private final NotificationWriter notifications;
  private final InstantSource clock;

  /** When the oldest messages that are late were due, in milliseconds; 0 if none are late. */
  private volatile long lateSinceMs;

  public MessageNotifications(
      Players players,
      Groups groups,
      Parties parties,
      Lobbies lobbies,
      NotificationWriter notifications,
      InstantSource clock) {
    this.players = players;
    this.groups = groups;
    this.parties = parties;
    this.lobbies = lobbies;
    this.notifications = notifications;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "message_notifications";
  }

  @Override
  public List<Class<? extends Event>> events() {
    return List.of(ChatEvent.Sent.class);
  }

  /** Notifies of what has waited long enough, here or on another node. */
  public void schedule(ClusterScheduler scheduler, Database database) {
    ClusterSingleton job =
        scheduler.schedulePaced(
            "postponed messages",
            RETRY_EVERY,
            lease ->
                notifyOfDue(database, tx -> Leases.fence(tx, lease)) ? Duration.ZERO : LOOK_EVERY);
    Gauge.builder("rookery.notifications.late", () -> job.isOwned() ? lateMs() / 1_000.0 : 0)
        .description("Age of the oldest postponed messages that are due, on the node that notifies")
        .baseUnit("seconds")
        .register(database.registry());
  }

  @Override
  public Progress consume(Transaction tx, List<CommittedEvent> events, String part) {
    NavigableMap<Audience, MessageCounts> all = messages(events);
    long now = tx.now().toEpochMilli();
    var waiting = new ArrayList<Postponed>();
    var drafts = new ArrayList<MessageDraft>();
    if (part.isEmpty()) {
      notifyOrPostpone(tx, all, now, drafts, waiting);
    } else {
      // An earlier version has notified some of them, and stored where it was.
      Cursor from = Cursor.parse(part);
      all.tailMap(from.audience, true)
          .forEach(
              (audience, messages) -> {
                long after = audience.equals(from.audience) ? from.after : 0;
                waiting.add(new Postponed(new Remaining(audience, after), messages, now));
              });
    }
    postponed.add(tx, waiting);
    write(tx, drafts);
    return Progress.complete(events.size());
  }

  private void notifyOrPostpone(
      Transaction tx,
      NavigableMap<Audience, MessageCounts> all,
      long now,
      List<MessageDraft> drafts,
      List<Postponed> waiting) {
    var free = new TreeMap<Audience, MessageCounts>(Audience.ORDER);
    all.forEach(
        (audience, messages) -> {
          long due = throttle.dueMs(audience, now);
          if (due > now) {
            waiting.add(new Postponed(new Remaining(audience, 0), messages, due));
          } else {
            free.put(audience, messages);
          }
        });
    var titles = AudienceTitles.read(tx, groups, lobbies, free.keySet());
    var small = new Members(free.navigableKeySet());
    free.forEach(
        (audience, messages) -> {
          if (!titles.isOpen(audience)) {
            return;
          }
          List<PlayerId> members = members(tx, audience, 0, RECIPIENTS_MAX, small);
          throttle.notified(audience, now, NotificationThrottle.interval(members.size()));
          if (drafts.size() + members.size() < RECIPIENTS_MAX) {
            add(drafts, audience, titles, members, messages);
          } else {
            waiting.add(new Postponed(new Remaining(audience, 0), messages, now));
          }
        });
  }

  /**
   * Notifies some players of messages that have waited long enough, in one transaction.
   *
   * <p>Where messages keep coming there is always somebody whose interval has just ended, so the
   * next ones wait until several are due, unless more are due than one transaction is about.
   *
   * @param fence ends the transaction if another node does this work
   * @return whether more was due
   */
  boolean notifyOfDue(Database database, Consumer<Transaction> fence) {
    SequencedMap<Remaining, Long> due = postponed.due(database, clock.millis());
    if (due.isEmpty()) {
      lateSinceMs = 0;
      return false;
    }
    lateSinceMs = due.firstEntry().getValue();
    boolean complete =
        database.write(
            tx -> {
              fence.accept(tx);
              return notifyOf(tx, postponed.take(tx, due));
            });
    boolean more = !complete || due.size() == Placeholders.MANY_MAX;
    lateSinceMs = more ? lateSinceMs : 0;
    return more;
  }

  /** For how long the oldest messages that are due have waited beyond that. */
  long lateMs() {
    long since = lateSinceMs;
    return since == 0 ? 0 : Math.max(0, clock.millis() - since);
  }

  /** Returns whether everybody is notified; the rest waits again. */
  private boolean notifyOf(Transaction tx, List<Postponed> taken) {
    var audiences = new TreeSet<Audience>(Audience.ORDER);
    taken.forEach(one -> audiences.add(one.to().audience()));
    var titles = AudienceTitles.read(tx, groups, lobbies, audiences);
    var small = new Members(audiences);
    var drafts = new ArrayList<MessageDraft>();
    var rest = new ArrayList<Postponed>();
    for (Postponed one : taken) {
      Audience audience = one.to().audience();
      if (!titles.isOpen(audience)) {
        continue;
      }
      int room = RECIPIENTS_MAX - drafts.size();
      if (room == 0) {
        rest.add(one);
        continue;
      }
      List<PlayerId> members = members(tx, audience, one.to().after(), room, small);
      add(drafts, audience, titles, members, one.messages());
      if (members.size() == room) {
        var remaining = new Remaining(audience, members.getLast().value());
        rest.add(new Postponed(remaining, one.messages(), one.dueMs()));
      }
    }
    postponed.add(tx, rest);
    write(tx, drafts);
    return rest.isEmpty();
  }

  private static void add(
      List<MessageDraft> drafts,
      Audience audience,
      AudienceTitles titles,
      List<PlayerId> members,
      MessageCounts messages) {
    for (PlayerId member : members) {
      int count = messages.countFor(member);
      if (count > 0) {
        drafts.add(new MessageDraft(audience, messages, titles.draft(audience, member, count)));
      }
    }
  }

  private static NavigableMap<Audience, MessageCounts> messages(List<CommittedEvent> events) {
    var all = new TreeMap<Audience, MessageCounts>(Audience.ORDER);
    for (CommittedEvent committed : events) {
      if (committed.event() instanceof ChatEvent.Sent(var message)) {
        Audience audience = audience(committed.stream(), message);
        if (audience != null) {
          all.computeIfAbsent(audience, _ -> new MessageCounts()).add(message.sender(), 1);
        }
      }
    }
    return all;
  }

  /** Null for a message in a room, which has no members, and for the copy of its sender. */
  private static @Nullable Audience audience(String stream, ChatMessage message) {
    PlayerId recipient = message.recipient();
    if (recipient != null) {
      return stream.equals(Topic.player(recipient))
          ? new Audience(Kind.DIRECT, recipient.value())
          : null;
    }
    var conversation = message.conversation();
    return conversation.kind() == Kind.ROOM
        ? null
        : new Audience(conversation.kind(), conversation.id());
  }

  /** Members after one, by ascending id; fewer than {@code max} only at the end. */
  private List<PlayerId> members(
      Transaction tx, Audience audience, long after, int max, Members small) {
    long id = audience.id();
    return switch (audience.kind()) {
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

  /**
   * Players who were deleted meanwhile are left out; the others stay until the commit. What players
   * have muted is read if any of them has muted anything.
   */
  private void write(Transaction tx, List<MessageDraft> drafts) {
    // In the order in which all transactions lock players and notifications.
    drafts.sort(MessageDraft.ORDER);
    var existing = new HashMap<PlayerId, Boolean>();
    Placeholders.inParts(
        drafts.stream().map(MessageDraft::recipient).distinct().toList(),
        part -> existing.putAll(players.lockKeysWith(tx, part, HAS_MUTES)));
    var muted = new HashMap<PlayerId, Set<Subject>>();
    Placeholders.inParts(
        existing.entrySet().stream().filter(Map.Entry::getValue).map(Map.Entry::getKey).toList(),
        part -> muted.putAll(mutes.among(tx, part)));
    notifications.putAll(
        tx,
        drafts.stream()
            .filter(one -> existing.containsKey(one.recipient()))
            .flatMap(one -> one.without(muted.getOrDefault(one.recipient(), Set.of())).stream())
            .toList());
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
                .filter(one -> one.kind() == audience.kind())
                .limit(READ_MAX)
                .toList();
        together.forEach(one -> read.put(one, List.of()));
        if (audience.kind() == Kind.LOBBY) {
          List<LobbyId> ids = together.stream().map(one -> new LobbyId(one.id())).toList();
          players
              .findMembers(tx, ids)
              .forEach((lobby, members) -> put(Kind.LOBBY, lobby.value(), members));
        } else {
          List<PartyId> ids = together.stream().map(one -> new PartyId(one.id())).toList();
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

  /** The last member of an audience who was notified, as an earlier version stored it. */
  private record Cursor(Audience audience, long after) {
    static Cursor parse(String text) {
      String[] parts = text.split("/", -1);
      return new Cursor(
          new Audience(Kind.valueOf(parts[0]), Long.parseLong(parts[1])), Long.parseLong(parts[2]));
    }
  }
}
