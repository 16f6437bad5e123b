package dev.rookery.friend;

import dev.rookery.base.FriendshipId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.friend.FriendRules.Counts;
import dev.rookery.friend.FriendRules.Requested;
import dev.rookery.friend.FriendStore.Edge;
import dev.rookery.friend.Friends.Pair;
import dev.rookery.friend.Friendship.State;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.notification.NotificationWriter.Draft;
import dev.rookery.notification.NotificationWriter.Retraction;
import dev.rookery.player.Players;
import dev.rookery.store.BatchOutcomes;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.store.IdempotentCommand;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One transaction for the friend commands that waited at the same time: both players of each are
 * locked by ascending id, each command is decided in the order of arrival, everything is written
 * with one statement of each kind, and then the events and notifications are appended.
 *
 * <p>Two players' friendship changes at most once in a batch; a second command about it is retried
 * in the next one.
 */
final class FriendBatch {
  /** Thrown by a command that has to be retried in the next batch. */
  static final Refused RETRY = new Refused(new Refusal.Unavailable("busy"));

  /** A command with its idempotency key; exactly one of request and answer is set. */
  record Task(
      PlayerId player,
      FriendCommand.@Nullable Request request,
      FriendCommand.@Nullable Answer answer,
      @Nullable IdempotentCommand idempotent) {
    static Task of(FriendCommand.Request request) {
      return new Task(
          request.player(),
          request,
          null,
          IdempotentCommand.of(request.player(), request.idempotencyKey(), "friend.request"));
    }

    static Task of(FriendCommand.Answer answer) {
      return new Task(
          answer.player(),
          null,
          answer,
          IdempotentCommand.of(answer.player(), answer.idempotencyKey(), "friend.answer"));
    }
  }

  private final Transaction tx;
  private final FriendStore store;
  private final Players players;
  private final FriendRules rules;
  private final NotificationWriter notifications;
  private final FriendshipEndListener endListener;
  private final BatchOutcomes<Task, Friendship> outcomes;

  private final Map<Task, Edge> edges = new HashMap<>();
  private final Set<PlayerId> existing = new HashSet<>();
  private final Map<Edge, Friendship> stored = new HashMap<>();
  private final Map<PlayerId, Counts> counts = new HashMap<>();

  private final Set<Edge> changed = new HashSet<>();
  private final List<FriendshipId> deleted = new ArrayList<>();
  private final List<Friendship> updated = new ArrayList<>();
  private final Map<Edge, Task> inserted = new LinkedHashMap<>();
  private final List<FriendEvent> events = new ArrayList<>();

  FriendBatch(
      Transaction tx,
      FriendStore store,
      Players players,
      FriendRules rules,
      NotificationWriter notifications,
      FriendshipEndListener endListener,
      List<Task> tasks) {
    this.tx = tx;
    this.store = store;
    this.players = players;
    this.rules = rules;
    this.notifications = notifications;
    this.endListener = endListener;
    this.outcomes = new BatchOutcomes<>(tasks, Task::idempotent, RETRY);
  }

  List<Outcome<Friendship>> carryOut() {
    outcomes.answerRepeated(tx, (answers, task) -> answers.find(task.idempotent, Friendship.class));
    findEdges();
    if (!edges.isEmpty()) {
      lockAndRead();
      List<Task> open = outcomes.open();
      outcomes.attempt(open, this::decide);
      write();
      outcomes.remember(tx, open, (_, friendship) -> friendship);
    }
    return outcomes.all(tx);
  }

  /** What happened, for both players of each. */
  List<FriendEvent> events() {
    return events;
  }

  // Read.

  private void findEdges() {
    Set<FriendshipId> ids =
        outcomes.open().stream()
            .filter(task -> task.answer != null)
            .map(task -> Objects.requireNonNull(task.answer).friendship())
            .collect(Collectors.toSet());
    Map<FriendshipId, Friendship> byId = ids.isEmpty() ? Map.of() : store.byIds(tx, ids);
    outcomes.attempt(
        outcomes.open(),
        task -> {
          if (task.request != null) {
            FriendRules.mustBeOther(task.player, task.request.target());
            edges.put(task, new Edge(task.player, task.request.target()));
          } else {
            Friendship found = byId.get(Objects.requireNonNull(task.answer).friendship());
            if (found == null || !found.involves(task.player)) {
              // Another player's friendship exists for those who may see it; the contract tells
              // the two cases apart.
              throw found == null ? Refused.missing("not_found") : Refused.denied("forbidden");
            }
            edges.put(task, Edge.of(found));
          }
        });
  }

  private void lockAndRead() {
    Set<Edge> all = new HashSet<>(edges.values());
    Placeholders.inParts(
        FriendStore.players(all), part -> existing.addAll(players.lockRows(tx, part)));
    Set<Edge> both = new HashSet<>(all);
    all.forEach(edge -> both.add(edge.reverse()));
    Placeholders.inParts(
        List.copyOf(both),
        part -> store.byEdges(tx, part).forEach(one -> stored.put(Edge.of(one), one)));
    readCounts();
  }

  /** A count reads all that it counts, so only those are made that the limits are about. */
  private void readCounts() {
    Set<Edge> joining = new HashSet<>();
    Set<PlayerId> asking = new HashSet<>();
    edges.forEach(
        (task, edge) -> {
          if (task.request == null) {
            if (Objects.requireNonNull(task.answer).action() == FriendCommand.Action.ACCEPT) {
              joining.add(edge);
            }
          } else {
            switch (FriendRules.outcome(task.player, between(edge))) {
              case Requested.Existing _ -> {}
              case Requested.Crossed _ -> joining.add(edge);
              case Requested.Fresh _ -> asking.add(task.player);
            }
          }
        });
    Placeholders.inParts(
        FriendStore.players(joining),
        part ->
            store
                .countFriends(tx, part)
                .forEach((player, friends) -> counts.put(player, new Counts(friends, 0))));
    Placeholders.inParts(
        asking.stream().sorted(Players.BY_ID).toList(),
        part ->
            store
                .countPending(tx, part)
                .forEach(
                    (player, pending) ->
                        counts.merge(
                            player,
                            new Counts(0, pending),
                            (before, more) -> before.plus(0, more.pending()))));
  }

  // Decide.

  private void decide(Task task) {
    Edge edge = Objects.requireNonNull(edges.get(task));
    if (changed.contains(edge) || changed.contains(edge.reverse())) {
      throw RETRY;
    }
    if (!existing.contains(task.player)) {
      throw Refused.missing("player_not_found");
    }
    if (task.request != null) {
      request(task, edge);
    } else {
      answer(task, edge, Objects.requireNonNull(task.answer));
    }
  }

  private void request(Task task, Edge edge) {
    if (!existing.contains(edge.target())) {
      throw Refused.missing("user_not_found");
    }
    List<Friendship> pair = between(edge);
    switch (rules.request(edge.requester(), pair, count(task.player), count(edge.target()))) {
      case Requested.Existing(var friendship) -> outcomes.done(task, friendship);
      case Requested.Crossed(var accepted) -> accept(task, accepted);
      case Requested.Fresh(var replaced) -> {
        if (replaced != null) {
          deleted.add(replaced.id());
        }
        count(edge.requester(), 0, 1);
        inserted.put(edge, task);
        changed.add(edge);
      }
    }
  }

  private List<Friendship> between(Edge edge) {
    return Stream.of(edge, edge.reverse())
        .flatMap(one -> Stream.ofNullable(stored.get(one)))
        .toList();
  }

  private void answer(Task task, Edge edge, FriendCommand.Answer answer) {
    Friendship found = stored.get(edge);
    if (found == null || !found.id().equals(answer.friendship())) {
      throw Refused.missing("not_found");
    }
    PlayerId other = found.otherThan(task.player);
    FriendEvent event =
        rules.answer(task.player, found, answer.action(), count(task.player), count(other));
    switch (event) {
      case FriendEvent.Accepted(var accepted) -> accept(task, accepted);
      case FriendEvent.Rejected _, FriendEvent.Blocked _ -> {
        if (found.state() == State.PENDING) {
          count(found.requester(), 0, -1);
        }
        if (event instanceof FriendEvent.Blocked) {
          cancelReverse(edge);
        }
        update(task, event);
      }
      case FriendEvent.Cancelled _ -> {
        count(found.requester(), 0, -1);
        delete(task, event);
      }
      case FriendEvent.Removed _ -> {
        count(found.requester(), -1, 0);
        count(found.target(), -1, 0);
        delete(task, event);
      }
      case FriendEvent.Unblocked _ -> delete(task, event);
      case FriendEvent.Requested _ -> throw new IllegalStateException("an answer requests nothing");
    }
  }

  private void accept(Task task, Friendship accepted) {
    // A rejected request in the other direction has no meaning beside the friendship: the friend
    // could be blocked by it.
    Friendship reverse = stored.get(Edge.of(accepted).reverse());
    if (reverse != null) {
      deleted.add(reverse.id());
    }
    count(accepted.requester(), 1, -1);
    count(accepted.target(), 1, 0);
    update(task, new FriendEvent.Accepted(accepted));
  }

  /** A player who blocks another withdraws the request to them. */
  private void cancelReverse(Edge edge) {
    Friendship reverse = stored.get(edge.reverse());
    if (reverse != null && reverse.state() == State.PENDING) {
      count(reverse.requester(), 0, -1);
      deleted.add(reverse.id());
      events.add(new FriendEvent.Cancelled(reverse));
    }
  }

  private void update(Task task, FriendEvent event) {
    updated.add(event.friendship());
    note(task, event);
  }

  private void delete(Task task, FriendEvent event) {
    deleted.add(event.friendship().id());
    note(task, event);
  }

  private void note(Task task, FriendEvent event) {
    changed.add(Edge.of(event.friendship()));
    events.add(event);
    outcomes.done(task, event.friendship());
  }

  private Counts count(PlayerId player) {
    return counts.getOrDefault(player, Counts.NONE);
  }

  private void count(PlayerId player, long friends, long pending) {
    counts.computeIfPresent(player, (_, before) -> before.plus(friends, pending));
  }

  // Write.

  private void write() {
    Placeholders.inParts(deleted, part -> store.delete(tx, part));
    endFriendships();
    Placeholders.inParts(updated, part -> store.update(tx, part));
    Placeholders.inParts(List.copyOf(inserted.keySet()), this::insert);
    var told = new ArrayList<Draft>();
    var retracted = new ArrayList<Retraction>();
    events.forEach(event -> tell(event, told, retracted));
    notifications.retractAll(tx, retracted);
    notifications.putAll(tx, told);
  }

  private void endFriendships() {
    List<Pair> ended =
        events.stream()
            .filter(event -> event instanceof FriendEvent.Removed)
            .map(FriendEvent::friendship)
            .map(one -> Pair.of(one.requester(), one.target()))
            .toList();
    if (!ended.isEmpty()) {
      endListener.onEnded(tx, ended);
    }
  }

  private void insert(List<Edge> part) {
    for (Friendship fresh : store.insert(tx, part)) {
      Task task = Objects.requireNonNull(inserted.get(Edge.of(fresh)));
      events.add(new FriendEvent.Requested(fresh));
      outcomes.done(task, fresh);
    }
  }

  /** The events of both players, and the notification of one (contract, section 12.5). */
  private void tell(FriendEvent event, List<Draft> told, List<Retraction> retracted) {
    Friendship friendship = event.friendship();
    tx.append(Topic.player(friendship.target()), event);
    tx.append(Topic.player(friendship.requester()), event);
    switch (event) {
      case FriendEvent.Requested _ -> told.add(FriendNotification.REQUESTED.of(friendship));
      case FriendEvent.Accepted _ -> told.add(FriendNotification.ACCEPTED.of(friendship));
      case FriendEvent.Rejected _ -> {
        retracted.add(FriendNotification.retraction(friendship));
        told.add(FriendNotification.DECLINED.of(friendship));
      }
      case FriendEvent.Cancelled _ -> retracted.add(FriendNotification.retraction(friendship));
      case FriendEvent.Removed _, FriendEvent.Blocked _, FriendEvent.Unblocked _ -> {}
    }
  }
}
